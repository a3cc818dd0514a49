import Numerics

/// The likelihood of a tail's distribution under the condition P(TS > t) = p.
struct TailProfile {
    private let fit: TruncatedGamma
    private let number: Double
    private let below: Double
    private let maximum: Double
    /// The moments of the fitted distribution above its cut.
    private let near: TruncatedGammaLikelihood.Moments

    init(_ fit: TruncatedGamma) {
        self.fit = fit
        number = Double(fit.trialsAbove)
        below = Double(fit.trials - fit.trialsAbove)
        near = TruncatedGammaLikelihood.moments(cut: fit.cut, shape: fit.shape, rate: 1 / fit.scale)
        let fraction = fit.fractionAbove
        let binomial = number * Portable.log(fraction) + (below > 0 ? below * Portable.log1p(-fraction) : 0)
        maximum =
            (fit.shape - 1) * fit.sums.sumOfLogs - fit.sums.sum / fit.scale - number * near.logNorm + binomial
    }

    /// A threshold with the logarithm of the tail above it.
    typealias Condition = (ts: Double, logTail: Double)

    /// The x at which 2 Δ ln L of a condition that depends on x reaches the square of `deviations` times
    /// ``inflation(ofTail:)``, on both sides of the maximum at `centre`.
    ///
    /// - Parameters:
    ///   - step: about one standard deviation of x.
    ///   - bound: x is larger than this.
    func interval(
        around centre: Double, step: Double, deviations: Double, above bound: Double, _ condition: (Double) -> Condition
    ) -> (low: Double, high: Double) {
        func end(_ direction: Double) -> Double {
            var start = (shape: fit.shape, rate: 1 / fit.scale)
            /// √(2 Δ ln L) minus the required value, which is nearly linear in x; nil if no distribution meets the
            /// condition.
            func excess(_ x: Double) -> Double? {
                let condition = condition(x)
                guard let found = climb(condition, from: start) else { return nil }
                let wanted = deviations * inflation(ofTail: condition.ts).squareRoot()
                let excess = max(0, 2 * (maximum - found.value)).squareRoot() - wanted
                if excess < 0 { start = (found.shape, found.rate) }
                return excess
            }
            var (inside, outside) = (centre, centre)
            var insideExcess = -deviations
            var outsideExcess: Double?
            var length = deviations * step
            for _ in 0..<60 {
                outside = max(bound, inside + direction * length)
                outsideExcess = outside > bound ? excess(outside) : nil
                guard let value = outsideExcess, value < 0 else { break }
                (inside, insideExcess) = (outside, value)
                length *= 1.5
            }
            // Regula falsi (Illinois), or bisection where one end has no value.
            for _ in 0..<60 where abs(outside - inside) > 1e-5 * step {
                let share = outsideExcess.map { insideExcess / (insideExcess - $0) } ?? 0.5
                let next = inside + min(max(share, 0.01), 0.99) * (outside - inside)
                let found = excess(next)
                if let found, abs(found) < 1e-5 { return next }
                if let found, found < 0 {
                    (inside, insideExcess) = (next, found)
                    outsideExcess = outsideExcess.map { $0 * 0.5 }
                } else {
                    (outside, outsideExcess) = (next, found)
                    insideExcess *= 0.5
                }
            }
            return inside
        }
        return (end(-1), end(1))
    }

    /// A point in parameter space with its likelihood and the derivatives with respect to (a, 1/θ).
    private struct Point {
        var shape: Double
        var rate: Double
        var value: Double
        var gradient: (shape: Double, rate: Double)
        /// Minus the second derivatives.
        var curvature: (shape: Double, rate: Double, mixed: Double)
    }

    /// The likelihood under a condition; nil if the condition would put all trials above the cut, or more.
    ///
    /// With ln α = ln p + ln Z(η) − ln Z(t), ln L = (a − 1) Σ ln x − λ Σ x − N ln Z(η) + N ln α + (n − N) ln(1 − α);
    /// the derivatives of ln Z by (a, λ) are the means and covariances of (ln x, −x) above the respective cut.
    private func point(_ condition: Condition, _ shape: Double, _ rate: Double) -> Point? {
        let near = TruncatedGammaLikelihood.moments(cut: fit.cut, shape: shape, rate: rate)
        let far = TruncatedGammaLikelihood.moments(cut: condition.ts, shape: shape, rate: rate)
        let logFraction = condition.logTail + near.logNorm - far.logNorm
        let fraction = Portable.exp(logFraction)
        let rest = 1 - fraction
        guard rest > 0 else { return nil }
        let odds = below * fraction / rest
        let (shapeShift, rateShift) = (near.log - far.log, far.value - near.value)
        return Point(
            shape: shape, rate: rate,
            value: (shape - 1) * fit.sums.sumOfLogs - rate * fit.sums.sum - number * far.logNorm
                + number * condition.logTail + below * Portable.log(rest),
            gradient: (
                fit.sums.sumOfLogs - number * far.log - odds * shapeShift,
                -fit.sums.sum + number * far.value - odds * rateShift
            ),
            curvature: (
                number * far.logVariance + odds * (near.logVariance - far.logVariance + shapeShift * shapeShift / rest),
                number * far.valueVariance
                    + odds * (near.valueVariance - far.valueVariance + rateShift * rateShift / rest),
                -number * far.mixedCovariance
                    + odds * (far.mixedCovariance - near.mixedCovariance + shapeShift * rateShift / rest)
            ))
    }

    /// The largest likelihood under a condition, by Newton's method with Levenberg's damping within the box of the fit.
    private func climb(
        _ condition: Condition, from start: (shape: Double, rate: Double)
    ) -> (value: Double, shape: Double, rate: Double)? {
        guard var here = point(condition, start.shape, start.rate) else { return nil }
        var damping = 1e-6
        for _ in 0..<100 {
            var free = TruncatedGamma.box.free(here.shape, here.rate, gradient: here.gradient)
            if fit.model == .chiSquare { free.rate = false }
            var moved = false
            while damping < 1e12 {
                let step = Self.step(here, damping, free.shape, free.rate)
                let (shape, rate) = TruncatedGamma.box.projected(here.shape + step.shape, here.rate + step.rate)
                if let next = point(condition, shape, rate), next.value >= here.value {
                    moved = next.value - here.value > 1e-9
                    here = next
                    damping = max(1e-9, damping / 10)
                    break
                }
                damping *= 10
            }
            if !moved { break }
        }
        return (here.value, here.shape, here.rate)
    }

    /// The step that solves (curvature + damping · its diagonal) step = gradient for the free parameters.
    private static func step(
        _ point: Point, _ damping: Double, _ isShapeFree: Bool, _ isRateFree: Bool
    ) -> (shape: Double, rate: Double) {
        let shape = abs(point.curvature.shape) * damping + point.curvature.shape
        let rate = abs(point.curvature.rate) * damping + point.curvature.rate
        let mixed = point.curvature.mixed
        let determinant = shape * rate - mixed * mixed
        switch (isShapeFree, isRateFree) {
        case (true, true) where shape > 0 && determinant > 0:
            return (
                (rate * point.gradient.shape - mixed * point.gradient.rate) / determinant,
                (shape * point.gradient.rate - mixed * point.gradient.shape) / determinant
            )
        case (false, false): return (0, 0)
        default:
            // Not concave here, or only one free parameter: a step along each axis, shortened by the damping.
            let (a, b) = (abs(shape) * (1 + damping), abs(rate) * (1 + damping))
            return (
                isShapeFree && a > 0 ? point.gradient.shape / a : 0, isRateFree && b > 0 ? point.gradient.rate / b : 0
            )
        }
    }

    /// The standard error of the threshold at `ts` to first order, used as the step of the interval's search.
    func deviation(ofThreshold ts: Double) -> Double {
        let tail = moments(above: ts)
        // The density at ts divided by the tail is d ln(tail) / d ts.
        let hazard = Portable.exp((fit.shape - 1) * Portable.log(ts) - ts / fit.scale - tail.logNorm)
        return (max(0, variance(ofTail: tail).fit) / number).squareRoot() / hazard
    }

    /// The ratio of the actual variance of the logarithm of the tail above `ts` to its variance if the trials above the
    /// cut followed the fitted distribution; at least 1, since the variance is not well known for few trials.
    ///
    /// If the trials deviate from the distribution, the scatter of the fit is theirs, which the likelihood does not
    /// take into account: it must be divided by this ratio (R. Royall and T.-S. Tsou, J. R. Stat. Soc. B 65 (2003) 391;
    /// the variance is that of H. White, Econometrica 50 (1982) 1).
    func inflation(ofTail ts: Double) -> Double {
        let variance = variance(ofTail: moments(above: ts))
        return variance.fit > 0 ? max(1, variance.trials / variance.fit) : 1
    }

    private func moments(above ts: Double) -> TruncatedGammaLikelihood.Moments {
        TruncatedGammaLikelihood.moments(cut: ts, shape: fit.shape, rate: 1 / fit.scale)
    }

    /// The variance of ln P(TS > ts) for one trial above the cut, to first order: by the distribution, and by the
    /// observed covariance of the trials.
    private func variance(ofTail far: TruncatedGammaLikelihood.Moments) -> (fit: Double, trials: Double) {
        // d ln(tail) by a and 1/θ; ln α adds the binomial 1 − α.
        let (byShape, byRate) = (far.log - near.log, near.value - far.value)
        let inverse = fit.covariance
        let binomial = 1 - fit.fractionAbove
        let byFit =
            byShape * byShape * inverse.shape + byRate * byRate * inverse.rate + 2 * byShape * byRate * inverse.mixed
        // The change of the parameters with a trial's (ln x, −x), and its variance.
        let logWeight = inverse.shape * byShape + inverse.mixed * byRate
        let valueWeight = inverse.mixed * byShape + inverse.rate * byRate
        let seen = fit.sums.covariance
        let trials =
            logWeight * logWeight * seen.log + valueWeight * valueWeight * seen.value
            - 2 * logWeight * valueWeight * seen.mixed
        return (byFit + binomial, trials + binomial)
    }
}
