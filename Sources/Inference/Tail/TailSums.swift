import Numerics

/// The sums over the trials above a cut that determine a fit of their distribution and its error: their number, Σ TS
/// and Σ ln TS, and those of the products of the two.
struct TailSums: Sendable, Equatable {
    var count = 0
    var sum = 0.0
    var sumOfLogs = 0.0
    /// Σ TS², Σ (ln TS)² and Σ TS ln TS.
    var sumOfSquares = 0.0
    var sumOfSquaredLogs = 0.0
    var sumOfProducts = 0.0

    /// Adds one TS > 0.
    mutating func add(_ ts: Double) {
        let log = Portable.log(ts)
        count += 1
        sum += ts
        sumOfLogs += log
        sumOfSquares += ts * ts
        sumOfSquaredLogs += log * log
        sumOfProducts += ts * log
    }

    /// Adds values that lie close together, as sums.
    mutating func add(_ number: Double, sum: Double, sumOfLogs: Double) {
        guard number > 0 else { return }
        count += Int(number.rounded())
        self.sum += sum
        self.sumOfLogs += sumOfLogs
        sumOfSquares += sum * sum / number
        sumOfSquaredLogs += sumOfLogs * sumOfLogs / number
        sumOfProducts += sum * sumOfLogs / number
    }

    /// The variances and the covariance of TS and ln TS over the trials.
    var covariance: (value: Double, log: Double, mixed: Double) {
        let number = Double(count)
        let (mean, meanLog) = (sum / number, sumOfLogs / number)
        return (
            sumOfSquares / number - mean * mean, sumOfSquaredLogs / number - meanLog * meanLog,
            sumOfProducts / number - mean * meanLog
        )
    }

    static func += (sums: inout TailSums, more: TailSums) {
        sums.count += more.count
        sums.sum += more.sum
        sums.sumOfLogs += more.sumOfLogs
        sums.sumOfSquares += more.sumOfSquares
        sums.sumOfSquaredLogs += more.sumOfSquaredLogs
        sums.sumOfProducts += more.sumOfProducts
    }
}
