extension Sequence<Int64> {
    /// The sum of numbers of trials, or the largest `Int64` if it overflows: several hypotheses may each lack nearly
    /// 2⁶³ trials, if a trial with such a number is present.
    public var clampedSum: Int64 {
        reduce(0) { sum, number in
            let (next, overflow) = sum.addingReportingOverflow(number)
            return overflow ? .max : next
        }
    }
}
