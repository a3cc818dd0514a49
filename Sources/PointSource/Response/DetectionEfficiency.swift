import Numerics

/// The efficiency of detecting a neutrino from the source's declination in a range of true energies, relative to the
/// whole range (d_i of docs/model.md, section 4): the integral of the effective area per GeV, a piecewise linear
/// function of the energy.
struct DetectionEfficiency {
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
        // The bin that contains the range's upper end is excluded, as in SkyLLH; at or above the table's end all bins
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

    /// The efficiency in a range of lg(E/GeV), relative to the whole range.
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
