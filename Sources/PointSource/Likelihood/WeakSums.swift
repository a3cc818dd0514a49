import Numerics

/// What the weak events of a dataset add to ln Λ, without a list of them.
///
/// An event is weak if n_j |X| stays so small, for every γ and every n_s up to a limit, that ln(1 + n_j X) equals its
/// expansion to second order. Then only Σ R and Σ R² matter. Both are needed at any γ: with R a parabola in γ through
/// three grid points, Σ R is the parabola through the sums, and Σ R² follows from the sums of the products R_k R_k, R_k
/// R_k+1 and R_k R_k+2.
struct WeakSums {
    /// Polynomials in the offset t within one cell: Σ R = A(t) of degree 2, Σ R² = B(t) of degree 4.
    struct Cell {
        var count = 0.0
        var a = (0.0, 0.0, 0.0)
        var b = (0.0, 0.0, 0.0, 0.0, 0.0)

        /// Σ R with its first two derivatives.
        @inline(__always)
        func first(_ t: Double) -> (value: Double, slope: Double, curvature: Double) {
            (a.0 + t * (a.1 + t * a.2), a.1 + 2 * t * a.2, 2 * a.2)
        }

        /// Σ R² with its first two derivatives.
        @inline(__always)
        func second(_ t: Double) -> (value: Double, slope: Double, curvature: Double) {
            (
                b.0 + t * (b.1 + t * (b.2 + t * (b.3 + t * b.4))),
                b.1 + t * (2 * b.2 + t * (3 * b.3 + t * 4 * b.4)),
                2 * b.2 + t * (6 * b.3 + t * 12 * b.4)
            )
        }
    }

    private(set) var count = 0
    /// Σ R_k, Σ R_k², Σ R_k R_k+1, Σ R_k R_k+2 at each grid point k.
    private let sums = LaneArray()
    private let squares = LaneArray()
    private let neighbours = LaneArray()
    private let seconds = LaneArray()
    private let lanes: Int

    init(lanesPerRow: Int) {
        lanes = lanesPerRow
        for array in [sums, squares, neighbours, seconds] { array.reserve((lanesPerRow + 1) * 8) }
    }

    mutating func reset() {
        count = 0
        for array in [sums, squares, neighbours, seconds] {
            for lane in 0..<lanes { array[lane: lane] = .zero }
        }
    }

    /// Adds an event whose squares are too small to matter.
    @inline(__always)
    mutating func add(spatialRatio: Double, rows: RatioRows, row: Int) {
        count += 1
        for lane in 0..<lanes { sums[lane: lane] += spatialRatio * rows.lane(lane, row: row) }
    }

    /// Adds an event with its squares.
    @inline(__always)
    mutating func addWithSquares(spatialRatio: Double, rows: RatioRows, row: Int) {
        count += 1
        for lane in 0..<lanes {
            let ratio = spatialRatio * rows.lane(lane, row: row)
            let scaled = spatialRatio * ratio
            sums[lane: lane] += ratio
            squares[lane: lane] += ratio * ratio
            neighbours[lane: lane] += scaled * rows.lane(lane, ahead: 1, row: row)
            seconds[lane: lane] += scaled * rows.lane(lane, ahead: 2, row: row)
        }
    }

    /// Σ R at a grid point.
    func sum(at k: Int) -> Double { sums[k] }

    /// The polynomials of the cell of grid point k.
    func cell(_ k: Int) -> Cell {
        let d = GammaGrid.step
        let a = EnergyRatios.parabola(sums[k - 1], sums[k], sums[k + 1])
        let (ll, cc, rr) = (squares[k - 1], squares[k], squares[k + 1])
        let (lc, cr, lr) = (neighbours[k - 1], neighbours[k], seconds[k - 1])
        // R = c + b t + a t² with b = (R_r − R_l)/2δ and a = (R_l − 2 R_c + R_r)/2δ²; squared and summed.
        let cb = (cr - lc) / (2 * d)
        let bb = (rr - 2 * lr + ll) / (4 * d * d)
        let ca = (lc - 2 * cc + cr) / (2 * d * d)
        let ab = (rr - ll - 2 * cr + 2 * lc) / (4 * d * d * d)
        let aa = (ll + 4 * cc + rr - 4 * lc + 2 * lr - 4 * cr) / (4 * d * d * d * d)
        return Cell(count: Double(count), a: (a.c, a.b, a.a), b: (cc, 2 * cb, bb + 2 * ca, 2 * ab, aa))
    }
}

extension WeakSums.Cell {
    /// Bounds of Σ R over offsets: the largest value.
    func largestFirst(_ offsets: ClosedRange<Double>) -> Double {
        var largest = max(first(offsets.lowerBound).value, first(offsets.upperBound).value)
        if a.2 < 0 {
            let vertex = -a.1 / (2 * a.2)
            if offsets.contains(vertex) { largest = max(largest, first(vertex).value) }
        }
        return largest
    }

    /// A lower bound of Σ (R − 1)² = B − 2A + n over offsets; never below 0.
    func smallestSpread(_ offsets: ClosedRange<Double>) -> Double {
        let h = max(abs(offsets.lowerBound), abs(offsets.upperBound))
        let centre = b.0 - 2 * a.0 + count
        let change = h * (abs(b.1 - 2 * a.1) + h * (abs(b.2 - 2 * a.2) + h * (abs(b.3) + h * abs(b.4))))
        return max(0, centre - change)
    }
}
