import Diagnostics

/// Ordinary and weighted trials without signal: two samples, never pooled, that thresholds and
/// p-values are taken from.
///
/// Counted numbers are used if they are at least as precise; next those of weighted trials that can be trusted; next
/// those of fits to the tail.
public struct BackgroundTrials: Sendable {
    /// Nil if there are none.
    public let ordinary: TSDistribution?
    /// Nil if there are none.
    public let weighted: WeightedTSDistribution?

    public init(ordinary: TSDistribution?, weighted: WeightedTSDistribution?) {
        self.ordinary = ordinary
        self.weighted = weighted
    }

    /// Whether a tail probability is taken from weighted trials, not from ordinary trials.
    ///
    /// - Parameter isCounted: whether ordinary trials suffice to count it.
    package func quotesWeighted(_ tail: WeightedTail, isCounted: Bool) -> Bool {
        tail.isTrusted && !(isCounted && Double(ordinary?.count ?? 0) >= tail.equivalentTrials)
    }

    /// The TS above which `tailProbability` of the background lies.
    ///
    /// Weighted trials that cannot be trusted are used only if ordinary trials do not give it.
    ///
    /// - Throws: as ``TSDistribution/threshold(tailProbability:cut:confidence:)``.
    public func threshold(
        tailProbability: Double, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> Threshold {
        let fromWeights = try weighted.flatMap { weighted -> Threshold? in
            do {
                return try weighted.threshold(tailProbability: tailProbability, confidence: confidence)
            } catch let fault as Fault where fault.kind == .badData && ordinary != nil {
                return nil
            }
        }
        let isCounted = Double(ordinary?.count ?? 0) * tailProbability >= TSDistribution.minimumCountedTail
        if let fromWeights, let tail = fromWeights.weighted, quotesWeighted(tail, isCounted: isCounted) {
            return fromWeights
        }
        do {
            guard let ordinary else { throw Fault(.badData, "there are no background trials") }
            return try ordinary.threshold(tailProbability: tailProbability, cut: cut, confidence: confidence)
        } catch let fault as Fault where fault.kind == .badData {
            if let fromWeights { return fromWeights }
            throw fault
        }
    }
}
