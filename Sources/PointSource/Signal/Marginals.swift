import Numerics

/// Histograms with equal numbers of bins for random draws, each with its own edges: the rows of a table.
struct Marginals: Sendable {
    let binCount: Int
    /// Cumulative sums of the bins' counts, `binCount` per row; a row whose last sum is 0 is empty.
    let cumulative: FlatTable<Double>
    /// `binCount + 1` per row, ascending.
    let edges: FlatTable<Double>

    /// A bin of a row drawn by its count, and a value uniform inside it; nil for an empty row.
    func draw(row: Int, _ random: inout RandomStream) -> (bin: Int, value: Double)? {
        let first = row * binCount
        let total = cumulative[first + binCount - 1]
        guard total > 0 else { return nil }
        let target = random.uniform() * total
        var (low, high) = (0, binCount - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[first + middle] > target { high = middle } else { low = middle + 1 }
        }
        let edge = row * (binCount + 1) + low
        return (low, random.uniform(in: edges[edge]...edges[edge + 1]))
    }
}

extension Marginals {
    /// Collects rows.
    struct Builder {
        private let binCount: Int
        private var cumulative: [Double] = []
        private var edges: [Double] = []

        init(binCount: Int) { self.binCount = binCount }

        /// - Parameters:
        ///   - counts: one per bin, not negative.
        ///   - edges: one more than the bins.
        mutating func append(counts: some Sequence<Double>, edges: ArraySlice<Double>) {
            var sum = 0.0
            for count in counts {
                sum += count
                cumulative.append(sum)
            }
            self.edges.append(contentsOf: edges)
        }

        var marginals: Marginals {
            Marginals(binCount: binCount, cumulative: FlatTable(cumulative), edges: FlatTable(edges))
        }
    }
}
