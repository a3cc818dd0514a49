import Diagnostics
import Numerics

/// The events of a dataset that can be tilted, by number: its candidates.
///
/// A candidate is an event near one source. An event that several sources of a stack reach is several candidates.
protocol TiltCandidates: Sendable {
    /// The possible positions of a candidate.
    func place(of number: Int) -> CandidatePlace
    /// Starts to load what ``place(of:)`` reads.
    func prefetch(_ number: Int)
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
/// tilted candidates. 16 bytes per candidate, for all points of a mixture.
///
/// The mean of R over all right ascensions, with R = 0 outside the candidate's half-width, is R̄ = w̄ S_E(γ).
struct TiltTable: Sendable {
    /// Four consecutive candidates of a row, fewer at its end: what a search reads is in one line of the cache.
    private struct Block: BitwiseCopyable, Sendable {
        /// w̄; 0 after the last candidate.
        var means = SIMD4<Double>.zero
        /// The candidates' numbers.
        var numbers = SIMD4<Int32>.zero
        /// Σ w̄ of the preceding candidates of the row.
        var sum = 0.0
        /// For a row of n blocks, whose i-th one this is: the block in which a search for the fraction i/n of Σ w̄ begins,
        /// counted from the first of the row.
        var guide: Int32 = 0
    }

    /// Those of row r from `starts[r]` up to `starts[r + 1]`.
    private let blocks: FlatTable<Block>
    private let starts: [Int]
    /// The number of candidates of each row.
    private let counts: [Int]
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
        var counts = [Int](repeating: 0, count: rowCount)
        for row in rows { counts[Int(row)] += 1 }
        starts = counts.reduce(into: [0]) {
            $0.append($0[$0.count - 1] + ($1 + Self.blockLength - 1) / Self.blockLength)
        }
        var blocks = [Block](repeating: Block(), count: starts[rowCount])
        var rowSums = [Double](repeating: 0, count: rowCount)
        var filled = [Int](repeating: 0, count: rowCount)
        for (i, row) in rows.lazy.map(Int.init).enumerated() {
            let (block, place) = (starts[row] + filled[row] / Self.blockLength, filled[row] % Self.blockLength)
            if place == 0 { blocks[block].sum = rowSums[row] }
            blocks[block].means[place] = means[i]
            blocks[block].numbers[place] = numbers[i]
            rowSums[row] += means[i]
            filled[row] += 1
        }
        for row in 0..<rowCount {
            let (first, end) = (starts[row], starts[row + 1])
            var block = first
            for i in first..<end {
                let wanted = Double(i - first) / Double(end - first) * rowSums[row]
                while block + 1 < end, blocks[block + 1].sum <= wanted { block += 1 }
                blocks[i].guide = Int32(truncatingIfNeeded: block - first)
            }
        }
        self.blocks = FlatTable(blocks)
        (self.counts, self.rowSums) = (counts, rowSums)
    }

    /// Σ ln(1 + ζ R̄) over all candidates.
    ///
    /// - Parameter density: S_E at the given γ, one number per row.
    func logProduct(zeta: Double, density: (Int) -> Double) -> Double {
        var product = LogProduct()
        for row in rowSums.indices {
            let slope = SIMD4(repeating: zeta * density(row))
            for (pending, block) in (starts[row]..<starts[row + 1]).enumerated() {
                product.multiply(SIMD4(repeating: 1).addingProduct(slope, blocks[block].means))
                if pending & 7 == 7 { product.normalise() }
            }
            product.normalise()
        }
        return product.value
    }

    /// The number and w̄ of each candidate of a row.
    @inline(__always)
    func forEach(ofRow row: Int, _ body: (_ number: Int, _ mean: Double) -> Void) {
        for i in 0..<counts[row] {
            let (block, place) = (starts[row] + i / Self.blockLength, i % Self.blockLength)
            body(Int(blocks[block].numbers[place]), blocks[block].means[place])
        }
    }

    /// A search for the candidate of a row at a fraction of its Σ w̄. Each step starts to load what the next one reads:
    /// take it for many searches before the next step.
    struct Search {
        let row: Int
        fileprivate let wanted: Double
        /// The block that the next step reads.
        fileprivate var block: Int
    }

    /// The first step; nil if the row has no candidates.
    ///
    /// - Parameter fraction: in [0, 1).
    @inline(__always)
    func search(row: Int, fraction: Double) -> Search? {
        let (first, count) = (starts[row], starts[row + 1] - starts[row])
        guard count > 0 else { return nil }
        let block = first + min(count - 1, Int(fraction * Double(count)))
        blocks.prefetch(block)
        return Search(row: row, wanted: fraction * rowSums[row], block: block)
    }

    /// The second step.
    @inline(__always)
    func advance(_ search: inout Search) {
        search.block = starts[search.row] + Int(blocks[search.block].guide)
        blocks.prefetch(search.block)
    }

    /// The last step: the candidate's number, and its w̄.
    func candidate(_ search: Search) -> (number: Int, mean: Double) {
        let (first, end, wanted) = (starts[search.row], starts[search.row + 1], search.wanted)
        var index = search.block
        while index > first, blocks[index].sum > wanted { index -= 1 }
        while true {
            let block = blocks[index]
            let isLast = index == end - 1
            let last = isLast ? counts[search.row] - 1 - (index - first) * Self.blockLength : Self.blockLength
            var (place, sum) = (0, block.sum)
            while place < last {
                sum += block.means[place]
                if sum > wanted { break }
                place += 1
            }
            if isLast || place < last { return (Int(block.numbers[place]), block.means[place]) }
            index += 1
        }
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

    func prefetch(_ number: Int) { candidates.prefetch(number) }

    /// The half-width, in radians, outside which a candidate's density ratio is set to 0: that of its group.
    func halfWidth(of candidate: Int) -> Double {
        groups[prefixCount(groups.count - 1) { groupStarts[$0 + 1] <= candidate }].halfWidth
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
