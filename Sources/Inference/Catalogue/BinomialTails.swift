import Foundation

/// The population test of a catalogue of N sources: the smallest probability, over k = 1 … N, that k or more of N
/// independent sources have a local p-value as small as the k-th smallest one.
///
/// Reference: M. G. Aartsen et al. (IceCube), Phys. Rev. Lett. 124 (2020) 051103, section "Source catalog search".
struct BinomialTails: Sendable {
    /// The number of sources, N.
    let sources: Int
    /// ln C(N, k) for k = 0 … N.
    private let logChoices: [Double]

    init(sources: Int) {
        self.sources = sources
        let logFactorials = (0...sources).reduce(into: [Double]()) { logs, n in
            logs.append(n == 0 ? 0 : logs[n - 1] + log(Double(n)))
        }
        logChoices = (0...sources).map { logFactorials[sources] - logFactorials[$0] - logFactorials[sources - $0] }
    }

    /// The smallest probability.
    ///
    /// - Parameters:
    ///   - ranks: of the N sources, ascending; the local p-value is rank/size.
    ///   - size: the largest rank, at which p = 1.
    /// - Returns: also its k, the first of equals.
    func smallest(_ ranks: UnsafeBufferPointer<UInt32>, of size: Int) -> (k: Int, probability: Double) {
        smallest { Double(ranks[$0]) / Double(size) }
    }

    /// The same for local p-values of the N sources, ascending.
    func smallest(_ pValues: [Double]) -> (k: Int, probability: Double) { smallest { pValues[$0] } }

    /// - Parameter pValue: the local p-values, ascending.
    @inline(__always)
    private func smallest(_ pValue: (Int) -> Double) -> (k: Int, probability: Double) {
        var (best, bestLog, bestK) = (1.0, 0.0, 1)
        for k in 1...sources {
            let p = pValue(k - 1)
            if p >= 1 { break }
            // Only weighted trials have local p-values of 0, where no trial reaches the observed TS.
            if p == 0 { return (k, 0) }
            let isAboveMean = Double(k) > Double(sources) * p
            // No median of a binomial distribution is smaller than its mean rounded down.
            if !isAboveMean && best <= 0.5 { continue }
            let logTerm = logChoices[k] + Double(k) * log(p) + Double(sources - k) * log1p(-p)
            // The first term alone is too large.
            if logTerm >= bestLog { continue }
            let probability =
                isAboveMean
                ? exp(logTerm) * sum(from: k, odds: p / (1 - p))
                : BinomialProportion.probability(atLeast: k, of: sources, p: p)
            if probability < best { (best, bestLog, bestK) = (probability, log(probability), k) }
        }
        return (bestK, best)
    }

    /// Σ over j ≥ k of the binomial terms, divided by the first one, for k above the mean: the terms decrease.
    private func sum(from k: Int, odds: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for j in k..<sources {
            term *= Double(sources - j) / Double(j + 1) * odds
            sum += term
            if term < 1e-17 * sum { break }
        }
        return sum
    }
}
