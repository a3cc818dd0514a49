/// The edges of bins as a definition states them: ranges of equal bins, and lists of edges.
public struct BinSpecification: Sendable, Equatable {
    public enum Part: Sendable, Equatable {
        /// `bins` bins of equal width, at least 1.
        case equal(from: Double, to: Double, bins: Int)
        /// Increasing edges, at least 2.
        case edges([Double])
    }

    public let parts: [Part]
    /// All edges, increasing; where parts meet in the same number, it is one edge.
    public let edges: [Double]

    /// - Parameter parts: each begins where the one before it ends; otherwise the edges do not increase.
    public init(_ parts: [Part]) {
        self.parts = parts
        var edges: [Double] = []
        for edge in parts.lazy.flatMap(Self.edges) where edges.last != edge { edges.append(edge) }
        self.edges = edges
    }

    /// The edges of a part. Those of equal bins are computed in the order of operations of numpy's `linspace`, so that they
    /// are bitwise equal to SkyLLH's: an event on an edge falls into the same bin.
    private static func edges(_ part: Part) -> [Double] {
        switch part {
        case .edges(let edges): return edges
        case .equal(let first, let last, let count):
            let step = (last - first) / Double(count)
            return (0...count).map { $0 == count ? last : Double($0) * step + first }
        }
    }
}
