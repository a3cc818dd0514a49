import Diagnostics
import Numerics

/// A dataset's candidates in the order of their energies, with their weights averaged over right ascension, for drawing
/// tilted candidates. 20.5 bytes per candidate, for all points of a mixture.
///
/// The mean of R over all right ascensions, with R = 0 outside the half-width of the candidate's group, is R̄ = w̄
/// S_E(γ).
struct TiltTable: Sendable {
    /// Candidates of equal energy are consecutive: those of row r from `starts[r]` up to `starts[r + 1]`.
    let starts: [Int]
    private let candidates: FlatTable<Int32>
    /// w̄, and its sum over the candidates of the same energy up to and including this one.
    private let means: FlatTable<Double>
    private let cumulative: FlatTable<Double>
    /// Σ w̄ of each row.
    let rowSums: [Double]
    /// For each eighth candidate of a row a fraction of its Σ w̄, in equal steps, and the place at that fraction: where to
    /// search. Those of row r begin at `guideStarts[r]`.
    private let guides: FlatTable<Int32>
    private let guideStarts: [Int]

    /// The largest haversine of the angle between source and event, 120°: beyond it ψ/sin ψ grows without bound.
    private static let largestHaversine = 0.75

    /// - Parameter profile: receives each candidate's w̄ and largest w.
    /// - Throws: `Fault` (usage) if events may lie more than 120° from the source.
    init(_ background: BackgroundGenerator, rowCount: Int, profile: (Int, Double, Double) -> Void) throws {
        let average = try WeightAverage()
        let table = background.candidates
        var means = [Double](repeating: 0, count: table.count)
        var starts = [Int](repeating: 0, count: rowCount + 1)
        for group in background.groups {
            for i in group.first..<group.end {
                let place = CandidatePlace(table[i], placement: background.placement, halfWidth: group.halfWidth)
                guard place.largestHaversine <= Self.largestHaversine else {
                    throw Fault(
                        .usage, at: .field("box.delta_angle"),
                        "weighted trials need a box whose events lie within 120 degrees of the source",
                        remedy: "choose a smaller box, or make ordinary trials")
                }
                means[i] = average.value(place)
                starts[Int(table[i].energy) + 1] += 1
                profile(Int(table[i].energy), means[i], place.candidate.scale * place.peak)
            }
        }
        for row in 0..<rowCount { starts[row + 1] += starts[row] }
        var next = starts
        var order = [Int32](repeating: 0, count: table.count)
        for i in 0..<table.count {
            let row = Int(table[i].energy)
            order[next[row]] = Int32(truncatingIfNeeded: i)
            next[row] += 1
        }
        var cumulative = [Double](repeating: 0, count: table.count)
        var rowSums = [Double](repeating: 0, count: rowCount)
        for row in 0..<rowCount {
            for i in starts[row]..<starts[row + 1] {
                rowSums[row] += means[Int(order[i])]
                cumulative[i] = rowSums[row]
            }
        }
        var guides: [Int32] = []
        guideStarts = (0...rowCount).map { row in
            let start = guides.count
            guard row < rowCount else { return start }
            let (first, count) = (starts[row], starts[row + 1] - starts[row])
            let steps = count / 8 + 1
            var place = 0
            for step in 0...steps {
                let wanted = rowSums[row] * Double(step) / Double(steps)
                while place < count - 1, cumulative[first + place] <= wanted { place += 1 }
                guides.append(Int32(truncatingIfNeeded: place))
            }
            return start
        }
        self.guides = FlatTable(guides)
        self.means = FlatTable(order.lazy.map { means[Int($0)] })
        self.candidates = FlatTable(order)
        self.cumulative = FlatTable(cumulative)
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
                    means[i], left > 1 ? means[i + 1] : 0, left > 2 ? means[i + 2] : 0, left > 3 ? means[i + 3] : 0)
                product.multiply(SIMD4(repeating: 1).addingProduct(slope, four))
                pending += 1
                if pending & 7 == 0 { product.normalise() }
                i += 4
            }
            product.normalise()
        }
        return product.value
    }

    /// The candidate of a row at a fraction of its Σ w̄, with its w̄.
    ///
    /// - Parameter fraction: in [0, 1).
    func candidate(row: Int, fraction: Double) -> (index: Int, mean: Double) {
        let wanted = fraction * rowSums[row]
        let (start, guide) = (starts[row], guideStarts[row])
        let steps = guideStarts[row + 1] - guide - 1
        let step = min(Int(fraction * Double(steps)), steps - 1)
        let (low, high) = (start + Int(guides[guide + step]), start + Int(guides[guide + step + 1]))
        var place = low + prefixCount(high - low) { cumulative[low + $0] <= wanted }
        // Rounding may put a fraction that ends a step into the step before or after.
        while place > start, cumulative[place - 1] > wanted { place -= 1 }
        while place < starts[row + 1] - 1, cumulative[place] <= wanted { place += 1 }
        return (Int(candidates[place]), means[place])
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
private struct WeightAverage {
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
