import Diagnostics

/// How many trials are wanted of one mean signal.
public struct TrialOrder: Sendable, Equatable {
    /// Mean number of injected events, mu.
    public let meanSignal: Double
    public let count: Int64

    public init(meanSignal: Double, count: Int64) {
        self.meanSignal = meanSignal
        self.count = count
    }

    /// Up to more than the largest number of events anyone will look for, and few enough to be made.
    static let meanSignalRange = 0...1e6
    static let countRange = 1...(Int64.max - 1)

    /// - Throws: `Fault` (usage), about `--mu` or `--trials`, for a mean or a count out of range.
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
    }
}
