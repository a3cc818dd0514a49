import Numerics

/// Finds the global maximum of ln Λ in the box of bounds of n_s and γ.
///
/// For fixed γ, ln Λ is concave in n_s, so the profile P(γ) = max over n_s is had by a safeguarded Newton iteration. Along γ
/// the function is smooth inside a cell of the interpolation and jumps between cells. Every cell is either excluded, by a
/// bound that no point of it can beat the best one seen, or searched: P′ at both of its ends tells where its maximum lies.
struct GlobalFit {
    let signalEvents: AnalysisSettings.FitParameter
    let gamma: AnalysisSettings.FitParameter
    /// Cells in the order in which they are visited: spread out first, so that a good maximum is known early.
    private let cells: [GammaCell]
    /// Stop where a Newton step can gain no more than this in ln Λ.
    private static let tolerance = 1e-13
    private static let iterationLimit = 100

    init(signalEvents: AnalysisSettings.FitParameter, gamma: AnalysisSettings.FitParameter, cells: [GammaCell]) {
        self.signalEvents = signalEvents
        self.gamma = gamma
        let coarse = 5
        let order = cells.indices.sorted { (a, b) in
            let (ka, kb) = (a % coarse == coarse / 2 ? 0 : 1, b % coarse == coarse / 2 ? 0 : 1)
            return (ka, a) < (kb, b)
        }
        self.cells = order.map { cells[$0] }
    }

    /// The maximum over n_s at one offset of the loaded cell.
    private struct Point {
        var n: Double
        var value: Likelihood.Value
    }

    /// The maximum over the events of a trial.
    func maximum(of likelihood: inout Likelihood, events: [SelectedEvents]) -> FitResult {
        likelihood.resetEvaluations()
        var best = FitResult(
            logLambda: -.infinity, signalEvents: signalEvents.minimum, gamma: gamma.start, evaluations: 0,
            convergence: .converged)
        if signalEvents.minimum == 0 { best.logLambda = 0 }
        let slopes = SlopesAtZero(events: events, grid: likelihood.grid, weights: likelihood.weights)
        var guess = signalEvents.start
        for cell in cells {
            // ln Λ is concave in n_s and 0 at n_s = 0: where its slope there is not positive, it is nowhere positive.
            if signalEvents.minimum == 0, slopes.bound(cell) <= 0 { continue }
            likelihood.load(events, cell: cell.index)
            if best.logLambda > 0, excluded(cell, &likelihood, best: best) { continue }
            search(cell, &likelihood, slopes, guess: &guess, best: &best)
        }
        best.evaluations = likelihood.evaluations
        return best
    }

    /// Whether an upper bound of ln Λ in the cell stays below the best value seen.
    ///
    /// The bound is concave in n, so it lies below each of its tangents: one that rises rules out all n up to where it reaches
    /// the best value, one that falls all n from there on.
    private func excluded(_ cell: GammaCell, _ likelihood: inout Likelihood, best: FitResult) -> Bool {
        var alive = Bracket(signalEvents.minimum, signalEvents.maximum)
        var n = best.signalEvents
        for _ in 0..<6 {
            guard let bound = likelihood.bound(n: n, shares: cell.shares, offsets: cell.offsets) else { return false }
            if bound.value > best.logLambda { return false }
            if bound.slope == 0 { return true }
            let crossing = n + (best.logLambda - bound.value) / bound.slope
            if bound.slope > 0 {
                alive.narrow(low: crossing, high: .infinity)
            } else {
                alive.narrow(low: -.infinity, high: crossing)
            }
            if alive.low >= alive.high { return true }
            n = alive.next(after: n, slope: bound.slope, curvature: bound.curvature)
        }
        return false
    }

    /// Looks for the maximum of a loaded cell and keeps it if it is better.
    private func search(
        _ cell: GammaCell, _ likelihood: inout Likelihood, _ slopes: SlopesAtZero, guess: inout Double, best: inout FitResult
    ) {
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        let left = profile(&likelihood, offset: lower, guess: guess, best: &best)
        let right = upper > lower ? profile(&likelihood, offset: upper, guess: left.n > 0 ? left.n : guess, best: &best) : left
        if right.n > 0 { guess = right.n }
        let minimum = signalEvents.minimum
        // Where n_s rests on its lower bound of 0 the profile is flat; the maximum, if any, lies inward.
        let risesAtLeft = left.value.dg > 0 || (left.n == minimum && minimum == 0)
        let fallsAtRight = right.value.dg < 0 || (right.n == minimum && minimum == 0)
        guard upper > lower, risesAtLeft, fallsAtRight else { return }
        var start = 0.5 * (lower + upper)
        if left.n == minimum, right.n == minimum, minimum == 0 {
            start = slopes.steepestOffset(cell)
            if slopes.value(cell, offset: start) <= 0 { return }
        } else {
            // The zero of P′ by linear interpolation of its values at the ends.
            let (a, b) = (left.value.dg, right.value.dg)
            if a > 0, b < 0 { start = lower + (upper - lower) * a / (a - b) }
        }
        climb(&likelihood, from: start, between: lower, and: upper, guess: max(left.n, right.n), best: &best)
    }

    /// Newton's method on P′(t) inside a bracket [low, high] with P′ > 0 at its left and P′ < 0 at its right end.
    private func climb(
        _ likelihood: inout Likelihood, from start: Double, between lower: Double, and upper: Double, guess: Double,
        best: inout FitResult
    ) {
        var (low, high, t, n) = (lower, upper, start, guess)
        for _ in 0..<Self.iterationLimit {
            let point = profile(&likelihood, offset: t, guess: n, best: &best)
            let value = point.value
            let interior = point.n > signalEvents.minimum && point.n < signalEvents.maximum
            let curvature = interior ? value.dgg - value.dng * value.dng / value.dnn : value.dgg
            if curvature < 0, value.dg * value.dg < -2 * Self.tolerance * curvature { return }
            if value.dg > 0 { low = t } else { high = t }
            if high - low < 1e-12 { return }
            var next = t - value.dg / curvature
            if !(curvature < 0) || next <= low || next >= high { next = 0.5 * (low + high) }
            n = interior ? point.n - value.dng / value.dnn * (next - t) : point.n
            t = next
        }
        best.convergence = .iterationLimit
    }

    /// The maximum over n_s at a fixed offset.
    private func profile(_ likelihood: inout Likelihood, offset: Double, guess: Double, best: inout FitResult) -> Point {
        var bracket = Bracket(signalEvents.minimum, signalEvents.maximum)
        var n = min(max(guess, signalEvents.minimum), signalEvents.maximum)
        var point = Point(n: n, value: likelihood.evaluate(n: n, offset: offset))
        for iteration in 1... {
            let (slope, curvature) = (point.value.dn, point.value.dnn)
            if slope * slope <= -2 * Self.tolerance * curvature { break }
            if (slope > 0 && n == signalEvents.maximum) || (slope < 0 && n == signalEvents.minimum) { break }
            bracket.visit(n, slope: slope)
            if bracket.high - bracket.low <= 1e-13 * bracket.high { break }
            if iteration == Self.iterationLimit {
                best.convergence = .iterationLimit
                break
            }
            n = bracket.next(after: n, slope: slope, curvature: curvature)
            point = Point(n: n, value: likelihood.evaluate(n: n, offset: offset))
        }
        if point.value.value > best.logLambda {
            best.logLambda = point.value.value
            best.signalEvents = point.n
            best.gamma = likelihood.grid.values[likelihood.cell] + offset
        }
        return point
    }
}
