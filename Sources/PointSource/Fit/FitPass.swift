/// One pass of the fit over all cells, with the best point found so far.
struct FitPass {
    var best: FitResult
    /// The best point of the current cell, and the cell of the overall best point.
    private var bestInCell: FitResult
    private var bestCell = 0
    /// Whether a larger n_s than that of the pass may be better: ln Λ still increases there although the fit's bound is
    /// higher, or a cell could not be excluded beyond it.
    private(set) var reachedLimit = false
    private let fit: GlobalFit
    private let minimum: Double
    /// The largest n_s of this pass.
    private let maximum: Double
    /// The start of the next search along n_s.
    private var guess: Double

    /// The search stops when a Newton step gains at most this in ln Λ.
    private static let tolerance = 1e-13
    /// If ln Λ is below the best by more than the margin, the search stops when a Newton step gains at most this.
    private static let margin = 1e-2
    private static let roughTolerance = 1e-5
    private static let iterationLimit = 100

    init(_ fit: GlobalFit, limit: Double) {
        self.fit = fit
        minimum = fit.signalEvents.minimum
        maximum = min(fit.signalEvents.maximum, max(limit, minimum))
        guess = min(fit.signalEvents.start, maximum)
        best = FitResult(
            logLambda: minimum == 0 ? 0 : -.infinity, signalEvents: minimum, gamma: fit.parameter.start, evaluations: 0,
            convergence: .converged)
        bestInCell = best
    }

    mutating func run(_ workspace: inout FitWorkspace) {
        workspace.choice.open(workspace.likelihood, range: minimum...maximum, largest: fit.signalEvents.maximum)
        guard let start = workspace.choice.start(workspace.likelihood) else { return }
        if minimum == 0 { guess = min(max(start.signalEvents, 0.1), maximum) }
        bestCell = start.cell
        var next: Int? = start.cell
        while let cell = next {
            workspace.likelihood.enter(cell: fit.cells[cell].index)
            bestInCell.logLambda = -.infinity
            search(cell, &workspace)
            if reachedLimit || best.convergence == .notFinite { return }
            if bestInCell.logLambda == best.logLambda { bestCell = cell }
            workspace.choice.narrow(workspace.likelihood, reference: bestInCell, in: cell, exceeding: best.logLambda)
            next = workspace.choice.next(best: bestCell)
        }
        if workspace.choice.hasPending { reachedLimit = !excludesLargerSignal(&workspace) }
    }

    /// Whether no n beyond the pass' largest can improve a cell that was closed for the n of the pass.
    private func excludesLargerSignal(_ workspace: inout FitWorkspace) -> Bool {
        var reference = best
        reference.signalEvents = maximum
        let cell = fit.cells[bestCell]
        reference.gamma = min(
            max(best.gamma, cell.centre + cell.offsets.lowerBound), cell.centre + cell.offsets.upperBound)
        workspace.likelihood.enter(cell: cell.index)
        return workspace.choice.excludesPending(
            workspace.likelihood, reference: reference, in: bestCell, exceeding: best.logLambda)
    }

    /// Searches the maximum of a cell and keeps it if it is better.
    private mutating func search(_ index: Int, _ workspace: inout FitWorkspace) {
        let cell = fit.cells[index]
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        let left = profile(workspace.likelihood, offset: lower, shares: cell.sharesAtLower)
        let right = upper > lower ? profile(workspace.likelihood, offset: upper, shares: cell.sharesAtUpper) : left
        // Where n_s is at its lower bound of 0 the profile is flat; a maximum, if any, is further inside.
        let (flatAtLeft, flatAtRight) = (minimum == 0 && left.n == 0, minimum == 0 && right.n == 0)
        let (rise, fall) = (left.value.dg, right.value.dg)
        guard upper > lower, rise > 0 || flatAtLeft, fall < 0 || flatAtRight else { return }
        var start = 0.5 * (lower + upper)
        if flatAtLeft, flatAtRight {
            let steepest = workspace.choice.steepest(index)
            if steepest.slope <= 0 { return }
            start = steepest.offset
        } else if rise > 0, fall < 0 {
            // The zero of P′ by linear interpolation of its values at the ends.
            start = lower + (upper - lower) * rise / (rise - fall)
        }
        climb(workspace.likelihood, from: start, between: lower, and: upper)
    }

    /// Newton's method on P′(t) inside a bracket with P′ > 0 at its left and P′ < 0 at its right end.
    private mutating func climb(
        _ likelihood: Likelihood, from start: Double, between lower: Double, and upper: Double
    ) {
        var (low, high, t) = (lower, upper, start)
        for _ in 0..<Self.iterationLimit {
            let (n, value) = profile(likelihood, offset: t, shares: nil)
            let isInside = n > minimum && n < maximum
            let curvature = isInside ? value.dgg - value.dng * value.dng / value.dnn : value.dgg
            if curvature < 0, value.dg * value.dg < -2 * Self.tolerance * curvature { return }
            if value.dg > 0 { low = t } else { high = t }
            if high - low < 1e-12 || reachedLimit || best.convergence == .notFinite { return }
            var next = t - value.dg / curvature
            if !(curvature < 0) || next <= low || next >= high { next = 0.5 * (low + high) }
            if isInside { guess = n - value.dng / value.dnn * (next - t) }
            t = next
        }
        best.convergence = .iterationLimit
    }

    /// The maximum over n_s at a fixed offset in the cell; `shares` are the datasets' shares there, if known.
    private mutating func profile(_ likelihood: Likelihood, offset: Double, shares: [DatasetWeights.Weight]?)
        -> (n: Double, value: Likelihood.Value)
    {
        let shares = shares ?? likelihood.weights.weights(parameter: likelihood.parameter(at: offset))
        var bracket = Bracket(minimum, maximum)
        var n = min(max(guess, minimum), maximum)
        var value = likelihood.evaluate(n: n, offset: offset, shares: shares)
        best.evaluations += 1
        for iteration in 1... {
            let (slope, curvature) = (value.dn, value.dnn)
            if value.value.isNaN || value.value == .infinity {
                best.convergence = .notFinite
                break
            }
            let tolerance = value.value < best.logLambda - Self.margin ? Self.roughTolerance : Self.tolerance
            // Where n reaches N_j ln Λ is −∞, and so are slope and curvature: the maximum is at a smaller n.
            let isFlat = slope.isFinite && slope * slope <= -2 * tolerance * curvature
            if isFlat || (slope < 0 && n == minimum) { break }
            if slope > 0, n == maximum {
                reachedLimit = maximum < fit.signalEvents.maximum
                break
            }
            bracket.visit(n, slope: slope)
            if bracket.high - bracket.low <= 1e-13 * bracket.high { break }
            if iteration == Self.iterationLimit {
                best.convergence = .iterationLimit
                break
            }
            n = bracket.next(after: n, slope: slope, curvature: curvature)
            value = likelihood.evaluate(n: n, offset: offset, shares: shares)
            best.evaluations += 1
        }
        if value.value > bestInCell.logLambda {
            bestInCell.logLambda = value.value
            bestInCell.signalEvents = n
            bestInCell.gamma = likelihood.parameter(at: offset)
            if value.value > best.logLambda {
                best.logLambda = value.value
                best.signalEvents = n
                best.gamma = bestInCell.gamma
            }
        }
        if n > 0 { guess = n }
        return (n, value)
    }
}
