import Console
import Diagnostics
import PointSource
import Settings

/// A point of a campaign that lists sources, gammas or energy ranges, as cells of a table and members of an object.
public struct PointDescription: Sendable {
    /// The point's position in the list, from 0; nil for a campaign without lists.
    public let number: Int?
    /// The source's name, empty if it has none; "catalogue of 12 sources" for a search of a list.
    public let name: String
    /// Degrees; NaN for a list.
    public let rightAscension: Double
    /// Degrees; NaN for a list.
    public let declination: Double
    /// Spectral index of the injected signal; NaN for another spectrum than a power law.
    public let gamma: Double
    /// The injected spectrum: "gamma 2".
    let spectrum: String
    /// The true energies of the injected signal, in GeV; nil for all.
    public let energyRange: AnalysisSettings.EnergyRange?
    /// The requested range, if the smearing matrix widens it; else nil.
    let askedRange: AnalysisSettings.EnergyRange?

    /// - Parameters:
    ///   - number: the point's position in the list, nil for a campaign without lists.
    ///   - widened: the configuration's energy range after widening by the smearing matrix; nil if it is not widened or
    ///     not known.
    public init(_ number: Int?, _ configuration: Configuration, widened: AnalysisSettings.EnergyRange? = nil) {
        self.number = number
        let list = configuration.listTitle
        name = list ?? configuration.source.name
        rightAscension = list == nil ? configuration.rightAscensionDegrees : .nan
        declination = list == nil ? configuration.declinationDegrees : .nan
        let spectrum = configuration.settings.spectrum
        (gamma, self.spectrum) = (spectrum.isPowerLaw ? spectrum.gamma : .nan, spectrum.text)
        energyRange = widened ?? configuration.settings.injectionRange
        askedRange = widened == nil ? nil : configuration.settings.injectionRange
    }

    /// Angles in degrees, energies in GeV; null if undefined.
    public var members: [JSONValue.Member] {
        [
            .init("point", number.map { .integer($0) } ?? .null), .init("name", .string(name)),
            .init("ra", .number(rightAscension)), .init("dec", .number(declination)), .init("gamma", .number(gamma)),
        ] + Campaign.energyMembers(energyRange, asked: askedRange)
    }
}

extension PointDescription {
    /// Properties in which points may differ; the raw value is the key in an object.
    public enum Axis: String, Sendable, CaseIterable {
        case name
        case declination = "dec"
        case gamma
        case energies = "energy_range"

        fileprivate var column: Table.Column {
            switch self {
            case .name: .name("source")
            case .declination: .number("dec", unit: "deg")
            case .gamma: .number("gamma")
            case .energies: .number("true energies")
            }
        }
    }

    private func cell(_ axis: Axis) -> String {
        switch axis {
        case .name: name.isEmpty ? "-" : name
        case .declination: declination.isNaN ? "-" : NumberFormat.plain(declination)
        case .gamma: gamma.isNaN ? "-" : NumberFormat.plain(gamma)
        case .energies: energyRange.map(NumberFormat.energies) ?? "all"
        }
    }

    /// The axes along which any two of the points differ.
    public static func axes(of points: [PointDescription]) -> Set<Axis> {
        Set(Axis.allCases.filter { axis in points.contains { $0.cell(axis) != points[0].cell(axis) } })
    }

    /// The columns for ``cells(of:)``.
    public static func columns(of axes: Set<Axis>) -> [Table.Column] {
        Axis.allCases.filter(axes.contains).map(\.column)
    }

    /// The point's coordinates on some axes.
    public func cells(of axes: Set<Axis>) -> [String] { Axis.allCases.filter(axes.contains).map(cell) }

    /// The columns for ``cells``.
    public static let columns = [.number("point")] + columns(of: [.declination, .gamma, .energies])

    /// The point's number and coordinates.
    public var cells: [String] { [number.map(String.init) ?? "-"] + cells(of: [.declination, .gamma, .energies]) }

    /// "NGC 1068, dec -0.01°, gamma 2, true energies 100–316 GeV"
    public var title: String { title(leavingOut: []) }

    /// The title without the properties that differ between points.
    public func title(leavingOut axes: Set<Axis>) -> String {
        let parts: [(Axis, String)] = [
            (.name, name), (.declination, declination.isNaN ? "" : "dec \(cell(.declination))°"),
            (.gamma, gamma.isNaN ? spectrum : "gamma \(cell(.gamma))"),
            (
                .energies,
                (energyRange == nil ? "all true energies" : "true energies \(cell(.energies))")
                    + (askedRange.map { " (requested: \(NumberFormat.energies($0)))" } ?? "")
            ),
        ]
        return parts.filter { !axes.contains($0.0) && !$0.1.isEmpty }.map(\.1).joined(separator: ", ").withoutControls
    }
}
