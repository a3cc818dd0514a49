import Diagnostics
import Numerics
import Testing

@Suite struct GaussLegendreTests {
    // Newton's method with mpmath at 50 digits from numpy.polynomial.legendre.leggauss.
    static let order5: [(node: Double, weight: Double)] = [
        (-0.9061798459386639927976269, 0.236926885056189087514264),
        (-0.5384693101056830910363144, 0.4786286704993664680412915),
        (0, 0.5688888888888888888888889),
        (0.5384693101056830910363144, 0.4786286704993664680412915),
        (0.9061798459386639927976269, 0.236926885056189087514264),
    ]
    /// Node and weight of order 128 by index from 0.
    static let order128: [(index: Int, node: Double, weight: Double)] = [
        (64, 0.01222369896061576419805212, 0.02444618019626251821132585),
        (65, 0.03666379096873349333021535, 0.02443156909785004505484856),
        (90, 0.6034904561585486242035732, 0.01949402805870660282302192),
        (100, 0.7785484755064119668504941, 0.01534301076886514408599085),
        (127, 0.9998248879471319144736081, 0.0004493809602920903763942922),
    ]

    @Test func agreesWithManyDigits() throws {
        let five = try GaussLegendre(order: 5)
        for (index, reference) in Self.order5.enumerated() {
            #expect(abs(five.nodes[index] - reference.node) <= reference.node.ulp)
            #expect(abs(five.weights[index] - reference.weight) <= reference.weight.ulp)
        }
        let rule = try GaussLegendre(order: 128)
        for reference in Self.order128 {
            #expect(abs(rule.nodes[reference.index] - reference.node) <= reference.node.ulp)
            #expect(abs(rule.weights[reference.index] - reference.weight) <= reference.weight.ulp)
            #expect(rule.nodes[127 - reference.index] == -rule.nodes[reference.index])
            #expect(rule.weights[127 - reference.index] == rule.weights[reference.index])
        }
    }

    @Test(arguments: [1, 2, 3, 4, 7, 16, 63, 128, 500])
    func rulesAreSound(order: Int) throws {
        let rule = try GaussLegendre(order: order)
        #expect(rule.nodes.count == order && rule.weights.count == order)
        #expect(abs(rule.weights.reduce(0, +) - 2) < 1e-13)
        #expect(rule.weights.allSatisfy { $0 > 0 })
        #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
        #expect(rule.nodes.allSatisfy { abs($0) < 1 })
    }

    @Test(arguments: 1...12)
    func integratesPolynomialsExactly(order: Int) throws {
        let rule = try GaussLegendre(order: order)
        // ∫ (x − 1)^power from 1 to 3 = 2^(power + 1) / (power + 1).
        var expected = 2.0
        for power in 0..<(2 * order) {
            let integral = rule.integrate(from: 1, to: 3) { x in
                (0..<power).reduce(1.0) { product, _ in product * (x - 1) }
            }
            #expect(abs(integral - expected / Double(power + 1)) <= 1e-13 * expected, "power \(power)")
            expected *= 2
        }
        // One power further it must fail, or the test above shows nothing; the failure shrinks as 4^(−order).
        guard order <= 8 else { return }
        let beyond = rule.integrate(from: 1, to: 3) { x in
            (0..<(2 * order)).reduce(1.0) { product, _ in product * (x - 1) }
        }
        #expect(abs(beyond - expected / Double(2 * order + 1)) > 1e-13 * expected)
    }

    @Test func ordersOutOfRangeAreRefused() {
        #expect(throws: Fault.self) { try GaussLegendre(order: 0) }
        #expect(throws: Fault.self) { try GaussLegendre(order: -3) }
        #expect(throws: Fault.self) { try GaussLegendre(order: 1_000_000) }
    }
}
