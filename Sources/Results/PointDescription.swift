import Console
import Diagnostics
import PointSource
import Settings

/// A point of a campaign that lists sources, gammas or energy ranges, as cells of a table and members of an object.
public struct PointDescription: Sendable {
    /// Its place in the list, from 0; nil if it is a campaign by itself.
    public let number: Int?
    /// The source's name, empty if it has none.
    public let name: String
    /// Degrees.
    public let rightAscension: Double
    /// Degrees.
    public let declination: Double
    /// Spectral index of the injected signal.
    public let gamma: Double
    /// The true energies that signal comes from, in GeV; nil for all.
    public let energyRange: AnalysisSettings.EnergyRange?
    /// Those that were asked for, where the smearing matrix widens them; else nil.
    let askedRange: AnalysisSettings.EnergyRange?

    /// - Parameters:
    ///   - number: the point's place in the list, nil for a campaign by itself.
    ///   - widened: what the smearing matrix makes of the configuration's energy range; nil if nothing else, or if it is
    ///     not known.
    public init(_ number: Int?, _ configuration: Configuration, widened: AnalysisSettings.EnergyRange? = nil) {
        self.number = number
        name = configuration.source.name
        rightAscension = configuration.rightAscensionDegrees
        declination = configuration.declinationDegrees
        gamma = configuration.settings.spectrum.gamma
        energyRange = widened ?? configuration.settings.injectionRange
        askedRange = widened == nil ? nil : configuration.settings.injectionRange
    }

    /// Angles in degrees, energies in GeV; null for what there is not.
    public var members: [JSONValue.Member] {
        [
            .init("point", number.map { .integer($0) } ?? .null), .init("name", .string(name)),
            .init("ra", .number(rightAscension)), .init("dec", .number(declination)), .init("gamma", .number(gamma)),
        ] + Campaign.energyMembers(energyRange, asked: askedRange)
    }
}

extension PointDescription {
    /// In what points may differ; the raw value is the key in an object.
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
        case .declination: NumberFormat.plain(declination)
        case .gamma: NumberFormat.plain(gamma)
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

    /// The point's place on some axes.
    public func cells(of axes: Set<Axis>) -> [String] { Axis.allCases.filter(axes.contains).map(cell) }

    /// The columns for ``cells``.
    public static let columns = [.number("point")] + columns(of: [.declination, .gamma, .energies])

    /// The point's number and its place.
    public var cells: [String] { [number.map(String.init) ?? "-"] + cells(of: [.declination, .gamma, .energies]) }

    /// "NGC 1068, dec -0.01°, gamma 2, true energies 100–316 GeV"
    public var title: String { title(leavingOut: []) }

    /// The title without what differs between points.
    public func title(leavingOut axes: Set<Axis>) -> String {
        let parts: [(Axis, String)] = [
            (.name, name), (.declination, "dec \(cell(.declination))°"), (.gamma, "gamma \(cell(.gamma))"),
            (
                .energies,
                (energyRange == nil ? "all true energies" : "true energies \(cell(.energies))")
                    + (askedRange.map { " (asked for: \(NumberFormat.energies($0)))" } ?? "")
            ),
        ]
        return parts.filter { !axes.contains($0.0) && !$0.1.isEmpty }.map(\.1).joined(separator: ", ").withoutControls
    }
}
