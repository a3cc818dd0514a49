import Numerics

/// The approximate Kullback-Leibler divergence of trials tilted to a point (n, γ) from ordinary trials.
///
/// A candidate's density ratio is nearly R = p e^(−u²/2) along its right ascension. Its contribution to the divergence
/// is w̄/(p √2π) G(ζ p) with G(x) = ∫ [(1 + x e^(−u²/2)) ln(1 + x e^(−u²/2)) − x e^(−u²/2)] du. Candidates are binned
/// in the logarithm of their largest w, for each energy, so that the divergence at any γ is computed without them.
struct TiltStrength {
    /// Σ w̄/(largest w · √2π) of each row and bin.
    private var rows: [Row]

    /// The bins of a row from the first to the last one that is used.
    private struct Row {
        var first = 0
        var sums: [Double] = []

        mutating func add(_ value: Double, at bin: Int) {
            if sums.isEmpty { first = bin }
            if bin < first {
                sums.insert(contentsOf: repeatElement(0, count: first - bin), at: 0)
                first = bin
            }
            while first + sums.count <= bin { sums.append(0) }
            sums[bin - first] += value
        }
    }

    private static let binsPerUnit = 10.0
    /// ln of the largest w at the first bin's centre, and the number of bins.
    private static let first = -30.0
    private static let binCount = 600

    init(rowCount: Int) {
        rows = [Row](repeating: Row(), count: rowCount)
    }

    /// Adds a candidate.
    mutating func add(row: Int, mean: Double, largest: Double) {
        let bin = (Portable.log(max(largest, 1e-300)) - Self.first) * Self.binsPerUnit
        guard bin >= 0 else { return }
        rows[row].add(
            mean / (largest * (2 * Double.pi).squareRoot()), at: min(Int(bin.rounded()), Self.binCount - 1))
    }

    /// The candidates of all datasets binned in the logarithm of the largest ζ R for n = 1.
    struct Profile {
        private var bins: [(place: Int, sum: Double)] = []
        private static let lowest = -60.0

        /// - Parameters:
        ///   - share: f_j/N_j.
        ///   - density: S_E at the given γ, one number per row.
        init(_ strengths: [(strength: TiltStrength, share: Double, density: (Int) -> Double)]) {
            var sums = [Double](repeating: 0, count: 1200)
            for (strength, share, density) in strengths {
                for (row, bins) in strength.rows.enumerated() where density(row) * share > 0 {
                    let shift =
                        Portable.log(density(row) * share) + TiltStrength.first - Self.lowest
                    let offset = Int((shift * TiltStrength.binsPerUnit).rounded())
                    for (i, sum) in bins.sums.enumerated() where sum > 0 {
                        sums[min(max(offset + bins.first + i, 0), sums.count - 1)] += sum
                    }
                }
            }
            bins = sums.enumerated().filter { $0.element > 0 }.map { (place: $0.offset, sum: $0.element) }
        }

        /// The divergence at n.
        func divergence(_ n: Double, _ table: TiltIntegral) -> Double {
            let logarithm = Portable.log(n) + Self.lowest
            return bins.reduce(0) {
                $0 + $1.sum * table.value(logarithm: logarithm + Double($1.place) / TiltStrength.binsPerUnit)
            }
        }

        /// The n at which the divergence has a value, or the largest n if the divergence is smaller there. Increases
        /// with the value.
        func signalEvents(divergence wanted: Double, largest: Double, _ table: TiltIntegral) -> Double {
            guard divergence(largest, table) > wanted else { return largest }
            var (low, high) = (Portable.log(1e-6 * largest), Portable.log(largest))
            for _ in 0..<40 {
                let middle = 0.5 * (low + high)
                if divergence(Portable.exp(middle), table) < wanted { low = middle } else { high = middle }
            }
            return Portable.exp(0.5 * (low + high))
        }
    }
}

/// G(x) of ``TiltStrength``, tabulated in ln x.
struct TiltIntegral {
    private let values: [Double]
    private static let first = -12.0
    private static let pointsPerUnit = 8.0

    init() {
        values = (0...288).map { Self.integral(Portable.exp(Self.first + Double($0) / Self.pointsPerUnit)) }
    }

    private static func integral(_ x: Double) -> Double {
        // The trapezoid rule, which converges fast for a smooth function that decreases on both sides.
        let step = 0.1
        var sum = 0.0
        for i in -80...80 {
            let u = Double(i) * step
            let y = x * Portable.exp(-0.5 * u * u)
            // Below 1e−4, two terms of the power series.
            sum += y < 1e-4 ? y * y * (0.5 - y / 6) : (1 + y) * Portable.log1p(y) - y
        }
        return sum * step
    }

    func value(logarithm: Double) -> Double {
        let place = (logarithm - Self.first) * Self.pointsPerUnit
        // G(x) = x² √π/2 for small x.
        guard place > 0 else { return 0.5 * Double.pi.squareRoot() * Portable.exp(2 * logarithm) }
        let index = min(Int(place), values.count - 2)
        return values[index] + (place - Double(index)) * (values[index + 1] - values[index])
    }
}
