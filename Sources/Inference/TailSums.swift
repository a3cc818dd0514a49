import Numerics

/// The sums over the trials above a cut that determine a fit of their law: their number, Σ TS and Σ ln TS.
struct TailSums: Sendable, Equatable {
    var count = 0
    var sum = 0.0
    var sumOfLogs = 0.0

    /// Adds one TS > 0.
    mutating func add(_ ts: Double) {
        count += 1
        sum += ts
        sumOfLogs += Portable.log(ts)
    }

    static func += (sums: inout TailSums, more: TailSums) {
        sums.count += more.count
        sums.sum += more.sum
        sums.sumOfLogs += more.sumOfLogs
    }
}
