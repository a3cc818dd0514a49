import Numerics

/// The likelihood of a gamma distribution truncated from below, per observation.
///
/// With a and λ = 1/θ it is an exponential family with the statistics ln x and −x: ln L / N = (a − 1) ⟨ln x⟩ − λ ⟨x⟩
/// − ln Z(a, λ) with Z = ∫_η^∞ x^(a−1) e^(−λx) dx. Hence it is concave, its gradient is observed minus expected
/// statistics, and its Hessian is minus their covariance, which is also the inverse covariance of the fit.
struct TruncatedGammaLikelihood {
    let cut: Double
    /// ⟨ln x⟩ of the observations.
    let meanLog: Double
    /// ⟨x⟩ of the observations.
    let mean: Double

    /// The inverse information of one observation about (a, λ); 0 for a parameter that is not free.
    struct Covariance: Sendable, Equatable {
        var shape = 0.0
        var rate = 0.0
        var mixed = 0.0
    }

    /// The bounds of (a, λ).
    struct Box {
        let shapes: ClosedRange<Double>
        let rates: ClosedRange<Double>

        /// - Parameter bounds: the bounds of both the shape and the scale 1/λ.
        init(_ bounds: ClosedRange<Double>) {
            shapes = bounds
            rates = (1 / bounds.upperBound)...(1 / bounds.lowerBound)
        }

        func projected(_ shape: Double, _ rate: Double) -> (shape: Double, rate: Double) {
            func clamped(_ value: Double, _ range: ClosedRange<Double>) -> Double {
                min(max(value, range.lowerBound), range.upperBound)
            }
            return (clamped(shape, shapes), clamped(rate, rates))
        }

        /// Which parameters can move along the gradient without leaving the box.
        func free(
            _ shape: Double, _ rate: Double, gradient: (shape: Double, rate: Double)
        ) -> (shape: Bool, rate: Bool) {
            func isFree(_ value: Double, _ gradient: Double, _ range: ClosedRange<Double>) -> Bool {
                !(value <= range.lowerBound && gradient < 0) && !(value >= range.upperBound && gradient > 0)
            }
            return (isFree(shape, gradient.shape, shapes), isFree(rate, gradient.rate, rates))
        }

        static func isInside(_ value: Double, _ range: ClosedRange<Double>) -> Bool {
            value > range.lowerBound && value < range.upperBound
        }
    }

    /// The maximum within a box.
    struct Maximum {
        var shape: Double
        var rate: Double
        var isAtBound: Bool
        var covariance: Covariance
    }

    /// ln Z, and the means and covariance of (ln x, x) under the model: minus the first and the second derivatives of
    /// ln Z by (−a, λ).
    struct Moments {
        var logNorm: Double
        var log: Double
        var value: Double
        var logVariance: Double
        var valueVariance: Double
        var mixedCovariance: Double
    }

    /// Newton's method with backtracking, projected on the box; the function is concave, so it ends at the maximum.
    /// λ is fitted unless it is given.
    func maximum(within box: Box, fixedRate: Double? = nil) -> Maximum {
        var (shape, rate) = (0.75, fixedRate ?? 1 / 1.8)
        var moments = moments(shape, rate)
        for _ in 0..<200 {
            let gradient = (shape: meanLog - moments.log, rate: moments.value - mean)
            var free = box.free(shape, rate, gradient: gradient)
            if fixedRate != nil { free.rate = false }
            let inverse = Self.inverseInformation(moments, free: free)
            let step = (
                shape: inverse.shape * gradient.shape + inverse.mixed * gradient.rate,
                rate: inverse.mixed * gradient.shape + inverse.rate * gradient.rate
            )
            let before = logLikelihood(shape, rate, moments)
            var length = 1.0
            var moved = false
            while length > 1e-10 {
                let (nextShape, nextRate) = box.projected(shape + length * step.shape, rate + length * step.rate)
                let next = self.moments(nextShape, nextRate)
                if logLikelihood(nextShape, nextRate, next) >= before {
                    moved = abs(nextShape - shape) > 1e-13 * shape || abs(nextRate - rate) > 1e-13 * rate
                    (shape, rate, moments) = (nextShape, nextRate, next)
                    break
                }
                length /= 2
            }
            if !moved { break }
        }
        let isInside = (shape: Box.isInside(shape, box.shapes), rate: Box.isInside(rate, box.rates))
        return Maximum(
            shape: shape, rate: rate, isAtBound: !(isInside.shape && isInside.rate),
            covariance: Self.inverseInformation(moments, free: (isInside.shape, isInside.rate && fixedRate == nil)))
    }

    private func logLikelihood(_ shape: Double, _ rate: Double, _ moments: Moments) -> Double {
        (shape - 1) * meanLog - rate * mean - moments.logNorm
    }

    private func moments(_ shape: Double, _ rate: Double) -> Moments {
        Self.moments(cut: cut, shape: shape, rate: rate)
    }

    /// The inverse of the covariance of the statistics (ln x, −x) among the free parameters.
    private static func inverseInformation(_ moments: Moments, free: (shape: Bool, rate: Bool)) -> Covariance {
        let (shape, rate, mixed) = (moments.logVariance, moments.valueVariance, -moments.mixedCovariance)
        switch free {
        case (true, true):
            let determinant = shape * rate - mixed * mixed
            return Covariance(shape: rate / determinant, rate: shape / determinant, mixed: -mixed / determinant)
        case (true, false): return Covariance(shape: 1 / shape)
        case (false, true): return Covariance(rate: 1 / rate)
        case (false, false): return Covariance()
        }
    }

    /// The moments above a cut by Gauss–Legendre quadrature in t = λ (x − η), on panels that widen with t; e^(−λη) is
    /// factored out.
    ///
    /// The moments are computed about (ln η, η), where they do not cancel, and then shifted.
    static func moments(cut: Double, shape: Double, rate: Double) -> Moments {
        var (norm, log, value, logLog, logValue, valueValue) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        let logCut = Portable.log(cut)
        for node in nodes {
            let distance = node.t / rate
            let excess = Portable.log1p(distance / cut)
            let weight = node.weight * Portable.exp((shape - 1) * excess - node.t)
            norm += weight
            log += weight * excess
            value += weight * distance
            logLog += weight * excess * excess
            logValue += weight * excess * distance
            valueValue += weight * distance * distance
        }
        let (meanExcess, meanDistance) = (log / norm, value / norm)
        return Moments(
            logNorm: Portable.log(norm / rate) - rate * cut + (shape - 1) * logCut,
            log: logCut + meanExcess, value: cut + meanDistance,
            logVariance: logLog / norm - meanExcess * meanExcess,
            valueVariance: valueValue / norm - meanDistance * meanDistance,
            mixedCovariance: logValue / norm - meanExcess * meanDistance)
    }

    /// Nodes in t and weights of the composite rule; the part beyond t = 120 is below 1e-30 of the whole.
    private static let nodes: [(t: Double, weight: Double)] = {
        guard let rule = try? GaussLegendre(order: 24) else { return [] }
        let edges = [0, 0.0625, 0.25, 1, 3, 8, 20, 50, 120.0]
        return zip(edges, edges.dropFirst()).flatMap { low, high in
            zip(rule.nodes, rule.weights).map { node, weight in
                (0.5 * (low + high) + 0.5 * (high - low) * node, 0.5 * (high - low) * weight)
            }
        }
    }()
}
