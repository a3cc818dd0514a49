extension TableReader {
    /// Edges are printed with at least two decimals; the rounding of two edges makes them differ by at most this.
    private static let printedPrecision = 0.0101

    /// Joins bins, each with a lower and an upper edge, into one list of edges.
    ///
    /// Neighbouring bins must meet within the rounding of the printed edges; the list consists of the lower edges and
    /// the last upper one, as in SkyLLH.
    ///
    /// - Parameters:
    ///   - firstColumn: the column of the lower edges; the next one has the upper edges.
    ///   - mayBeEmpty: whether bins may have zero width.
    ///   - line: the line of a bin in the file.
    /// - Returns: the edges, not decreasing; one more than the number of bins.
    /// - Throws: a `Fault` at the first edge that does not continue the bins before it.
    func binEdges(
        lower: some RandomAccessCollection<Double>, upper: some RandomAccessCollection<Double>, firstColumn: Int,
        mayBeEmpty: Bool, line: (Int) -> Int
    ) throws -> [Double] {
        var edges: [Double] = []
        edges.reserveCapacity(lower.count + 1)
        var previous: (lower: Double, upper: Double)?
        for (bin, (low, high)) in zip(lower, upper).enumerated() {
            func check(_ isRight: Bool, column: Int, _ requirement: @autoclosure () -> String) throws {
                guard isRight else {
                    throw fault(
                        line: line(bin), column: firstColumn + column, requirement(),
                        remedy: "rows are missing or out of order; download the file again")
                }
            }
            func ascends(from a: Double, to b: Double) -> Bool { mayBeEmpty ? a <= b : a < b }
            try check(ascends(from: low, to: high), column: 1, "must lie above the bin's lower edge \(low)")
            if let previous {
                try check(
                    ascends(from: previous.lower, to: low), column: 0,
                    "must lie above the previous bin's lower edge \(previous.lower)")
                try check(
                    abs(low - previous.upper) <= Self.printedPrecision, column: 0,
                    "the previous bin ends at \(previous.upper)")
            }
            edges.append(low)
            previous = (low, high)
        }
        if let previous { edges.append(previous.upper) }
        return edges
    }
}
