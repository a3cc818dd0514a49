extension Sequence<Int64> {
    /// The sum of numbers of trials, or the largest number there is if it has no room: a hypothesis may lack nearly 2⁶³
    /// trials, below one with a number that high, and so may the next.
    public var clampedSum: Int64 {
        reduce(0) { sum, number in
            let (next, overflow) = sum.addingReportingOverflow(number)
            return overflow ? .max : next
        }
    }
}
