import Diagnostics
import PointSource

/// The number of trials requested for a mean signal.
public struct TrialOrder: Sendable, Equatable {
    /// Mean number of injected events, mu.
    public let meanSignal: Double
    public let count: Int64
    /// For weighted background trials, the significance in sigma up to which p-values are valid; nil for ordinary trials.
    public let tail: Double?

    public init(meanSignal: Double, count: Int64, tail: Double? = nil) {
        self.meanSignal = meanSignal
        self.count = count
        self.tail = tail
    }

    /// The hypothesis of the trials.
    public func hypothesis(seed: Int64) -> Hypothesis {
        if let tail { return Hypothesis(tail: tail, seed: seed) }
        // −0 and 0 are the same mean.
        return Hypothesis(meanSignal: meanSignal == 0 ? 0 : meanSignal, seed: seed)
    }

    /// The maximum exceeds any number of events that is searched for, and trials with it can still be made.
    static let meanSignalRange = 0...1e6
    static let countRange = 1...(Int64.max - 1)

    /// - Throws: `Fault` (usage), about `--mu`, `--trials` or `--tail`, for a mean, a count or a tail out of range, and
    ///   for a tail of trials with signal.
    public func check() throws(Fault) {
        guard TrialOrder.meanSignalRange.contains(meanSignal) else {
            throw Fault(
                .usage, at: .field("--mu"), "\(shortest(meanSignal)) is not a valid mean number of signal events",
                remedy: "give a number from 0 to \(shortest(TrialOrder.meanSignalRange.upperBound))")
        }
        guard TrialOrder.countRange.contains(count) else {
            throw Fault(
                .usage, at: .field("--trials"), "\(count) is not a valid number of trials",
                remedy: "give a whole number from 1 to \(TrialOrder.countRange.upperBound)")
        }
        guard let tail else { return }
        guard meanSignal == 0 else {
            throw Fault(
                .usage, at: .field("--tail"), "weighted trials are background, and mu is \(shortest(meanSignal))",
                remedy: "give mu 0, or leave the tail out")
        }
        try WeightedBackground.check(tail: tail)
    }

    /// - Throws: `Fault` (usage), about the setting `trials`, for a list whose weighted trials are for several tails.
    static func check(_ orders: [TrialOrder]) throws(Fault) {
        for order in orders { try order.check() }
        let tails = Set(orders.compactMap(\.tail)).sorted()
        guard let smallest = tails.first, let largest = tails.last, smallest < largest else { return }
        throw Fault(
            .usage, at: .field(SettingTable.standard.trials.key.name),
            "lists weighted trials for both \(shortest(smallest)) and \(shortest(largest)) sigma",
            remedy: "keep those for \(shortest(largest)) sigma, which give smaller significances too")
    }
}
