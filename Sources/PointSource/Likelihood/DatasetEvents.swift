import Numerics

/// One dataset's events of a trial, sorted into strong ones, which are listed, and weak ones, which are summed up.
struct DatasetEvents {
    /// N_j.
    private(set) var total = 0.0
    private(set) var weak: WeakSums
    private(set) var strongCount = 0
    private var strongRows: [Int32] = []
    private let strongRatios = LaneArray()
    private var ratioRows: RatioRows
    /// Σ R over all events at each grid point.
    private var sums: [Double]

    /// A weak event's n_j R/N_j is below this: the third-order term of its logarithm is then below 3e−9.
    private static let weakLimit = 2e-3
    /// Events are summed up only where n_j/N_j stays below this: an event with R near 0 has n_j |X| = n_j/N_j, and there are
    /// many of them.
    private static let diluteLimit = 1e-3
    /// An event whose n_j R/N_j is below this has a square that does not matter either: below 1e−11.
    private static let squareLimit = 5e-6

    init(_ events: SelectedEvents) {
        ratioRows = events.ratioRows
        weak = WeakSums(lanesPerRow: events.ratioRows.lanesPerRow)
        sums = [Double](repeating: 0, count: events.ratioRows.lanesPerRow * 8)
    }

    /// Sorts a trial's events.
    ///
    /// - Parameters:
    ///   - largestSignal: the largest n_j at which the sums will be used; +∞ lists every event.
    mutating func sort(_ events: borrowing SelectedEvents, largestSignal: Double) {
        total = Double(events.total)
        ratioRows = events.ratioRows
        weak.reset()
        strongCount = 0
        strongRows.removeAll(keepingCapacity: true)
        strongRatios.reserve(events.count)
        // The largest n_j/N_j: what n_j |X| = n_j |R − 1|/N_j amounts to where R = 0.
        let fraction = largestSignal / total
        let isDilute = fraction < Self.diluteLimit
        let weakRatio = isDilute ? Self.weakLimit / fraction : -1
        let squareRatio = isDilute ? Self.squareLimit / fraction : -1
        for i in 0..<events.count {
            let spatial = events.spatialRatios[i]
            let row = Int(events.rows[i])
            let largest = spatial * ratioRows.largest(row: row)
            if largest < squareRatio {
                weak.add(spatialRatio: spatial, rows: ratioRows, row: row)
            } else if largest < weakRatio {
                weak.addWithSquares(spatialRatio: spatial, rows: ratioRows, row: row)
            } else {
                strongRatios[strongCount] = spatial
                strongRows.append(events.rows[i])
                strongCount += 1
            }
        }
        for k in sums.indices {
            var sum = weak.sum(at: k)
            for i in 0..<strongCount { sum += strongRatios[i] * ratioRows.value(row: Int(strongRows[i]), gridIndex: k) }
            sums[k] = sum
        }
    }

    /// The parabola of a strong event's R in a cell.
    @inline(__always)
    func strongParabola(_ i: Int, cell: Int) -> (a: Double, b: Double, c: Double) {
        let (a, b, c) = ratioRows.parabola(row: Int(strongRows[i]), cell: cell)
        let spatial = strongRatios[i]
        return (spatial * a, spatial * b, spatial * c)
    }

    /// The parabola of Σ R/N over all events in a cell.
    func meanParabola(cell k: Int) -> (a: Double, b: Double, c: Double) {
        EnergyRatios.parabola(sums[k - 1] / total, sums[k] / total, sums[k + 1] / total)
    }
}
