import Diagnostics
import Numerics

/// The distribution of TS under background from weighted trials (docs/model.md, section 10): the probability of a TS
/// above t is the mean of W · 1{TS > t}.
///
/// The component of a trial is not random: the trial's number determines it. Errors are therefore those within
/// components.
public struct WeightedTSDistribution: Sendable {
    /// A mean over all trials with its standard error.
    public struct Mean: Sendable, Equatable {
        public let value: Double
        public let error: Double
        /// The number of trials.
        let count: Int

        /// The largest standard deviation of one trial's contribution. Points that the mixture covers have 0.5 to 3; points
        /// that it does not cover have more than 6 in a few thousand trials, and more in more, since few trials with large
        /// weights make up the mean.
        static let largestDeviation = 6.0

        /// Whether a quantity with expectation 1 can have this mean, and whether the mixture covers it. For the few points,
        /// deviations by 4 standard errors do not occur by chance; estimates with underestimated errors deviate more.
        public var isCompatibleWithOne: Bool {
            abs(value - 1) <= 4 * error + 0.02 && abs(value - 1) <= 0.5
                && error * Double(count).squareRoot() <= Self.largestDeviation
        }
    }

    /// The number of trials.
    public let count: Int
    /// The mean of W: 1 if the weights are right.
    public let meanWeight: Mean
    /// The means of W times the density ratio at points outside the mixture: 1 if the mixture covers them.
    public let heldOut: [Mean]
    private let entries: [Entry]
    /// Cumulative sums over the trials from the largest TS down to each.
    private let running: [Running]

    /// Σ W with its variance, Σ W², and the largest W.
    struct Running: Sendable {
        var sum = 0.0
        var variance = 0.0
        var squares = 0.0
        var largest = 0.0
    }

    /// - Throws: `Fault` of kind `badData` if there are no trials.
    public init(_ accumulator: consuming Accumulator) throws(Fault) {
        guard accumulator.count > 0 else {
            throw Fault(.badData, "there are no weighted trials", remedy: "make some with trialgen run --mu 0 --tail 7")
        }
        count = accumulator.count
        let n = Double(accumulator.count)
        func mean(_ sums: [ComponentSums]) -> Mean {
            Mean(
                value: sums.reduce(0) { $0 + $1.sum } / n,
                error: sums.reduce(0) { $0 + $1.variance }.squareRoot() / n, count: accumulator.count)
        }
        meanWeight = mean(accumulator.components)
        heldOut = accumulator.heldOut.map(mean)
        let counts = accumulator.components.map(\.count)
        entries = accumulator.takeEntries()

        var ofComponents = counts.map { ComponentSums(count: $0) }
        var total = Running()
        running = entries.map { entry in
            let c = Int(entry.component)
            total.variance -= ofComponents[c].variance
            ofComponents[c].sum += entry.sum
            ofComponents[c].squares += entry.squares
            total.variance += ofComponents[c].variance
            total.sum += entry.sum
            total.squares += entry.squares
            total.largest = max(total.largest, entry.largest)
            return total
        }
    }

    /// Whether weights and mixture are valid: their means are 1 within their errors.
    public var isSound: Bool { meanWeight.isCompatibleWithOne && heldOut.allSatisfy(\.isCompatibleWithOne) }

    /// The weighted fraction of trials with TS = 0.
    public var fractionAtZero: Double {
        let above = entries(while: { entries[$0].ts > 0 })
        return above > 0 ? max(0, 1 - running[above - 1].sum / Double(count)) : 1
    }

    /// The number of entries before the first one whose index does not fulfil a condition, which holds for larger TS.
    private func entries(while condition: (Int) -> Bool) -> Int { prefixCount(entries.count, where: condition) }

    /// The tail that consists of the first entries.
    private func tail(_ number: Int, confidence: Double) -> WeightedTail {
        guard number > 0 else { return .empty }
        return WeightedTail(running[number - 1], trials: count, isSound: isSound, confidence: confidence)
    }

    /// P(TS > `ts`) under background.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS that is not a number or a confidence outside (0, 1).
    public func survival(above ts: Double, confidence: Double = Significance.oneSigmaContent) throws(Fault)
        -> WeightedTail
    {
        try check(ts, confidence)
        return tail(entries(while: { entries[$0].ts > ts }), confidence: confidence)
    }

    /// The p-value of an observed TS: P(TS ≥ `ts`) under background; 1 for a TS of 0 or less.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS that is not a number or a confidence outside (0, 1).
    public func pValue(of ts: Double, confidence: Double = Significance.oneSigmaContent) throws(Fault) -> WeightedTail {
        try check(ts, confidence)
        guard ts > 0 else { return .certain }
        return tail(entries(while: { entries[$0].ts >= ts }), confidence: confidence)
    }

    private func check(_ ts: Double, _ confidence: Double) throws(Fault) {
        guard !ts.isNaN else { throw Fault(.usage, "the observed TS is not a number", remedy: "give a finite TS") }
        try Significance.check(confidence: confidence)
    }

    /// The TS above which a tail probability lies, with the interval of the TS whose p-values are compatible with it.
    ///
    /// - Throws: `Fault` of kind `usage` for a probability or confidence outside (0, 1), of kind `badData` if no trial
    ///   lies above the threshold or its interval has no upper end.
    public func threshold(
        tailProbability: Double, confidence: Double = Significance.oneSigmaContent
    ) throws(Fault) -> Threshold {
        try Significance.check(confidence: confidence)
        guard tailProbability > 0, tailProbability < 1 else {
            throw Fault(
                .usage, "tail probability \(tailProbability) of a threshold is outside (0, 1)",
                remedy: "give a probability between 0 and 1")
        }
        /// The TS below which an end of the interval of the tail's probability exceeds the wanted probability.
        func crossing(_ end: (WeightedTail) -> Double) -> Double {
            let number = entries(while: { end(tail($0 + 1, confidence: confidence)) <= tailProbability })
            return number < entries.count ? entries[number].ts : 0
        }
        let place = entries(while: { running[$0].sum <= tailProbability * Double(count) })
        guard place > 0 else {
            throw Fault(
                .badData,
                "\(count) weighted trials do not reach the threshold of a tail of \(TSDistribution.brief(tailProbability))",
                remedy: "make more trials, or make them for a larger significance: --tail 7")
        }
        let value = place < entries.count ? entries[place].ts : 0
        // Within the spike at TS = 0, not all of the first entries lie above the threshold.
        let above = entries(while: { entries[$0].ts > value })
        return Threshold(
            tailProbability: tailProbability, value: value, low: min(value, crossing(\.low)),
            high: max(value, crossing(\.high)), method: .weighted,
            weighted: tail(above > 0 ? above : place, confidence: confidence))
    }

    /// The threshold of a one-sided significance in sigma.
    ///
    /// - Throws: as ``threshold(tailProbability:confidence:)``.
    public func threshold(
        sigma: Double, confidence: Double = Significance.oneSigmaContent
    ) throws(Fault) -> Threshold {
        try threshold(tailProbability: Significance.tailProbability(sigma: sigma), confidence: confidence)
    }
}
