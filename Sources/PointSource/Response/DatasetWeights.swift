import Numerics

/// The distribution of signal events over the datasets: f_j(θ) = Y_j / Σ Y, with derivatives (docs/model.md, section
/// 3).
public struct DatasetWeights: Sendable {
    public let yields: [SignalYield]

    /// One dataset's weight f_j(θ) and its derivatives.
    public struct Weight: Sendable {
        /// f_j in [0, 1], the dataset's share of the signal.
        public var value = 0.0
        /// df_j/dθ.
        public var slope = 0.0
        /// d²f_j/dθ².
        public var curvature = 0.0
    }

    /// The weights of all datasets at θ with their derivatives.
    func weights(parameter: Double) -> [Weight] {
        var weights = [Weight](repeating: Weight(), count: yields.count)
        // With l_j = ln Y_j and m = Σ f l′: f′ = f (l′ − m) and f″ = f ((l′ − m)² + l″ − m′).
        var total = 0.0
        var mean = 0.0
        for j in yields.indices {
            let value = yields[j].value(parameter: parameter)
            weights[j].value = value
            total += value
        }
        for j in yields.indices {
            weights[j].value /= total
            weights[j].slope = yields[j].logarithm.derivative(at: parameter)
            mean += weights[j].value * weights[j].slope
        }
        var meanSlope = 0.0
        for j in yields.indices {
            let slope = weights[j].slope
            weights[j].curvature = yields[j].logarithm.secondDerivative(at: parameter)
            weights[j].slope = weights[j].value * (slope - mean)
            meanSlope += weights[j].slope * slope + weights[j].value * weights[j].curvature
        }
        for j in weights.indices where weights[j].value > 0 {
            let relative = weights[j].slope / weights[j].value
            weights[j].curvature = weights[j].value * (relative * relative + weights[j].curvature - meanSlope)
        }
        return weights
    }

    /// The weights of all datasets at θ; they sum to 1.
    public func values(parameter: Double) -> [Double] { weights(parameter: parameter).map(\.value) }
}
