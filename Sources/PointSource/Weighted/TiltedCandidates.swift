import Numerics

/// The candidates of one dataset that are tilted in one trial, with their right ascensions. One per thread, reused.
struct TiltedCandidates {
    private(set) var candidates: [Int32] = []
    private(set) var differences: [Double] = []
    /// One bit for each of 4096 remainders of candidates' numbers.
    private var marks = [UInt64](repeating: 0, count: 64)

    mutating func removeAll() {
        for candidate in candidates { marks[Self.word(candidate)] = 0 }
        candidates.removeAll(keepingCapacity: true)
        differences.removeAll(keepingCapacity: true)
    }

    mutating func append(_ candidate: Int32, rightAscensionDifference: Double) {
        candidates.append(candidate)
        differences.append(rightAscensionDifference)
        marks[Self.word(candidate)] |= Self.bit(candidate)
    }

    @inline(__always)
    func contains(_ candidate: Int32) -> Bool {
        guard marks[Self.word(candidate)] & Self.bit(candidate) != 0 else { return false }
        return candidates.contains(candidate)
    }

    @inline(__always)
    private static func word(_ candidate: Int32) -> Int { Int(truncatingIfNeeded: candidate >> 6) & 63 }

    @inline(__always)
    private static func bit(_ candidate: Int32) -> UInt64 { 1 << UInt64(truncatingIfNeeded: candidate & 63) }

    /// Draws the tilted candidates of a trial: each independently with probability x/(1 + x), x = ζ R̄.
    ///
    /// A Poisson process with an intensity of ln(1 + x) for each candidate has an arrival with exactly that
    /// probability. It is drawn with an intensity of x, and thinned.
    ///
    /// - Parameters:
    ///   - rows: the rows of the point from which the trial is drawn.
    ///   - table: the dataset's table.
    mutating func draw(
        _ rows: TiltRows, _ table: TiltTable, _ background: BackgroundGenerator, _ random: inout RandomStream
    ) {
        removeAll()
        for _ in 0..<random.poisson(mean: rows.total) {
            let row = rows.row(at: random.uniform() * rows.total)
            let (index, mean) = table.candidate(row: row, fraction: random.uniform())
            let x = rows.slopes[row] * mean
            let kept = random.uniform() * x < Portable.log1p(x)
            let candidate = Int32(truncatingIfNeeded: index)
            guard kept, !contains(candidate) else { continue }
            let place = CandidatePlace(
                background.candidates[index], placement: background.placement,
                halfWidth: background.halfWidth(of: index))
            append(candidate, rightAscensionDifference: place.tiltedDifference(&random))
        }
    }
}

/// The tilt of the candidates of each energy at one point of a mixture, in one dataset.
struct TiltRows: Sendable {
    /// ζ S_E(γ) of each row.
    let slopes: [Double]
    /// Σ ζ R̄ up to and including each row.
    private let cumulative: [Double]
    /// Σ ζ R̄ over all rows.
    var total: Double { cumulative.last ?? 0 }

    init(slopes: [Double], table: TiltTable) {
        self.slopes = slopes
        var sum = 0.0
        cumulative = slopes.indices.map {
            sum += slopes[$0] * table.rowSums[$0]
            return sum
        }
    }

    /// The first row whose cumulative sum exceeds a number below the total.
    func row(at wanted: Double) -> Int {
        prefixCount(cumulative.count - 1) { cumulative[$0] <= wanted }
    }
}

extension CandidatePlace {
    /// Draws Δra with a density proportional to the shape of the signal's density, by rejection.
    ///
    /// ψ² ≥ 4 sin²(ψ/2) ≥ 4 sin²(Δdec/2) + cos cos q Δra² for q = (sin(h/2)/(h/2))², |Δra| ≤ h, and ψ/sin ψ is largest
    /// at h: a normal distribution in Δra is an envelope; if it is wider than h, a uniform one is better.
    func tiltedDifference(_ random: inout RandomStream) -> Double {
        let halfSine = Portable.sin(0.5 * halfWidth) / (0.5 * halfWidth)
        let curvature = candidate.halfInverseVariance * cosineProduct * halfSine * halfSine
        let deviation = (0.5 / curvature).squareRoot()
        let isUniform = deviation > halfWidth
        let largest = largestHaversine
        let largestJacobian = SpatialSignalDensity.shape(haversine: largest, halfInverseVariance: 0)
        let start = 4 * smallestHaversine * candidate.halfInverseVariance
        while true {
            let difference = isUniform ? random.uniform(in: -halfWidth...halfWidth) : deviation * random.normal()
            let threshold = random.uniform() * largestJacobian
            guard abs(difference) < halfWidth else { continue }
            let sine = Portable.sin(0.5 * difference)
            let h = smallestHaversine + cosineProduct * sine * sine
            let psi = SpatialSignalDensity.openingAngle(haversine: h)
            let envelope = start + (isUniform ? 0 : curvature * difference * difference)
            let ratio =
                SpatialSignalDensity.shape(haversine: h, halfInverseVariance: 0)
                * Portable.exp(envelope - psi * psi * candidate.halfInverseVariance)
            if threshold < ratio { return difference }
        }
    }
}

extension BackgroundGenerator {
    /// The half-width, in radians, outside which a candidate's density ratio is set to 0: that of its group.
    func halfWidth(of candidate: Int) -> Double {
        groups[prefixCount(groups.count - 1) { groups[$0 + 1].first <= candidate }].halfWidth
    }
}
