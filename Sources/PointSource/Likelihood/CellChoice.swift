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
    private let scratch = LaneArray()
    /// Σ R² of each dataset at the grid's points of ``SignalRows/overview(of:)``, and for each cell the point below it
    /// and its way to the next one.
    private let squares: LaneArray
    private let places: [(point: Int, fraction: Double)]
    /// Lanes of eight grid points in which a cell is open.
    private var lanes: [Bool]

    /// A possible gain in ln Λ below this is none.
    private static let tolerance = 1e-9

    init(cells: [GammaCell], datasets: [DatasetEvents]) {
        self.cells = cells
        isOpen = [Bool](repeating: false, count: cells.count)
        squares = LaneArray(count: 8 * datasets.count)
        isPending = isOpen
        atZero = TangentBound(datasets: datasets)
        atReference = TangentBound(datasets: datasets)
        lanes = [Bool](repeating: false, count: datasets[0].lanesPerRow)
        let points = SignalRows.overview(of: datasets[0].gridCount)
        places = cells.map { cell in
            let upper = points.firstIndex { $0 >= cell.index } ?? 7
            let lower = max(0, upper - 1)
            let width = points[upper] - points[lower]
            return (lower, width == 0 ? 0 : Double(cell.index - points[lower]) / Double(width))
        }
    }

    /// Opens all cells in which ln Λ can exceed its value 0 at n = 0.
    ///
    /// - Parameter range: of n; where it does not begin at 0, all cells are open.
    mutating func open(_ datasets: [DatasetEvents], range: ClosedRange<Double>) {
        atZero.takeZero(datasets)
        for i in cells.indices {
            isOpen[i] = range.lowerBound > 0 || atZero.largest(cells[i]) > 0
            isPending[i] = false
        }
    }

    /// The open cell in which the slope at n = 0 is largest compared with the curvature there, nil if none is open: for
    /// weak signals ln Λ peaks at half the ratio of slope² and curvature, where n is the ratio of the two.
    func start(_ datasets: [DatasetEvents]) -> (cell: Int, signalEvents: Double)? {
        guard isOpen.contains(true) else { return nil }
        for j in datasets.indices {
            squares[lane: j] = datasets[j].sumSquares(scratch: scratch)
        }
        var best: (cell: Int, signalEvents: Double, score: Double)?
        for i in cells.indices where isOpen[i] {
            let slope = atZero.value(cells[i], offset: 0)
            let (point, part) = places[i]
            var curvature = 0.0
            for j in datasets.indices {
                let fraction = cells[i].shares[j].c / datasets[j].total
                let sum = squares[8 * j + point] * (1 - part) + squares[8 * j + point + 1] * part
                curvature += fraction * fraction * sum
            }
            let score = slope * abs(slope) / curvature
            if score > best?.score ?? -.infinity { best = (i, slope / curvature, score) }
        }
        return best.map { ($0.cell, $0.signalEvents) }
    }

    /// The offset of a cell at which the slope at n = 0 is largest, and that slope.
    func steepest(_ cell: Int) -> (offset: Double, slope: Double) {
        let offset = atZero.steepestOffset(cells[cell])
        return (offset, atZero.value(cells[cell], offset: offset))
    }

    /// Closes a cell that was searched, and all cells in which the tangents at a point of it show that ln Λ cannot exceed
    /// the best value seen.
    ///
    /// - Parameters:
    ///   - range: of n in this pass.
    ///   - largest: the fit's largest n; a cell that is closed for the pass but not up to there is pending.
    mutating func narrow(
        _ datasets: [DatasetEvents], weights: DatasetWeights, reference: FitResult, cell: Int, exceeding best: Double,
        range: ClosedRange<Double>, largest: Double
    ) {
        isOpen[cell] = false
        guard reference.logLambda.isFinite, isOpen.contains(true) else { return }
        guard take(datasets, weights, reference, cell, for: isOpen) else { return }
        for i in cells.indices where isOpen[i] {
            let slope = atReference.largest(cells[i])
            let bound = atReference.constant + slope * (slope > 0 ? range.upperBound : range.lowerBound)
            if bound <= best + Self.tolerance {
                isOpen[i] = false
                isPending[i] = atReference.constant + slope * largest > best + Self.tolerance
            }
        }
    }

    /// Whether a cell is pending.
    var hasPending: Bool { isPending.contains(true) }

    /// Whether the tangents at a reference, whose n is the pass' largest and whose ln Λ need not be known, show that no larger n makes a pending cell
    /// better than the best value seen.
    mutating func excludesPending(
        _ datasets: [DatasetEvents], weights: DatasetWeights, reference: FitResult, cell: Int, exceeding best: Double,
        largest: Double
    ) -> Bool {
        guard reference.logLambda.isFinite, take(datasets, weights, reference, cell, for: isPending) else {
            return false
        }
        return cells.indices.allSatisfy { i in
            guard isPending[i] else { return true }
            let slope = atReference.largest(cells[i])
            return atReference.constant + slope * (slope > 0 ? largest : reference.signalEvents) <= best
                + Self.tolerance
        }
    }

    /// Takes the tangents at a reference in a cell, for that and other cells.
    private mutating func take(
        _ datasets: [DatasetEvents], _ weights: DatasetWeights, _ reference: FitResult, _ cell: Int, for others: [Bool]
    ) -> Bool {
        for lane in lanes.indices { lanes[lane] = false }
        for i in cells.indices where others[i] || i == cell {
            lanes[(cells[i].index - 1) / 8] = true
            lanes[(cells[i].index + 1) / 8] = true
        }
        return atReference.take(
            datasets, cell: cells[cell], offset: reference.gamma - cells[cell].gamma,
            shares: weights.weights(gamma: reference.gamma), n: reference.signalEvents, lanes: lanes)
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
