/// The positions of a smoothing spline's knots, and the choice of the next one.
///
/// Every interior knot is an abscissa. Each knot interval carries the number of abscissae strictly inside it and the
/// residual sum of the last least-squares fit there; the next knot goes to the middle abscissa of the interval with the
/// largest residual sum.
///
/// Reference: P. Dierckx 1993, sec. 5.3 (FITPACK's `fpknot`).
struct KnotPlacement {
    private let abscissae: [Double]
    private let degree: Int
    private var intervals: [Interval]

    /// The open interval between two neighbouring knots.
    private struct Interval {
        /// The number of abscissae strictly between its knots.
        var inside: Int
        /// Its share of the sum of squared residuals.
        var residual: Double
    }

    /// No interior knot: one interval from the first abscissa to the last.
    init(abscissae: [Double], degree: Int) {
        self.abscissae = abscissae
        self.degree = degree
        intervals = [Interval(inside: abscissae.count - 2, residual: 0)]
    }

    /// The number of knots, including the repeated end knots.
    var knotCount: Int { intervals.count + 2 * degree + 1 }

    /// The knot vector, end knots repeated degree + 1 times.
    var knots: [Double] {
        var interior: [Double] = []
        var place = 0
        for interval in intervals.dropLast() {
            place += interval.inside + 1
            interior.append(abscissae[place])
        }
        return BSpline.clampedKnots(
            interior: interior, first: abscissae[0], last: abscissae[abscissae.count - 1], degree: degree)
    }

    /// Distributes the squared residuals (one for each abscissa) over the intervals; one on a knot is divided equally
    /// between the intervals on both sides.
    mutating func shareOut(squaredResiduals: [Double]) {
        var place = 0
        var carried = squaredResiduals[0]
        for index in intervals.indices {
            let inside = intervals[index].inside
            var sum = carried
            for offset in 0..<inside { sum += squaredResiduals[place + 1 + offset] }
            place += inside + 1
            let end = squaredResiduals[place]
            if index == intervals.count - 1 {
                sum += end
            } else {
                // The order gives FITPACK's roundings, which matters if two intervals are equal.
                carried = end * 0.5
                sum = (sum + end) - carried
            }
            intervals[index].residual = sum
        }
    }

    /// Adds one knot. The two new intervals inherit the old one's residual in proportion to their abscissae.
    ///
    /// - Returns: false if no interval with a positive residual has an abscissa inside.
    mutating func addKnot() -> Bool {
        var chosen: Int?
        var largest = 0.0
        for (index, interval) in intervals.enumerated() where interval.inside > 0 && interval.residual > largest {
            largest = interval.residual
            chosen = index
        }
        guard let chosen else { return false }
        let inside = intervals[chosen].inside
        let left = inside / 2
        let right = inside - left - 1
        intervals[chosen] = Interval(inside: left, residual: largest * Double(left) / Double(inside))
        intervals.insert(
            Interval(inside: right, residual: largest * Double(right) / Double(inside)), at: chosen + 1)
        return true
    }
}
