import Diagnostics
import Numerics

/// The distribution of the true energies of detected signal, as a piecewise linear cumulative distribution in lg E
/// (docs/model.md, section 7).
struct TrueEnergyDistribution: Sendable {
    let cumulative: [Double]
    let log10Energies: [Double]

    init(cumulative: [Double], log10Energies: [Double]) {
        self.cumulative = cumulative
        self.log10Energies = log10Energies
    }

    /// - Parameter range: the energies to draw from, in lg(E/GeV): the smearing matrix's valid range, cut to the
    ///   injection range.
    /// - Throws: `Fault` (bad data) if nothing is detected in the range.
    init(area: SourceEffectiveArea, spectrum: EnergySpectrum, range: ClosedRange<Double>) throws {
        let edges = area.log10EnergyEdges
        let bounded = max(edges[0], range.lowerBound)..<min(edges[edges.count - 1], range.upperBound)
        let bins = area.values.indices.filter { bounded.contains(0.5 * (edges[$0] + edges[$0 + 1])) }
        guard let first = bins.first, let last = bins.last else { throw area.nothing(in: range) }
        let whole = edges[first]...edges[last + 1]
        let detection = try DetectionEfficiency(area: area, range: whole)
        let flux = spectrum.integral(fromLog10Energy: whole.lowerBound, toLog10Energy: whole.upperBound)
        let products = bins.map { bin in
            spectrum.integral(fromLog10Energy: edges[bin], toLog10Energy: edges[bin + 1]) / flux
                * detection.value(fromLog10Energy: edges[bin], toLog10Energy: edges[bin + 1])
        }
        let total = products.reduce(0, +)
        guard let smallest = products.filter({ $0 > 0 }).min() else { throw area.nothing(in: range) }
        // A bin of probability zero would make the inverse ambiguous: it gets a tiny probability instead.
        let probabilities = products.map { ($0 > 0 ? $0 : smallest / 1000) / total }
        let kept = probabilities.indices.filter { probabilities[$0] > 1e-15 }
        let sum = kept.reduce(0) { $0 + probabilities[$1] }
        var running = 0.0
        var cumulative = [0.0]
        var log10Energies = [edges[first]]
        for i in kept {
            running += probabilities[i] / sum
            cumulative.append(running)
            log10Energies.append(0.5 * (edges[bins[i]] + edges[bins[i] + 1]))
        }
        self.cumulative = cumulative
        self.log10Energies = log10Energies
    }

    /// The probability of an energy below a given lg(E/GeV): the inverse of ``log10Energy(at:)``.
    func probability(below log10Energy: Double) -> Double {
        let above = prefixCount(log10Energies.count) { log10Energies[$0] <= log10Energy }
        guard above > 0 else { return 0 }
        guard above < log10Energies.count else { return 1 }
        let fraction = (log10Energy - log10Energies[above - 1]) / (log10Energies[above] - log10Energies[above - 1])
        return cumulative[above - 1] + fraction * (cumulative[above] - cumulative[above - 1])
    }

    /// lg(E/GeV) at which the cumulative distribution reaches a probability in [0, 1].
    func log10Energy(at probability: Double) -> Double {
        var (low, high) = (0, cumulative.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if cumulative[middle] <= probability { low = middle } else { high = middle }
        }
        let fraction = (probability - cumulative[low]) / (cumulative[high] - cumulative[low])
        return log10Energies[low] + min(1, fraction) * (log10Energies[high] - log10Energies[low])
    }
}
