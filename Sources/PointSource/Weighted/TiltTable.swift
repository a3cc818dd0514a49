import Diagnostics
import Numerics

/// The events of a dataset that can be tilted, by number: its candidates.
///
/// A candidate is an event near one source. An event that several sources of a stack reach is several candidates.
protocol TiltCandidates: Sendable {
    /// The possible positions of a candidate.
    func place(of number: Int) -> CandidatePlace
    /// The event of a candidate.
    func event(of number: Int) -> Int
    /// Σ ζ R̄ over the other candidates of a candidate's event.
    ///
    /// - Parameter slopes: ζ S_E of each row.
    func otherOdds(of number: Int, slopes: [Double]) -> Double
    /// Σ ln(1 + ζ R̄) over all events.
    ///
    /// - Parameter density: S_E at the given θ, one number per row.
    func logProduct(_ table: TiltTable, zeta: Double, density: (Int) -> Double) -> Double
}

/// A dataset's candidates in the order of their energies, with their weights averaged over right ascension, for drawing
/// tilted candidates. 16.5 bytes per candidate, for all points of a mixture.
///
/// The mean of R over all right ascensions, with R = 0 outside the candidate's half-width, is R̄ = w̄ S_E(γ).
struct TiltTable: Sendable {
    private struct Entry: BitwiseCopyable, Sendable {
        /// w̄.
        let mean: Double
        /// The candidate's number.
        let number: Int32
    }

    /// Candidates of equal energy are consecutive: those of row r from `starts[r]` up to `starts[r + 1]`.
    private let starts: [Int]
    private let entries: FlatTable<Entry>
    /// For every ``blockLength``-th candidate of a row Σ w̄ of the preceding ones of the row. Those of row r begin at
    /// `blockStarts[r]`.
    private let blocks: FlatTable<Double>
    private let blockStarts: [Int]
    /// Σ w̄ of each row.
    let rowSums: [Double]

    private static let blockLength = 4

    /// Collects the candidates of a table.
    struct Builder {
        private let average: WeightAverage
        private let rowCount: Int
        private var numbers: [Int32] = []
        private var rows: [Int32] = []
        private(set) var means: [Double] = []
        private(set) var strength: TiltStrength

        /// The largest haversine of the angle between source and event, 120°: beyond it ψ/sin ψ grows without bound.
        private static let largestHaversine = 0.75

        init(rowCount: Int) throws {
            average = try WeightAverage()
            self.rowCount = rowCount
            strength = TiltStrength(rowCount: rowCount)
        }

        /// Adds a candidate; those of a row remain in this order.
        ///
        /// - Parameter row: of its energy.
        /// - Throws: `Fault` (usage) if it may lie more than 120° from the source.
        mutating func add(_ number: Int, row: Int, _ place: CandidatePlace) throws(Fault) {
            guard place.largestHaversine <= Self.largestHaversine else {
                throw Fault(
                    .usage, at: .field("box.delta_angle"),
                    "weighted trials need a box whose events lie within 120 degrees of the source",
                    remedy: "choose a smaller box, or make ordinary trials")
            }
            let mean = average.value(place)
            numbers.append(Int32(truncatingIfNeeded: number))
            rows.append(Int32(truncatingIfNeeded: row))
            means.append(mean)
            strength.add(row: row, mean: mean, largest: place.candidate.scale * place.peak)
        }

        func table() -> TiltTable { TiltTable(rowCount: rowCount, numbers: numbers, rows: rows, means: means) }
    }

    private init(rowCount: Int, numbers: [Int32], rows: [Int32], means: [Double]) {
        var starts = [Int](repeating: 0, count: rowCount + 1)
        for row in rows { starts[Int(row) + 1] += 1 }
        for row in 0..<rowCount { starts[row + 1] += starts[row] }
        var next = starts
        var order = [Int32](repeating: 0, count: rows.count)
        for (i, row) in rows.enumerated() {
            order[next[Int(row)]] = Int32(truncatingIfNeeded: i)
            next[Int(row)] += 1
        }
        var blocks: [Double] = []
        var rowSums = [Double](repeating: 0, count: rowCount)
        blockStarts = (0...rowCount).map { row in
            let start = blocks.count
            guard row < rowCount else { return start }
            for i in starts[row]..<starts[row + 1] {
                if (i - starts[row]) % Self.blockLength == 0 { blocks.append(rowSums[row]) }
                rowSums[row] += means[Int(order[i])]
            }
            return start
        }
        self.blocks = FlatTable(blocks)
        entries = FlatTable(order.lazy.map { Entry(mean: means[Int($0)], number: numbers[Int($0)]) })
        self.starts = starts
        self.rowSums = rowSums
    }

    /// Σ ln(1 + ζ R̄) over all candidates.
    ///
    /// - Parameter density: S_E at the given γ, one number per row.
    func logProduct(zeta: Double, density: (Int) -> Double) -> Double {
        var product = LogProduct()
        for row in rowSums.indices {
            let slope = SIMD4(repeating: zeta * density(row))
            var i = starts[row]
            let end = starts[row + 1]
            var pending = 0
            while i < end {
                let left = end - i
                let four = SIMD4(
                    entries[i].mean, left > 1 ? entries[i + 1].mean : 0, left > 2 ? entries[i + 2].mean : 0,
                    left > 3 ? entries[i + 3].mean : 0)
                product.multiply(SIMD4(repeating: 1).addingProduct(slope, four))
                pending += 1
                if pending & 7 == 0 { product.normalise() }
                i += 4
            }
            product.normalise()
        }
        return product.value
    }

    /// The number and w̄ of each candidate of a row.
    @inline(__always)
    func forEach(ofRow row: Int, _ body: (_ number: Int, _ mean: Double) -> Void) {
        for i in starts[row]..<starts[row + 1] { body(Int(entries[i].number), entries[i].mean) }
    }

    /// The candidate of a row at a fraction of its Σ w̄, with its w̄; nil if the row has none.
    ///
    /// - Parameter fraction: in [0, 1).
    func candidate(row: Int, fraction: Double) -> (number: Int, mean: Double)? {
        let (start, count) = (starts[row], starts[row + 1] - starts[row])
        guard count > 0 else { return nil }
        let wanted = fraction * rowSums[row]
        let first = blockStarts[row]
        let block = max(0, prefixCount(blockStarts[row + 1] - first) { blocks[first + $0] <= wanted } - 1)
        var (place, sum) = (start + block * Self.blockLength, blocks[first + block])
        while place < start + count - 1 {
            sum += entries[place].mean
            if sum > wanted { break }
            place += 1
        }
        return (Int(entries[place].number), entries[place].mean)
    }
}

extension TiltCandidates {
    func event(of number: Int) -> Int { number }

    func otherOdds(of number: Int, slopes: [Double]) -> Double { 0 }

    func logProduct(_ table: TiltTable, zeta: Double, density: (Int) -> Double) -> Double {
        table.logProduct(zeta: zeta, density: density)
    }
}

extension BackgroundGenerator: TiltCandidates {
    func place(of number: Int) -> CandidatePlace {
        CandidatePlace(candidates[number], placement: placement, halfWidth: halfWidth(of: number))
    }

    /// The half-width, in radians, outside which a candidate's density ratio is set to 0: that of its group.
    func halfWidth(of candidate: Int) -> Double {
        groups[prefixCount(groups.count - 1) { groups[$0 + 1].first <= candidate }].halfWidth
    }
}

/// The possible positions of a candidate: its declination is fixed, |Δra| is below a half-width.
struct CandidatePlace {
    let candidate: BackgroundGenerator.Candidate
    /// cos dec · cos dec_source.
    let cosineProduct: Double
    /// In radians, at most π.
    let halfWidth: Double

    init(_ candidate: BackgroundGenerator.Candidate, placement: SourcePlacement, halfWidth: Double) {
        self.candidate = candidate
        self.halfWidth = halfWidth
        cosineProduct = max(placement.cosineProduct(halfSine: SIMD8(repeating: candidate.halfSine))[0], 1e-300)
    }

    /// sin²(ψ/2) at the source's right ascension.
    var smallestHaversine: Double { candidate.halfSine * candidate.halfSine }

    /// sin²(ψ/2) at the half-width.
    var largestHaversine: Double {
        let sine = Portable.sin(0.5 * halfWidth)
        return smallestHaversine + cosineProduct * sine * sine
    }

    /// The density's shape at the source's right ascension.
    var peak: Double {
        SpatialSignalDensity.shape(
            haversine: smallestHaversine, halfInverseVariance: candidate.halfInverseVariance)
    }

    /// The density's shape at eight right ascensions.
    @inline(__always)
    func shape(_ rightAscensionDifferences: SIMD8<Double>) -> SIMD8<Double> {
        SpatialSignalDensity.shape(
            haversine: SpatialSignalDensity.haversine(
                declinationTerm: SIMD8(repeating: smallestHaversine), cosineProduct: SIMD8(repeating: cosineProduct),
                rightAscensionDifference: rightAscensionDifferences),
            halfInverseVariance: SIMD8(repeating: candidate.halfInverseVariance))
    }
}

/// Averages a candidate's weight over right ascension by a Gauss-Legendre rule of 24 nodes, to a relative 1e−8.
struct WeightAverage {
    private let nodes: [SIMD8<Double>]
    private let nodeWeights: [SIMD8<Double>]

    init() throws {
        let rule = try GaussLegendre(order: 24)
        func lanes(_ numbers: [Double]) -> [SIMD8<Double>] { (0..<3).map { SIMD8(numbers[(8 * $0)..<(8 * $0 + 8)]) } }
        nodes = lanes(rule.nodes.map { 0.5 + 0.5 * $0 })
        nodeWeights = lanes(rule.weights.map { 0.5 * $0 })
    }

    /// w̄ = (1/2π) ∫ w dΔra over |Δra| below the half-width.
    func value(_ place: CandidatePlace) -> Double {
        // At this angle the weight has decreased by e^−30.
        let square = 30 / (4 * place.candidate.halfInverseVariance * place.cosineProduct)
        let end = square < 1 ? min(place.halfWidth, 2 * Portable.asin(square.squareRoot())) : place.halfWidth
        var sum = SIMD8<Double>.zero
        for i in 0..<3 { sum += nodeWeights[i] * place.shape(end * nodes[i]) }
        return place.candidate.scale * sum.total * end / Double.pi
    }
}
