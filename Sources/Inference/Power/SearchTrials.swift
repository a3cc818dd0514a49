import Diagnostics

/// The trials of one search, without and with signal, from which sensitivities and upper limits are computed.
public struct SearchTrials: Sendable {
    /// Ordinary trials without signal.
    public let background: TSDistribution
    /// Weighted trials without signal; nil if there are none.
    public let weighted: WeightedTSDistribution?
    /// By increasing mu, all above 0; trials of one mu may be in several elements.
    public let signal: [SignalTrials]
    /// The same signal trials by number of injected events; empty if the numbers are unknown or do not follow a Poisson
    /// distribution. Only ``DetectionPower/Interpolation/poisson`` needs them.
    public let injected: [InjectedTrials]

    /// - Parameters:
    ///   - background: ordinary trials without signal.
    ///   - weighted: weighted trials without signal, for thresholds beyond what ordinary trials count.
    ///   - signal: trials at one or more mu, in any order; those with mu = 0 are left out.
    ///   - injected: the same trials by their number of events, if it was drawn from a Poisson distribution; otherwise
    ///     empty, and the interpolation `poisson` throws.
    public init(
        background: TSDistribution, weighted: WeightedTSDistribution? = nil, signal: [SignalTrials],
        injected: [InjectedTrials]
    ) {
        self.background = background
        self.weighted = weighted
        self.signal = signal.filter { $0.mu > 0 }.sorted { $0.mu < $1.mu }
        self.injected = injected
    }

    /// The TS above which `tailProbability` of the background lies; see ``BackgroundTrials``.
    ///
    /// - Throws: as ``TSDistribution/threshold(tailProbability:cut:confidence:)``.
    public func threshold(
        tailProbability: Double, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> Threshold {
        try BackgroundTrials(ordinary: background, weighted: weighted).threshold(
            tailProbability: tailProbability, cut: cut, confidence: confidence)
    }

    /// The power to exceed a TS, from counts at each mu. The background is the point mu = 0, and is included in the trials
    /// without injected events.
    ///
    /// - Throws: `Fault` of kind `badData` if there are no signal trials.
    public func power(above ts: Double) throws -> DetectionPower {
        guard !signal.isEmpty else {
            throw Fault(.badData, "there are no trials with mu above 0", remedy: "run trials with several mu above 0")
        }
        let none = background.proportion(above: ts)
        var byEvents = [0: none]
        for trials in injected {
            let proportion = trials.distribution.proportion(above: ts)
            byEvents[trials.events] = byEvents[trials.events].map { $0 + proportion } ?? proportion
        }
        return try DetectionPower(
            [DetectionPower.Point(mu: 0, proportion: none)] + signal.map { $0.point(above: ts) },
            injected: injected.isEmpty
                ? [] : byEvents.map { DetectionPower.Injected(events: $0.key, proportion: $0.value) })
    }

    /// The mu at which trials exceed a TS with probability `power`. The interval adds in quadrature that of the counts
    /// and the shift of mu when the TS moves to either end of `low`...`high`.
    ///
    /// - Throws: as ``power(above:)`` and ``DetectionPower/mu(atPower:by:confidence:)``.
    func mu(
        atPower power: Double, above ts: Double, between low: Double, and high: Double,
        by interpolation: DetectionPower.Interpolation, confidence: Double
    ) throws -> DetectionPower.Estimate {
        func estimate(_ ts: Double) throws -> DetectionPower.Estimate {
            try self.power(above: ts).mu(atPower: power, by: interpolation, confidence: confidence)
        }
        func quadrature(_ one: Double, _ other: Double) -> Double { (one * one + other * other).squareRoot() }
        let centre = try estimate(ts)
        // At an end of the TS's interval the answer may lie outside the simulated mu; then the interval is open.
        let lower = low < ts ? try? estimate(low).mu : centre.mu
        let upper = high > ts ? try? estimate(high).mu : centre.mu
        let muLow = lower.map { max(0, centre.mu - quadrature(centre.mu - centre.low, max(0, centre.mu - $0))) }
        var muHigh: Double?
        if let upper, let end = centre.high {
            muHigh = centre.mu + quadrature(end - centre.mu, max(0, upper - centre.mu))
        }
        return DetectionPower.Estimate(mu: centre.mu, low: muLow ?? 0, high: muHigh)
    }
}
