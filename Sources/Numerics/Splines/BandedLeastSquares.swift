/// A banded linear least-squares problem whose observations are added one row at a time.
///
/// Each row is rotated by Givens rotations into an upper triangle of fixed band width, so that only `unknowns · width`
/// numbers are kept and, unlike with normal equations, the condition number is not squared.
///
/// Reference: P. Dierckx 1993, sec. 4.1.2 (FITPACK's `fpgivs`, `fprota`, `fpback`).
struct BandedLeastSquares {
    /// The number of diagonals of the triangle, the main one included; at least 2.
    let width: Int
    /// The triangle: row i holds its elements (i, i), (i, i + 1), …, (i, i + width − 1).
    private(set) var triangle: [Double]
    /// The rotated right-hand side.
    private(set) var rightHandSide: [Double]
    /// The sum of squares that remains for the best unknowns.
    private(set) var residualSum = 0.0

    var unknowns: Int { rightHandSide.count }

    /// No observations yet.
    init(unknowns: Int, width: Int) {
        self.width = width
        triangle = [Double](repeating: 0, count: unknowns * width)
        rightHandSide = [Double](repeating: 0, count: unknowns)
    }

    /// The same observations, with space for `width` diagonals.
    init(widening other: BandedLeastSquares, to width: Int) {
        self.init(unknowns: other.unknowns, width: max(width, other.width))
        for row in 0..<other.unknowns {
            for offset in 0..<other.width {
                triangle[row * self.width + offset] = other.triangle[row * other.width + offset]
            }
        }
        rightHandSide = other.rightHandSide
        residualSum = other.residualSum
    }

    /// The element on the main diagonal in `row`.
    func diagonal(_ row: Int) -> Double { triangle[row * width] }

    /// Adds the observation Σ_j row[j] · unknown[first + j] = value. At most `width` elements; those beyond the last
    /// unknown must be 0.
    mutating func add(row elements: [Double], first: Int, value: Double) {
        var row = elements + [Double](repeating: 0, count: width - elements.count)
        var rest = value
        var index = first
        while index < unknowns {
            let pivot = row[0]
            if pivot != 0 {
                let (cosine, sine) = rotateDiagonal(index, pivot: pivot)
                let base = index * width
                let kept = rightHandSide[index]
                rightHandSide[index] = cosine * kept + sine * rest
                rest = cosine * rest - sine * kept
                for offset in 1..<width {
                    let old = triangle[base + offset]
                    triangle[base + offset] = cosine * old + sine * row[offset]
                    row[offset] = cosine * row[offset] - sine * old
                }
            }
            // The element at `index` is gone; the row now starts one further, and has grown by at most one at its end.
            for offset in 1..<width { row[offset - 1] = row[offset] }
            row[width - 1] = 0
            index += 1
            if row.allSatisfy({ $0 == 0 }) { break }
        }
        residualSum += rest * rest
    }

    /// Replaces the diagonal element d by √(d² + pivot²) without overflow and returns the rotation that does so.
    private mutating func rotateDiagonal(_ row: Int, pivot: Double) -> (cosine: Double, sine: Double) {
        let old = triangle[row * width]
        let size = abs(pivot)
        let length: Double
        if size >= old {
            let ratio = old / pivot
            length = size * (1 + ratio * ratio).squareRoot()
        } else {
            let ratio = pivot / old
            length = old * (1 + ratio * ratio).squareRoot()
        }
        triangle[row * width] = length
        return (old / length, pivot / length)
    }

    /// The unknowns, by back substitution. An unknown without observations is not finite.
    func solution() -> [Double] {
        var solution = rightHandSide
        for row in stride(from: unknowns - 1, through: 0, by: -1) {
            var sum = rightHandSide[row]
            for offset in 1..<width where row + offset < unknowns {
                sum -= solution[row + offset] * triangle[row * width + offset]
            }
            solution[row] = sum / triangle[row * width]
        }
        return solution
    }
}
