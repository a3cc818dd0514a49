import Diagnostics
import Numerics
import Testing

@Suite struct MonotoneCubicTests {
    static let x: [Double] = [0, 1, 1.5, 3, 3.5, 5, 6, 8]
    static let y: [Double] = [0, 0, 2, 2.5, 1, 1.25, 4, 3]
    static let points: [Double] = [0.25, 1.2, 2.2, 3.4, 4.9, 5.5, 7.5]

    // scipy 1.17: p = PchipInterpolator(x, y); p.derivative()(x), p(q), [p.integrate(0.5, v) for v in q]
    static let slopes: [Double] = [0, 0, 0.7164179104477613, 0, 0, 0.33400809716599195, 0, -1.5]
    static let values: [Double] = [
        0, 0.6696119402985071, 2.3676838032061913, 1.1560000000000006, 1.2177189983505774, 2.666751012145749, 3.578125,
    ]
    static let integrals: [Double] = [
        0, 0.04852537313432832, 2.0289325594250975, 4.764002985074627, 6.370909177907136, 7.396224847422806,
        14.98890734995317,
    ]

    @Test func agreesWithScipy() throws {
        let cubic = try MonotoneCubic(x: Self.x, y: Self.y)
        for (slope, expected) in zip(cubic.slopes, Self.slopes) { #expect(abs(slope - expected) < 1e-14) }
        for (index, point) in Self.points.enumerated() {
            #expect(abs(cubic.valueOrZero(at: point) - Self.values[index]) < 1e-14)
            #expect(abs(cubic.integral(from: 0.5, to: point) - Self.integrals[index]) < 1e-13)
        }
    }

    @Test func outsideIsNilOrZero() throws {
        let cubic = try MonotoneCubic(x: [1, 2, 4], y: [5, 6, 7])
        #expect(cubic.value(at: 1) == 5)
        #expect(abs((cubic.value(at: 4) ?? 0) - 7) < 1e-14)
        for outside in [0.999, 4.001, Double.infinity, -Double.infinity, Double.nan] {
            #expect(cubic.value(at: outside) == nil)
            #expect(cubic.valueOrZero(at: outside) == 0)
        }
    }

    @Test func integralIsAdditiveSignedAndZeroOutside() throws {
        let cubic = try MonotoneCubic(x: Self.x, y: Self.y)
        let whole = cubic.integral(from: 0, to: 8)
        #expect(abs(cubic.integral(from: -5, to: 50) - whole) < 1e-13)
        #expect(abs(cubic.integral(from: 8, to: 0) + whole) < 1e-13)
        #expect(abs(cubic.integral(from: 0, to: 3.3) + cubic.integral(from: 3.3, to: 8) - whole) < 1e-13)
        #expect(cubic.integral(from: 9, to: 12) == 0)
        // Against a rule that is exact for cubics, piece by piece.
        let rule = try GaussLegendre(order: 2)
        let sum = (1..<Self.x.count).reduce(0.0) { sum, index in
            sum + rule.integrate(from: Self.x[index - 1], to: Self.x[index]) { cubic.valueOrZero(at: $0) }
        }
        #expect(abs(sum - whole) < 1e-13)
    }

    @Test func keepsTheShapeOfTheData() throws {
        let cubic = try MonotoneCubic(x: Self.x, y: Self.y)
        for index in 1..<Self.x.count {
            let (low, high) = (min(Self.y[index - 1], Self.y[index]), max(Self.y[index - 1], Self.y[index]))
            for step in 0...50 {
                let point = Self.x[index - 1] + (Self.x[index] - Self.x[index - 1]) * Double(step) / 50
                let value = cubic.valueOrZero(at: point)
                #expect(value >= low - 1e-14 && value <= high + 1e-14, "at \(point)")
            }
        }
    }

    @Test func twoPointsMakeALine() throws {
        let line = try MonotoneCubic(x: [1, 3], y: [2, 8])
        #expect(line.slopes == [3, 3])
        #expect(abs(line.valueOrZero(at: 1.5) - 3.5) < 1e-15)
    }

    @Test func badPointsAreRefused() {
        #expect(throws: Fault.self) { try MonotoneCubic(x: [1], y: [1]) }
        #expect(throws: Fault.self) { try MonotoneCubic(x: [1, 1], y: [1, 2]) }
        #expect(throws: Fault.self) { try MonotoneCubic(x: [1, 2], y: [1, .nan]) }
    }
}
