import Console
import Diagnostics

/// Sensitivity or discovery potential as a function of declination, spectral index or true energy: the output of
/// `trialmerge curve --json`.
public struct CurveFile: Sendable, Equatable, CampaignResult {
    /// The quantity of a table: "sensitivity".
    public struct Quantity: Sendable, Equatable, Decodable {
        public let title: String
        /// The fraction of signal trials above the threshold.
        public let power: Double
    }

    /// A campaign, which is one point of the curve.
    public struct Point: Sendable, Equatable, Decodable {
        public let name: String
        /// In degrees.
        public let declination: Double
        private let index: Double?
        /// The spectral index; NaN for another spectrum than a power law.
        public var gamma: Double { index ?? .nan }
        /// The true energies of the injected signal, in GeV; nil for all.
        public let energyRange: [Double]?
        /// The energy of E² Φ, in GeV.
        public let quotedEnergy: Double
        public let fingerprint: String?
        /// The requested range, if the smearing matrix widens it; else nil.
        public let askedRange: [Double]?
        /// In the order of the quantities.
        public let results: [Number]

        private enum CodingKeys: String, CodingKey {
            case name, results, fingerprint
            case index = "gamma"
            case askedRange = "energy_range_asked"
            case declination = "dec"
            case energyRange = "energy_range"
            case quotedEnergy = "e2_energy"
        }
    }

    /// A flux with its interval; nil if the trials do not determine it.
    public struct Number: Sendable, Equatable, Decodable {
        /// Φ₀ at E0, in GeV⁻¹ cm⁻² s⁻¹.
        public let flux: Double?
        public let fluxLow: Double?
        public let fluxHigh: Double?
        /// E² Φ at the point's energy, in TeV cm⁻² s⁻¹.
        public let energyFlux: Double?
        public let energyFluxLow: Double?
        public let energyFluxHigh: Double?

        private enum CodingKeys: String, CodingKey {
            case flux = "flux_norm"
            case fluxLow = "flux_low"
            case fluxHigh = "flux_high"
            case energyFlux = "e2_flux"
            case energyFluxLow = "e2_flux_low"
            case energyFluxHigh = "e2_flux_high"
        }
    }

    /// GeV.
    public let referenceEnergy: Double
    /// The properties in which points differ: any of `name`, `dec`, `gamma`, `energy_range`.
    public let axes: [String]
    public let quantities: [Quantity]
    public let points: [Point]

    /// The probability content of the intervals; nil in results of older versions, where it is 68.27 %.
    public let confidence: Double?
    /// Warnings about the numbers; nil in results of older versions.
    public let warnings: [String]?
    /// The campaign of the first point.
    public let campaign: String?
    public var fingerprint: String? { points.first?.fingerprint }

    private enum CodingKeys: String, CodingKey {
        case axes, quantities, points, confidence, warnings, campaign
        case referenceEnergy = "e0"
    }

    public static let command = "trialmerge curve --json"

    public func check() throws(Fault) {
        func fault(_ problem: String) -> Fault {
            Fault(.badData, problem, remedy: "give the output of \(Self.command), unchanged")
        }
        guard !points.isEmpty, !quantities.isEmpty else { throw fault("has no points") }
        for (index, point) in points.enumerated() {
            guard point.results.count == quantities.count, point.energyRange.map({ $0.count == 2 }) ?? true else {
                throw fault("point \(index) lacks a result for a quantity, or its energy range does not have two ends")
            }
        }
    }
}

extension CurveFile {
    /// The horizontal axis of a curve's figure.
    public enum Axis: String, CaseIterable {
        case declination = "dec"
        case gamma
        case energy = "energy_range"
    }

    /// The axes in which the points differ and that can be drawn.
    public var drawnAxes: [Axis] { Axis.allCases.filter { axes.contains($0.rawValue) } }

    /// Points that differ only in one axis, with their common properties as text.
    public func series(along axis: Axis) -> [(label: String, points: [Point])] {
        var series: [(label: String, points: [Point])] = []
        for point in points {
            let label = label(of: point, leavingOut: axis)
            if let index = series.firstIndex(where: { $0.label == label }) {
                series[index].points.append(point)
            } else {
                series.append((label, [point]))
            }
        }
        return series
    }

    private func label(of point: Point, leavingOut axis: Axis) -> String {
        var parts: [String] = []
        if axis != .declination, axes.contains(Axis.declination.rawValue) {
            parts.append("δ = \(NumberFormat.plain(point.declination))°")
        }
        if axis != .gamma, axes.contains(Axis.gamma.rawValue) {
            parts.append("γ = \(NumberFormat.plain(point.gamma))")
        }
        if axis != .energy, axes.contains(Axis.energy.rawValue) { parts.append(point.energies) }
        return parts.joined(separator: ", ").replacing("-", with: "−")
    }
}

extension CurveFile.Point {
    /// "100 to 316 GeV", or "all energies".
    public var energies: String {
        guard let energyRange, energyRange.count == 2 else { return "all energies" }
        func text(_ range: [Double]) -> String {
            range.map { NumberFormat.significant($0, 3) }.joined(separator: " to ") + " GeV"
        }
        return text(energyRange) + (askedRange.map { " (requested: \(text($0)))" } ?? "")
    }
}
