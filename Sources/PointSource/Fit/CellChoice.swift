import Numerics

/// Which cells of the γ grid can still hold the maximum of ln Λ, and which of them to search next. One per thread,
/// reused.
struct CellChoice {
    private let cells: [GammaCell]
    /// Whether a cell may still hold the maximum.
    private var isOpen: [Bool]
    /// Cells that were closed for the n of the pass, but not for larger ones.
    private var isPending: [Bool]
    private var atZero: TangentBound
    private var atReference: TangentBound
    /// Tangents at a larger n than the best: where G is negative there, large n are excluded.
    private var atUpper: TangentBound
    private var upper = Upper.notTaken
    private let overview: ProfileOverview
    /// Lanes of eight grid points in which a cell is open.
    private var lanes: [Bool]

    private enum Upper {
        case notTaken, taken, impossible
    }

    /// A possible gain in ln Λ below this is none.
    private static let tolerance = 1e-9
    /// The larger n, by which multiple of the first point's.
    private static let upperFactor = 2.0

    init(cells: [GammaCell], datasets: [DatasetEvents]) {
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
    /// - Parameter range: of n; where it does not begin at 0, all cells are open.
    mutating func open(_ datasets: [DatasetEvents], range: ClosedRange<Double>) {
        upper = .notTaken
        atZero.takeZero(datasets)
        for i in cells.indices {
            isOpen[i] = range.lowerBound > 0 || atZero.largest(cells[i]) > 0
            isPending[i] = false
        }
    }

    /// An open cell close to where ln Λ seems to be largest, with n there; nil if none is open.
    func start(_ datasets: [DatasetEvents]) -> (cell: Int, signalEvents: Double)? {
        guard isOpen.contains(true) else { return nil }
        let maximum = overview.maximum(datasets)
        let wanted = maximum.point - Double(cells[0].index)
        let cell = cells.indices.lazy.filter { isOpen[$0] }.min { abs(Double($0) - wanted) < abs(Double($1) - wanted) }
        return cell.map { ($0, maximum.signalEvents) }
    }

    /// The offset of a cell at which the slope at n = 0 is largest, and that slope.
    func steepest(_ cell: Int) -> (offset: Double, slope: Double) {
        let offset = atZero.steepestOffset(cells[cell])
        return (offset, atZero.value(cells[cell], offset: offset))
    }

    /// Closes a cell that was searched, and all cells in which tangents show that ln Λ cannot exceed the best value seen:
    /// those at a point of the searched cell, and those at a larger n of the first point that was given.
    ///
    /// - Parameters:
    ///   - near: the datasets' events in that cell.
    ///   - range: of n in this pass.
    ///   - largest: the fit's largest n; a cell that is closed for the pass but not up to there is pending.
    mutating func narrow(
        _ datasets: [DatasetEvents], near: [CellEvents], weights: DatasetWeights, reference: FitResult, cell: Int,
        exceeding best: Double,
        range: ClosedRange<Double>, largest: Double
    ) {
        isOpen[cell] = false
        guard reference.logLambda.isFinite, isOpen.contains(true) else { return }
        markLanes(with: cell)
        guard
            Self.take(
                &atReference, datasets, near, weights, reference, cells[cell], value: reference.logLambda, lanes: lanes)
        else { return }
        let limit = best + Self.tolerance
        for i in cells.indices where isOpen[i] {
            let slope = atReference.largest(cells[i])
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
            } else if reach > reference.signalEvents, upper == .notTaken {
                var higher = reference
                higher.signalEvents = min(Self.upperFactor * reference.signalEvents + 1, range.upperBound)
                let isTaken = Self.take(
                    &atUpper, datasets, near, weights, higher, cells[cell], value: nil, lanes: lanes)
                upper = isTaken ? .taken : .impossible
                if excludesBeyond(reach, i, limit) { isOpen[i] = false }
            }
        }
    }

    /// Whether the tangents at a larger n show that ln Λ in a cell stays below a limit from n on.
    private func excludesBeyond(_ n: Double, _ cell: Int, _ limit: Double) -> Bool {
        guard upper == .taken else { return false }
        let slope = atUpper.largest(cells[cell])
        return slope <= 0 && atUpper.constant + slope * n <= limit
    }

    /// Whether a cell is pending.
    var hasPending: Bool { isPending.contains(true) }

    /// Whether the tangents at a reference, whose n is the pass' largest and whose ln Λ need not be known, show that no
    /// larger n makes a pending cell better than the best value seen.
    mutating func excludesPending(
        _ datasets: [DatasetEvents], near: [CellEvents], weights: DatasetWeights, reference: FitResult, cell: Int,
        exceeding best: Double
    ) -> Bool {
        for i in cells.indices { isOpen[i] = isPending[i] }
        markLanes(with: cell)
        guard Self.take(&atUpper, datasets, near, weights, reference, cells[cell], value: nil, lanes: lanes) else {
            return false
        }
        upper = .taken
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

    /// Takes tangents at a reference in a cell, whose ln Λ is known or not.
    private static func take(
        _ tangents: inout TangentBound, _ datasets: [DatasetEvents], _ near: [CellEvents], _ weights: DatasetWeights,
        _ reference: FitResult, _ cell: GammaCell, value: Double?, lanes: [Bool]
    ) -> Bool {
        tangents.take(
            datasets, near: near, cell: cell, offset: reference.gamma - cell.gamma,
            shares: weights.weights(gamma: reference.gamma), n: reference.signalEvents, value: value, lanes: lanes)
    }

    /// The open cell to search next: a neighbour of the best one, where the maximum may still rise; else the middle of the
    /// longest run of open cells, whose tangents exclude most.
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
