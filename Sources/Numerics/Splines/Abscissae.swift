import Diagnostics

/// The requirements shared by all interpolations of tabulated points.
enum Abscissae {
    /// Checks that there are enough points, as many ordinates as abscissae, all finite, abscissae strictly increasing.
    ///
    /// - Throws: `Fault` of kind `badData` that names the first offending point (counted from 0) and its value.
    static func check(_ x: [Double], _ y: [Double], atLeast minimum: Int, for purpose: String) throws {
        guard x.count == y.count else {
            throw Fault(
                .badData, "\(purpose) was given \(x.count) abscissae and \(y.count) ordinates",
                remedy: "give one ordinate for each abscissa")
        }
        try checkAxis(x, atLeast: minimum, for: purpose)
        for (index, value) in y.enumerated() where !value.isFinite {
            throw Fault(
                .badData, "ordinate \(index) of \(purpose) (at abscissa \(x[index])) is \(value)",
                remedy: "give finite ordinates")
        }
    }

    /// Checks one axis: at least `minimum` finite, strictly increasing abscissae whose span does not overflow.
    ///
    /// - Throws: as ``check(_:_:atLeast:for:)``.
    static func checkAxis(_ x: [Double], atLeast minimum: Int, for purpose: String) throws {
        guard x.count >= minimum else {
            throw Fault(
                .badData, "\(purpose) was given \(x.count) points and needs at least \(minimum)",
                remedy: "give more points or lower the degree")
        }
        for (index, value) in x.enumerated() where !value.isFinite {
            throw Fault(.badData, "abscissa \(index) of \(purpose) is \(value)", remedy: "give finite abscissae")
        }
        for index in 1..<max(1, x.count) where !(x[index - 1] < x[index]) {
            throw Fault(
                .badData,
                "abscissa \(index) of \(purpose), \(x[index]), does not exceed the one before, \(x[index - 1])",
                remedy: "sort the points and remove repeated abscissae")
        }
        if let first = x.first, let last = x.last, !(last - first).isFinite {
            throw Fault(
                .badData, "the abscissae of \(purpose) span \(first) to \(last), which overflows",
                remedy: "rescale the abscissae")
        }
    }

    /// Checks that the evaluation supports a spline's degree.
    ///
    /// - Throws: `Fault` of kind `usage`.
    static func check(degree: Int) throws {
        guard (1...BSpline.maximumDegree).contains(degree) else {
            throw Fault(
                .usage, "spline degree \(degree) is outside 1...\(BSpline.maximumDegree)",
                remedy: "choose a degree from 1 to \(BSpline.maximumDegree)")
        }
    }
}
