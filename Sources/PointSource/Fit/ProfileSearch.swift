import Numerics

/// Maxima and crossings of functions of one variable, for likelihood profiles.
enum ProfileSearch {
    /// 1 − 1/φ with the golden ratio φ.
    private static let golden = 0.381_966_011_250_105_1

    /// The maximum of a function with a single maximum in the range: by golden section, to `width` of the range.
    static func maximum(in range: ClosedRange<Double>, width: Double = 1e-4, _ value: (Double) -> Double) -> Double {
        var (low, high) = (range.lowerBound, range.upperBound)
        var (left, right) = (low + golden * (high - low), high - golden * (high - low))
        var (atLeft, atRight) = (value(left), value(right))
        // Below a few units in the last place the inner points no longer differ from the ends.
        let last = max(width * (high - low), 8 * max(abs(low), abs(high)).ulp)
        while high - low > last {
            if atLeft >= atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = low + golden * (high - low)
                atLeft = value(left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = high - golden * (high - low)
                atRight = value(right)
            }
        }
        return max(atLeft, atRight)
    }

    /// The point where a function drops below a level, between a start where it is not below and the end of its range;
    /// the end if it does not.
    ///
    /// - Parameter step: the first step from the start, doubled until the function is below the level; its sign gives
    ///   the direction.
    static func crossing(from start: Double, step: Double, to end: Double, level: Double, _ value: (Double) -> Double)
        -> Double
    {
        guard step != 0, step.isFinite else { return end }
        var (inside, outside, stride) = (start, start, step)
        repeat {
            inside = outside
            outside = step > 0 ? min(end, outside + stride) : max(end, outside + stride)
            stride *= 2
            if value(outside) < level { break }
            if outside == end || !outside.isFinite { return end }
        } while true
        // A thousandth of the first step is far below the error of the interval.
        return bisect(from: inside, to: outside, width: { _ in 1e-3 * abs(step) }) { !(value($0) < level) }
    }
}
