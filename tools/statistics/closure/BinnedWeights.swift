import Inference
import Numerics

/// Sums of weights in the bins of ``CountedBackground``, with their covariance.
struct BinnedWeights {
    private struct Sums {
        var count = 0
        var weights = [Double](repeating: 0, count: 1 + CountedBackground.edges.count)
        var squares = [Double](repeating: 0, count: 1 + CountedBackground.edges.count)
    }

    private var components: [Sums] = []
    private(set) var count = 0

    mutating func add(ts: Double, weight: Double, component: Int) {
        while components.count <= component { components.append(Sums()) }
        let bin = CountedBackground.bin(ts)
        components[component].count += 1
        components[component].weights[bin] += weight
        components[component].squares[bin] += weight * weight
        count += 1
    }

    /// The probability of each fine bin.
    private var probabilities: [Double] {
        (0...CountedBackground.edges.count).map { bin in
            components.reduce(0) { $0 + $1.weights[bin] } / Double(count)
        }
    }

    /// A comparison with counts.
    struct Comparison {
        /// A range of fine bins with its probabilities and its deviation in errors.
        struct Bin {
            let low: Double
            let weighted: Double
            let counted: Double
            let pull: Double
        }
        let bins: [Bin]
        let chiSquare: Double
        var pValue: Double { ChiSquare.survival(chiSquare, freedom: Double(bins.count)) }
    }

    /// χ² of the difference to counts in disjoint bins, from the covariance matrices of both. Bins are chosen from the
    /// weights alone: each has at least `expected` expected counts.
    func compare(_ counts: CountedBackground, expected: Double = 50) -> Comparison {
        let p = probabilities
        var ranges: [Range<Int>] = []
        var (end, content) = (p.count, 0.0)
        for bin in stride(from: p.count - 1, through: 1, by: -1) {
            content += p[bin] * Double(counts.count)
            // Bins become wider towards larger contents, so that there are some tens of them.
            guard content >= max(expected, 0.25 * p[bin...].reduce(0, +) * Double(counts.count)) || bin == 1 else {
                continue
            }
            ranges.append(bin..<end)
            (end, content) = (bin, 0)
        }
        ranges.append(0..<1)
        ranges.reverse()

        let (n, ordinary) = (Double(count), Double(counts.count))
        func sum(_ values: [Double], _ range: Range<Int>) -> Double { values[range].reduce(0, +) }
        let weighted = ranges.map { sum(p, $0) }
        let counted = ranges.map { Double(counts.bins[$0].reduce(0, +)) / ordinary }
        var covariance = ranges.indices.map { a in
            ranges.indices.map { b in ((a == b ? counted[a] : 0) - counted[a] * counted[b]) / ordinary }
        }
        for component in components where component.count > 1 {
            let sums = ranges.map { sum(component.weights, $0) }
            let squares = ranges.map { sum(component.squares, $0) }
            let m = Double(component.count)
            for a in ranges.indices {
                for b in ranges.indices {
                    covariance[a][b] += ((a == b ? squares[a] : 0) - sums[a] * sums[b] / m) * m / (m - 1) / (n * n)
                }
            }
        }
        let differences = zip(weighted, counted).map { $0 - $1 }
        let bins = ranges.indices.map { i in
            Comparison.Bin(
                low: ranges[i].lowerBound == 0 ? -.infinity : CountedBackground.edges[ranges[i].lowerBound - 1],
                weighted: weighted[i], counted: counted[i], pull: differences[i] / covariance[i][i].squareRoot())
        }
        return Comparison(bins: bins, chiSquare: Self.chiSquare(differences, covariance))
    }

    /// dᵀ C⁻¹ d by the Cholesky factor of C.
    private static func chiSquare(_ d: [Double], _ covariance: [[Double]]) -> Double {
        var factor = covariance
        var (solution, sum) = (d, 0.0)
        for i in d.indices {
            for j in 0...i {
                var value = covariance[i][j]
                for k in 0..<j { value -= factor[i][k] * factor[j][k] }
                factor[i][j] = i == j ? value.squareRoot() : value / factor[j][j]
            }
            for k in 0..<i { solution[i] -= factor[i][k] * solution[k] }
            solution[i] /= factor[i][i]
            sum += solution[i] * solution[i]
        }
        return sum
    }
}
