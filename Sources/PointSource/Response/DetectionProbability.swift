import Diagnostics
import IceTracks
import Numerics

/// How likely a neutrino from the source's declination is detected in each of a list of energy ranges, relative to a
/// whole range (d_i of docs/model.md, section 4): the effective area per GeV as a piecewise linear function of the
/// energy, integrated.
struct DetectionProbability {
    /// Abscissae in GeV and area per GeV: the first edge, the bin centres, the last edge.
    private let energies: [Double]
    private let densities: [Double]
    private let norm: Double

    /// - Parameters:
    ///   - area: rows of effective area at the source's declination.
    ///   - range: the whole range in lg(E/GeV), ascending.
    /// - Throws: `Fault` (bad data) if no area lies in the range.
    init(area: SourceEffectiveArea, range: ClosedRange<Double>) throws {
        let edges = area.log10EnergyEdges
        let binning = Binning(edges: edges)
        let first = range.lowerBound <= edges[0] ? 0 : binning.index(of: range.lowerBound) ?? edges.count
        // The bin that holds the range's upper end is left out, as SkyLLH does; at or above the table's end all bins
        // count.
        let end =
            range.upperBound >= edges[edges.count - 1] ? edges.count - 1 : binning.index(of: range.upperBound) ?? 0
        guard first < end else { throw area.nothing(in: range) }
        let bounds = edges[first...end].map { Portable.exp10($0) }
        let values = (first..<end).map { area.values[$0] / (bounds[$0 - first + 1] - bounds[$0 - first]) }
        energies = [bounds[0]] + zip(bounds, bounds.dropFirst()).map { 0.5 * ($0 + $1) } + [bounds[bounds.count - 1]]
        densities = [values[0]] + values + [values[values.count - 1]]
        norm = Self.integral(energies, densities, Portable.exp10(range.lowerBound), Portable.exp10(range.upperBound))
        guard norm > 0 else { throw area.nothing(in: range) }
    }

    /// The probability of a range of lg(E/GeV).
    func value(fromLog10Energy lower: Double, toLog10Energy upper: Double) -> Double {
        Self.integral(energies, densities, Portable.exp10(lower), Portable.exp10(upper)) / norm
    }

    /// The integral of a piecewise linear function that is 0 outside its abscissae.
    private static func integral(_ x: [Double], _ y: [Double], _ lower: Double, _ upper: Double) -> Double {
        var sum = 0.0
        for i in 0..<(x.count - 1) {
            let (a, b) = (max(lower, x[i]), min(upper, x[i + 1]))
            if a >= b { continue }
            let slope = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
            let middle = y[i] + slope * (0.5 * (a + b) - x[i])
            sum += middle * (b - a)
        }
        return sum
    }
}

/// The effective area in the declination bin that holds the source, without the energies at which the whole table is
/// zero.
struct SourceEffectiveArea {
    let dataset: String
    let log10EnergyEdges: [Double]
    /// cm², one value an energy bin.
    let values: [Double]

    /// - Throws: `Fault` (bad data) for a source outside the table or a table that is zero everywhere.
    init(dataset: Dataset, declination: Double) throws {
        let area = dataset.effectiveArea
        self.dataset = dataset.name
        guard let row = Binning(edges: area.declinationEdges).index(of: declination) else {
            throw Fault(
                .badData, at: .field(dataset.name),
                "the effective area does not cover the declination \(declination * 180 / Double.pi) degrees",
                remedy: "choose a source inside the table's declinations")
        }
        let kept = (0..<area.energyBinCount).filter { bin in
            (0..<area.declinationBinCount).contains { area[declination: $0, energy: bin] > 0 }
        }
        guard let last = kept.last else {
            throw Fault(
                .badData, at: .field(dataset.name), "the effective area is zero everywhere",
                remedy: "check the release")
        }
        values = kept.map { area[declination: row, energy: $0] }
        log10EnergyEdges = kept.map { area.log10EnergyEdges[$0] } + [area.log10EnergyEdges[last + 1]]
    }

    func nothing(in range: ClosedRange<Double>) -> Fault {
        Fault(
            .badData, at: .field(dataset),
            "no effective area at the source between lg(E/GeV) = \(range.lowerBound) and \(range.upperBound)",
            remedy: "choose another energy range or another source")
    }
}
