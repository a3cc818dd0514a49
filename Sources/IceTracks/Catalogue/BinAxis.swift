/// A run of bins, each with a lower and an upper edge as a file states them, joined to one list of edges.
///
/// Neighbours must meet up to the rounding of the printed edges; the joined list is the lower edges and the last
/// upper one, which is what SkyLLH takes.
struct BinAxis {
    /// Why a list of bins is not an axis: which bin, and in which words.
    struct Break: Error {
        let bin: Int
        /// Whether the lower edge is what is wrong; else the upper.
        let isLower: Bool
        let requirement: String
    }

    /// The edges, not decreasing; one more than there are bins.
    let edges: [Double]

    /// Edges are printed with at least two decimals; half a unit of both makes them differ by no more than this.
    private static let printedPrecision = 0.0101

    /// - Parameter mayBeEmpty: whether bins of zero width are let through.
    /// - Throws: the first bin that breaks the run.
    init(
        lower: some RandomAccessCollection<Double>, upper: some RandomAccessCollection<Double>, mayBeEmpty: Bool
    ) throws(Break) {
        var edges: [Double] = []
        edges.reserveCapacity(lower.count + 1)
        var previous: (lower: Double, upper: Double)?
        for (bin, (low, high)) in zip(lower, upper).enumerated() {
            if high < low || (high == low && !mayBeEmpty) {
                throw Break(bin: bin, isLower: false, requirement: "must lie above the bin's lower edge \(low)")
            }
            if let previous {
                if low < previous.lower || (low == previous.lower && !mayBeEmpty) {
                    throw Break(
                        bin: bin, isLower: true,
                        requirement: "must lie above the previous bin's lower edge \(previous.lower)"
                    )
                }
                if abs(low - previous.upper) > Self.printedPrecision {
                    throw Break(
                        bin: bin, isLower: true, requirement: "the previous bin ends at \(previous.upper)"
                    )
                }
            }
            edges.append(low)
            previous = (low, high)
        }
        if let previous { edges.append(previous.upper) }
        self.edges = edges
    }
}
