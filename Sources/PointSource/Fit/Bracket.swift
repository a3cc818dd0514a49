/// The interval that contains the zero of a decreasing function, and the next point to evaluate.
struct Bracket {
    private(set) var low: Double
    private(set) var high: Double
    private var lowVisited = false
    private var highVisited = false

    init(_ low: Double, _ high: Double) {
        self.low = low
        self.high = high
    }

    /// Narrows the bracket by the function's sign at n.
    mutating func visit(_ n: Double, slope: Double) {
        if slope > 0 {
            (low, lowVisited) = (n, true)
        } else {
            (high, highVisited) = (n, true)
        }
    }

    /// The next n, given the slope and its derivative (the curvature) at n.
    ///
    /// A few strong events make the slope decrease like 1/n, for which Newton's method is slow. n times the slope is
    /// then nearly linear: if it decreases, its zero is the next n.
    func next(after n: Double, slope: Double, curvature: Double) -> Double {
        guard slope.isFinite, curvature < 0 else { return middle }
        let scaled = slope + n * curvature
        let step = scaled < 0 ? n - n * slope / scaled : n - slope / curvature
        if step <= low { return lowVisited ? middle : low }
        if step >= high { return highVisited ? middle : min(high, 10 * n + 1) }
        return step
    }

    private var middle: Double {
        low > 0 && high > 4 * low ? (low * high).squareRoot() : 0.5 * (low + high)
    }
}
