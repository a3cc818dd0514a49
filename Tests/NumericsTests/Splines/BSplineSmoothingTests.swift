import Testing

@testable import Numerics

@Suite struct BSplineSmoothingTests {
    // q below, of which the first and the last are extrapolated; scipy 1.17:
    // u = UnivariateSpline(x, y, k=2, s=s); len(u._eval_args[0]), u(q)
    static let points = [-1.1, -0.95, -0.52, -0.3, 0.004, 0.33, 0.71, 0.97, 1.05]
    static let references: [(smoothing: Double, knots: Int, values: [Double])] = [
        (
            3, 17,
            [
                1.5295939643006606, 2.1069923377255546, 1.6660034339150829, 2.360684075732615, 2.229415531940596,
                2.3307950159430355, 2.3542166863920846, 2.825111836087635, 2.286008396773375,
            ]
        ),
        (
            0.5, 26,
            [
                3.3934726820156493, 1.937562550965167, 1.9361305214388849, 2.509715376680182, 2.335691295696769,
                2.3356830200794745, 2.0016028232533993, 2.7955573446055375, 4.125371927279604,
            ]
        ),
        (
            0.25, 27,
            [
                3.224525530722553, 1.9485514636438974, 1.911373926972317, 2.520369001827186, 2.348184252248354,
                2.171463929807289, 2.037224733788759, 2.7999144662075954, 4.084454397946001,
            ]
        ),
        (
            0.1, 32,
            [
                3.193707486965767, 1.9506584011459203, 1.8888911346360007, 2.9552394699485913, 2.2749400485290456,
                2.131955983426617, 2.041523634796345, 2.8004360813844524, 4.0769246925620815,
            ]
        ),
        (
            0.001, 43,
            [
                2.2693938174172503, 2.0024279318235894, 1.8279570581092268, 2.6731250380726865, 2.2537087352835385,
                2.2419143512430564, 2.060840671862929, 2.826082995744518, 3.5868310116682833,
            ]
        ),
    ]

    @Test(arguments: references)
    func agreesWithScipy(smoothing: Double, knots: Int, values: [Double]) throws {
        let spline = try BSpline.smoothing(x: SplineData.x, y: SplineData.y, degree: 2, smoothing: smoothing)
        #expect(spline.knots.count == knots)
        for (point, value) in zip(Self.points, values) {
            #expect(abs(spline.value(at: point) - value) <= 1e-10 * abs(value), "at \(point)")
        }
    }

    @Test(arguments: [(1, 0.3), (2, 3), (2, 0.01), (3, 0.5), (4, 1), (5, 0.2)])
    func residualSumIsTheOneAskedFor(degree: Int, smoothing: Double) throws {
        let spline = try BSpline.smoothing(x: SplineData.x, y: SplineData.y, degree: degree, smoothing: smoothing)
        let sum = zip(SplineData.x, SplineData.y).reduce(0) { sum, point in
            let difference = spline.value(at: point.0) - point.1
            return sum + difference * difference
        }
        #expect(abs(sum - smoothing) <= 0.001 * smoothing)
    }

    @Test func largeSmoothingGivesThePolynomialAndZeroInterpolates() throws {
        let polynomial = try BSpline.smoothing(x: SplineData.x, y: SplineData.y, degree: 2, smoothing: 1e6)
        #expect(polynomial.knots.count == 6)
        let interpolating = try BSpline.smoothing(x: SplineData.x, y: SplineData.y, degree: 2, smoothing: 0)
        #expect(interpolating == (try BSpline.interpolating(x: SplineData.x, y: SplineData.y, degree: 2)))
    }

    @Test func constantAndFewPointsAreNoProblem() throws {
        let constant = try BSpline.smoothing(x: [0, 1, 2, 5], y: [3, 3, 3, 3], degree: 2, smoothing: 0.1)
        #expect(abs(constant.value(at: 4) - 3) < 1e-14)
        let fewest = try BSpline.smoothing(x: [0, 1, 2], y: [0, 1, 4], degree: 2, smoothing: 1e-9)
        #expect(abs(fewest.value(at: 3) - 9) < 1e-12)
    }
}
