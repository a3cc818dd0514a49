import Numerics

/// Which cells of the γ grid can still hold the maximum of ln Λ, and which of them to search next. One per thread,
/// reused.
struct CellChoice {
    private let cells: [GammaCell]
    /// The largest gain on the best ln Λ that is possible in a cell; −∞ for cells that are done with.
    private let gains: LaneArray
    private var tangents: TangentBound
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
        gains = LaneArray(count: cells.count)
        squares = LaneArray(count: 8 * datasets.count)
        tangents = TangentBound(datasets: datasets)
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
        tangents.takeZero(datasets)
        for i in cells.indices {
            gains[i] = range.lowerBound > 0 || tangents.largest(cells[i]) > 0 ? .infinity : -.infinity
        }
    }

    /// The open cell in which the slope at n = 0 is largest compared with the curvature there, nil if none is open: for
    /// weak signals ln Λ peaks at half the ratio of slope² and curvature.
    func start(_ datasets: [DatasetEvents]) -> Int? {
        guard cells.indices.contains(where: { gains[$0] > 0 }) else { return nil }
        for j in datasets.indices {
            squares[lane: j] = datasets[j].sumSquares(scratch: scratch)
        }
        var best: (cell: Int, score: Double)?
        for i in cells.indices where gains[i] > 0 {
            let slope = tangents.value(cells[i], offset: 0)
            let (point, part) = places[i]
            var curvature = 0.0
            for j in datasets.indices {
                let fraction = cells[i].shares[j].c / datasets[j].total
                let sum = squares[8 * j + point] * (1 - part) + squares[8 * j + point + 1] * part
                curvature += fraction * fraction * sum
            }
            let score = slope * abs(slope) / curvature
            if score > best?.score ?? -.infinity { best = (i, score) }
        }
        return best?.cell
    }

    /// The offset of a cell at which the slope at n = 0 is largest, and that slope. Only before ``narrow``.
    func steepest(_ cell: Int) -> (offset: Double, slope: Double) {
        let offset = tangents.steepestOffset(cells[cell])
        return (offset, tangents.value(cells[cell], offset: offset))
    }

    mutating func close(_ cell: Int) { gains[cell] = -.infinity }

    /// Closes the cells that the best point seen excludes; it lies in the cell that was searched last.
    mutating func narrow(
        _ datasets: [DatasetEvents], weights: DatasetWeights, best: FitResult, cell: Int, range: ClosedRange<Double>
    ) {
        let offset = best.gamma - cells[cell].gamma
        let shares = weights.weights(gamma: best.gamma)
        for lane in lanes.indices { lanes[lane] = false }
        for i in cells.indices where gains[i] > 0 || i == cell {
            lanes[(cells[i].index - 1) / 8] = true
            lanes[(cells[i].index + 1) / 8] = true
        }
        guard
            tangents.take(
                datasets, cell: cells[cell], offset: offset, shares: shares, n: best.signalEvents,
                value: best.logLambda, lanes: lanes)
        else { return }
        for i in cells.indices where gains[i] > 0 {
            let slope = tangents.largest(cells[i])
            let bound = tangents.constant + slope * (slope > 0 ? range.upperBound : range.lowerBound)
            gains[i] = bound > best.logLambda + Self.tolerance ? slope : -.infinity
        }
    }

    /// The open cell with the largest possible gain.
    var next: Int? {
        var best: Int?
        for i in cells.indices where gains[i] > 0 && gains[i] > best.map({ gains[$0] }) ?? -.infinity { best = i }
        return best
    }
}
