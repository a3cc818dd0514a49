import Diagnostics
import Testing

@testable import Numerics

/// Numbers that Python and Swift form with the same roundings, so that literals made there apply here.
enum SplineData {
    /// 40 abscissae of uneven distance.
    static let x: [Double] = (0..<40).map { (place: Int) -> Double in
        let even = -1 + 2 * (Double(place) + 0.5) / 40
        return even + Double((place * 7) % 5 - 2) / 200
    }
    /// 40 ordinates with a step, a slope and noise.
    static let y: [Double] = (0..<40).map { (place: Int) -> Double in
        let noise = 2 + Double((place * place) % 11) / 8
        let step = place > 12 ? 0.5 : 0
        return noise + step - Double(place * (39 - place)) / 400
    }
}

@Suite struct BSplineInterpolationTests {
    // q = [-1.1, -0.93, -0.81, -0.7, -0.5], of which the first is extrapolated; scipy 1.17:
    // u = InterpolatedUnivariateSpline(x[:9], y[:9], k=k); u.get_knots(), u(q), u(q, 1)
    static let points = [-1.1, -0.93, -0.81, -0.7, -0.5]
    static let references: [(degree: Int, values: [Double], slopes: [Double])] = [
        (
            1, [1.9425000000000003, 2.0275, 2.661666666666667, 1.9091666666666662, 3.5107142857142843],
            [0.4999999999999972, 0.4999999999999972, -9.666666666666677, -1.1666666666666687, 12.571428571428559]
        ),
        (
            2, [2.195373729625667, 2.0240445825765434, 2.8351058702008176, 1.865390978781429, 4.583360821613789],
            [-3.1438947374630426, 1.1282577133556804, -8.835929792158648, 0.31647075480886305, 35.306871451907206]
        ),
        (
            3, [-2.9033059928995035, 2.0387694029642205, 2.827737954953152, 1.8674417221255029, 5.484013221769992],
            [93.98123745920344, -1.8721975309395948, -8.300326705547889, -0.18203724092277038, 60.42222541671077]
        ),
        (
            4, [-38.217545363129545, 2.0803795078940057, 2.8426001885126566, 1.8702298959820116, 6.76776593940431],
            [896.1013003114699, -10.618194296635076, -7.9680579219257135, -0.3205268343771469, 102.08401334972808]
        ),
        (
            5, [-147.92591753961193, 2.1372951957851916, 2.8241368503422555, 1.8718357769727105, 6.843826444725449],
            [3756.8317097289428, -22.97799809549886, -8.044366407696193, -0.3742657858934607, 105.26283933963784]
        ),
    ]

    @Test(arguments: references)
    func agreesWithScipy(degree: Int, values: [Double], slopes: [Double]) throws {
        let spline = try BSpline.interpolating(
            x: Array(SplineData.x[..<9]), y: Array(SplineData.y[..<9]), degree: degree)
        for (index, point) in Self.points.enumerated() {
            #expect(abs(spline.value(at: point) - values[index]) <= 1e-13 * abs(values[index]))
            #expect(abs(spline.derivative(at: point) - slopes[index]) <= 1e-12 * max(1, abs(slopes[index])))
        }
    }

    @Test func placesKnotsAsFITPACKDoes() throws {
        let x = [0.0, 1, 3, 4, 8, 9, 11]
        func interior(_ degree: Int) throws -> [Double] {
            let knots = try BSpline.interpolating(x: x, y: x, degree: degree).knots
            return Array(knots[(degree + 1)..<(knots.count - degree - 1)])
        }
        #expect(try interior(1) == [1, 3, 4, 8, 9])
        #expect(try interior(2) == [2, 3.5, 6, 8.5])
        #expect(try interior(3) == [3, 4, 8])
        #expect(try interior(5) == [4])
    }

    @Test(arguments: 1...5)
    func passesThroughItsPoints(degree: Int) throws {
        let spline = try BSpline.interpolating(x: SplineData.x, y: SplineData.y, degree: degree)
        for (x, y) in zip(SplineData.x, SplineData.y) {
            #expect(abs(spline.value(at: x) - y) < 1e-11, "at \(x)")
        }
        #expect(spline.domain == SplineData.x[0]...SplineData.x[39])
    }

    @Test(arguments: 1...5)
    func reproducesPolynomialsAlsoOutside(degree: Int) throws {
        // p(x) = Σ (j + 1) (x / 2)^j up to the spline's degree, by Horner's rule, and its slope.
        func polynomial(_ x: Double) -> (value: Double, slope: Double) {
            var (value, slope) = (0.0, 0.0)
            for power in stride(from: degree, through: 0, by: -1) {
                slope = slope * (x / 2) + value / 2
                value = value * (x / 2) + Double(power + 1)
            }
            return (value, slope)
        }
        let x = SplineData.x
        let spline = try BSpline.interpolating(x: x, y: x.map { polynomial($0).value }, degree: degree)
        for point in stride(from: -1.2, through: 1.2, by: 0.037) {
            let expected = polynomial(point)
            #expect(abs(spline.value(at: point) - expected.value) < 1e-9, "at \(point)")
            #expect(abs(spline.derivative(at: point) - expected.slope) < 1e-7, "at \(point)")
        }
    }

    @Test func notANumberStaysOne() throws {
        let spline = try BSpline.interpolating(x: SplineData.x, y: SplineData.y, degree: 2)
        #expect(spline.value(at: .nan).isNaN)
        #expect(spline.derivative(at: .nan).isNaN)
    }
}

@Suite struct BSplineFaultTests {
    private func problem(_ x: [Double], _ y: [Double], degree: Int) -> String {
        do {
            _ = try BSpline.interpolating(x: x, y: y, degree: degree)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test func badPointsAreNamed() {
        #expect(problem([0, 1, 1, 2], [0, 0, 0, 0], degree: 2).contains("abscissa 2 "))
        #expect(problem([0, 1, 0.5, 2], [0, 0, 0, 0], degree: 2).contains("0.5, does not exceed the one before, 1.0"))
        #expect(problem([0, 1], [0, 0], degree: 2).contains("given 2 points and needs at least 3"))
        #expect(problem([], [], degree: 1).contains("given 0 points"))
        #expect(problem([0, 1, .nan], [0, 0, 0], degree: 1).contains("abscissa 2 of"))
        #expect(problem([0, 1, 2], [0, .infinity, 0], degree: 1).contains("ordinate 1 of"))
        #expect(problem([0, 1, 2], [0, 0], degree: 1).contains("3 abscissae and 2 ordinates"))
        #expect(problem([0, 1, 2], [0, 0, 0], degree: 0).contains("spline degree 0 is outside 1...5"))
        #expect(problem([0, 1, 2], [0, 0, 0], degree: 6).contains("spline degree 6"))
    }

    @Test func partsThatDoNotFitAreRefused() {
        #expect(throws: Fault.self) { try BSpline(knots: [0, 0, 1], coefficients: [1], degree: 1) }
        #expect(throws: Fault.self) { try BSpline(knots: [0, 0, 1, 0.5], coefficients: [1, 2], degree: 1) }
        #expect(throws: Fault.self) { try BSpline(knots: [0, 0, 0, 0], coefficients: [1, 2], degree: 1) }
        #expect(throws: Fault.self) { try BSpline(knots: [0, 0, 1, 1], coefficients: [1, .nan], degree: 1) }
        #expect(throws: Never.self) { try BSpline(knots: [0, 0, 1, 1], coefficients: [1, 2], degree: 1) }
    }

    @Test func badSmoothingIsRefused() {
        for smoothing in [-1, Double.nan, Double.infinity] {
            #expect(throws: Fault.self) {
                try BSpline.smoothing(x: SplineData.x, y: SplineData.y, degree: 2, smoothing: smoothing)
            }
        }
    }
}
