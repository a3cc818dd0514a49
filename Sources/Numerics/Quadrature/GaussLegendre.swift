import Diagnostics

/// The Gauss–Legendre rule of a given order: exact for polynomials up to degree 2 · order − 1.
///
/// Nodes and weights are computed with doubled precision and then rounded, so that each is correct to the last place or
/// two.
public struct GaussLegendre: Sendable, Equatable {
    /// The largest valid order; the cost grows with its square.
    public static let maximumOrder = 4096

    /// The nodes, increasing, in (−1, 1); symmetric to the last bit.
    public let nodes: [Double]
    /// The weights; their sum is 2.
    public let weights: [Double]

    /// The rule with `order` nodes.
    ///
    /// - Throws: `Fault` of kind `usage` for an order outside 1...``maximumOrder``.
    public init(order: Int) throws {
        guard (1...Self.maximumOrder).contains(order) else {
            throw Fault(
                .usage, "Gauss-Legendre order \(order) is outside 1...\(Self.maximumOrder)",
                remedy: "choose an order from 1 to \(Self.maximumOrder)")
        }
        var nodes = [Double](repeating: 0, count: order)
        var weights = nodes
        for index in 0..<((order + 1) / 2) {
            let isCentre = 2 * index + 1 == order
            let (node, weight) = Self.node(order: order, fromAbove: index, isCentre: isCentre)
            nodes[index] = -node
            nodes[order - 1 - index] = node
            weights[index] = weight
            weights[order - 1 - index] = weight
        }
        self.nodes = nodes
        self.weights = weights
    }

    /// ∫ f over [lower, upper]; the function is called once at each node, from lower to upper.
    @inlinable
    public func integrate(
        from lower: Double, to upper: Double, _ function: (Double) throws -> Double
    ) rethrows -> Double {
        let centre = 0.5 * (lower + upper)
        let halfWidth = 0.5 * (upper - lower)
        var sum = 0.0
        for index in nodes.indices {
            sum += weights[index] * (try function(centre + halfWidth * nodes[index]))
        }
        return sum * halfWidth
    }
}

extension GaussLegendre {
    /// The zero of P_n that is `index` places below the largest, and its weight 2 / ((1 − x²) P_n'(x)²).
    private static func node(order: Int, fromAbove index: Int, isCentre: Bool) -> (node: Double, weight: Double) {
        var x = DoubleDouble(isCentre ? 0 : guess(order: order, fromAbove: index))
        // Each step squares the error: from 1e-4 or better three steps reach 1e-30, the fourth is for the largest
        // orders.
        for _ in 0..<(isCentre ? 0 : 4) {
            let (value, derivative) = legendre(order, x)
            x = x - value / derivative
        }
        let (_, derivative) = legendre(order, x)
        let weight = DoubleDouble(2) / ((DoubleDouble(1) - x * x) * derivative * derivative)
        return (x.high, weight.high)
    }

    /// P_n(x) and P_n'(x) by the three-term recurrence (DLMF 18.9.1 and 18.9.18).
    private static func legendre(_ order: Int, _ x: DoubleDouble) -> (value: DoubleDouble, derivative: DoubleDouble) {
        var previous = DoubleDouble(1)
        var value = x
        for degree in 1..<max(1, order) {
            let k = DoubleDouble(Double(degree))
            let next =
                (DoubleDouble(Double(2 * degree + 1)) * x * value - k * previous) / DoubleDouble(Double(degree + 1))
            previous = value
            value = next
        }
        let n = DoubleDouble(Double(order))
        return (value, n * (previous - x * value) / (DoubleDouble(1) - x * x))
    }

    /// (1 − (n − 1) / (8 n³)) cos(π (4 i + 3) / (4 n + 2)), Tricomi's approximation (DLMF 18.16.14 has the next terms).
    private static func guess(order: Int, fromAbove index: Int) -> Double {
        let n = Double(order)
        let angle = Double.pi * (4 * Double(index) + 3) / (4 * n + 2)
        // cos by its power series: 1e-12 on [0, π/2] is more than enough for a first guess.
        let square = angle * angle
        var cosine = 0.0
        for term in stride(from: 10, through: 1, by: -1) {
            cosine = (1 + cosine) * -square / Double((2 * term - 1) * (2 * term))
        }
        return (1 - (n - 1) / (8 * n * n * n)) * (1 + cosine)
    }
}
