import Numerics

/// The cells of the γ grid that can still contain the maximum of ln Λ, and the choice of the next cell to search. One
/// per thread, reused.
struct CellChoice {
    private let cells: [ParameterCell]
    /// Whether a cell may still contain the maximum.
    private var isOpen: [Bool]
    /// Cells that were closed for the n of the pass, but not for larger n.
    private var isPending: [Bool]
    private var atZero: TangentBound
    private var atReference: TangentBound
    /// Tangents at a larger n than the best: if G is negative there, large n are excluded.
    private var atUpper: TangentBound
    private var upper = Upper.unset
    private let overview: ProfileOverview
    /// Lanes of eight grid points in which a cell is open.
    private var lanes: [Bool]
    /// The range of n in the current pass, and the fit's largest n.
    private var range = 0.0...0.0
    private var largest = 0.0

    private enum Upper {
        case unset, set, impossible
    }

    /// The smallest gain in ln Λ that counts.
    private static let tolerance = 1e-9
    /// The larger n, as a multiple of the first point's n.
    private static let upperFactor = 2.0

    init(cells: [ParameterCell], datasets: [DatasetEvents]) {
        self.cells = cells
        isOpen = [Bool](repeating: false, count: cells.count)
        overview = ProfileOverview(cells: cells, datasets: datasets)
        isPending = isOpen
        atZero = TangentBound(datasets: datasets)
        atReference = TangentBound(datasets: datasets)
        atUpper = TangentBound(datasets: datasets)
        lanes = [Bool](repeating: false, count: datasets[0].rows.lanesPerRow)
    }

    /// Opens all cells in which ln Λ can exceed its value 0 at n = 0.
    ///
    /// - Parameters:
    ///   - range: the range of n in this pass; if it does not start at 0, all cells are open.
    ///   - largest: the fit's largest n; a cell that is closed for the pass but not up to there is pending.
    mutating func open(_ likelihood: Likelihood, range: ClosedRange<Double>, largest: Double) {
        (self.range, self.largest, upper) = (range, largest, .unset)
        atZero.setReferenceToZero(likelihood.datasets)
        for i in cells.indices {
            // A bound that is not a number excludes nothing: the search then finds that ln Λ is not a number.
            isOpen[i] = range.lowerBound > 0 || !(atZero.upperBound(in: cells[i]) <= 0)
            isPending[i] = false
        }
    }

    /// An open cell close to the approximate maximum of ln Λ, with n there; nil if none is open.
    func start(_ likelihood: Likelihood) -> (cell: Int, signalEvents: Double)? {
        guard isOpen.contains(true) else { return nil }
        let maximum = overview.maximum(likelihood.datasets)
        let wanted = maximum.point - Double(cells[0].index)
        let cell = cells.indices.lazy.filter { isOpen[$0] }.min { abs(Double($0) - wanted) < abs(Double($1) - wanted) }
        return cell.map { ($0, maximum.signalEvents) }
    }

    /// The offset of a cell with the largest slope at n = 0, and that slope.
    func steepest(_ cell: Int) -> (offset: Double, slope: Double) {
        let offset = atZero.steepestOffset(cells[cell])
        return (offset, atZero.value(cells[cell], offset: offset))
    }

    /// Closes a cell after its search, and all cells in which tangents show that ln Λ cannot exceed the best value so
    /// far: tangents at a point of the searched cell, and at a larger n of the first such point.
    ///
    /// - Parameters:
    ///   - likelihood: has entered that cell.
    ///   - reference: the best point of that cell.
    mutating func narrow(_ likelihood: Likelihood, reference: FitResult, in cell: Int, exceeding best: Double) {
        isOpen[cell] = false
        guard reference.logLambda.isFinite, isOpen.contains(true) else { return }
        markLanes(with: cell)
        guard atReference.setReference(likelihood, reference, in: cells[cell], value: reference.logLambda, lanes: lanes)
        else { return }
        let limit = best + Self.tolerance
        for i in cells.indices where isOpen[i] {
            let slope = atReference.upperBound(in: cells[i])
            // The n up to which the tangents at the reference exclude the cell.
            let reach: Double
            if slope <= 0 {
                reach = atReference.constant + slope * range.lowerBound <= limit ? .infinity : -.infinity
            } else {
                reach = (limit - atReference.constant) / slope
            }
            if reach < largest, reach > reference.signalEvents, excludesBeyond(reach, i, limit) {
                isOpen[i] = false
            } else if reach >= range.upperBound {
                isOpen[i] = false
                isPending[i] = reach < largest
            } else if reach > reference.signalEvents, upper == .unset {
                var higher = reference
                higher.signalEvents = min(Self.upperFactor * reference.signalEvents + 1, range.upperBound)
                let isSet = atUpper.setReference(likelihood, higher, in: cells[cell], value: nil, lanes: lanes)
                upper = isSet ? .set : .impossible
                if excludesBeyond(reach, i, limit) { isOpen[i] = false }
            }
        }
    }

    /// Whether the tangents at a larger n show that ln Λ in a cell stays below a limit from n on.
    private func excludesBeyond(_ n: Double, _ cell: Int, _ limit: Double) -> Bool {
        guard upper == .set else { return false }
        let slope = atUpper.upperBound(in: cells[cell])
        return slope <= 0 && atUpper.constant + slope * n <= limit
    }

    /// Whether a cell is pending.
    var hasPending: Bool { isPending.contains(true) }

    /// Whether tangents show that no n beyond the pass' largest makes a pending cell better than the best value so far.
    ///
    /// - Parameters:
    ///   - likelihood: has entered the cell of the reference.
    ///   - reference: a point with the pass' largest n; its ln Λ is not used.
    mutating func excludesPending(
        _ likelihood: Likelihood, reference: FitResult, in cell: Int, exceeding best: Double
    ) -> Bool {
        for i in cells.indices { isOpen[i] = isPending[i] }
        markLanes(with: cell)
        guard atUpper.setReference(likelihood, reference, in: cells[cell], value: nil, lanes: lanes) else {
            return false
        }
        upper = .set
        let limit = best + Self.tolerance
        return cells.indices.allSatisfy { !isPending[$0] || excludesBeyond(reference.signalEvents, $0, limit) }
    }

    /// Marks the lanes of a cell and of the open cells.
    private mutating func markLanes(with cell: Int) {
        for lane in lanes.indices { lanes[lane] = false }
        for i in cells.indices where isOpen[i] || i == cell {
            lanes[(cells[i].index - 1) / 8] = true
            lanes[(cells[i].index + 1) / 8] = true
        }
    }

    /// The open cell to search next: a neighbour of the best one, where the maximum may still rise; otherwise the middle of
    /// the longest run of open cells, whose tangents exclude most.
    func next(best cell: Int) -> Int? {
        for neighbour in [cell - 1, cell + 1] where isOpen.indices.contains(neighbour) && isOpen[neighbour] {
            return neighbour
        }
        var (longest, length) = ((start: 0, length: 0), 0)
        for (i, open) in isOpen.enumerated() {
            length = open ? length + 1 : 0
            if length > longest.length { longest = (i + 1 - length, length) }
        }
        return longest.length > 0 ? longest.start + longest.length / 2 : nil
    }
}
