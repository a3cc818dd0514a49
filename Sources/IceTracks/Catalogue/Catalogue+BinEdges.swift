extension Catalogue {
    /// Bin edges, computed in the order of operations of numpy's `linspace`, `arange` and `unique`, so that they are
    /// bitwise equal to SkyLLH's: an event on an edge falls into the same bin.
    enum BinEdges {
        static let ic40 = join(equal(-1, -0.25, 10), equal(-0.25, 0, 10), equal(0, 1, 10))

        static let ic59 = join(
            equal(-1, -0.95, 2), equal(-0.95, -0.25, 25), equal(-0.25, 0.05, 15), equal(0.05, 1, 10)
        )

        static let ic79 = equal(-1, 1, 49)

        static let ic86 = join(
            equal(-1, -0.93, 4), equal(-0.93, -0.3, 10), equal(-0.3, 0.05, 9), equal(0.05, 1, 18)
        )

        /// The selection of IC86_I in the ten-year release has two hemispheres that meet at a declination of -5°.
        static let ic86FirstOfTenYears = join(
            equal(-1, -0.2, 10), equal(-0.2, sineOfBoundary, 4), equal(sineOfBoundary, 0.2, 5), equal(0.2, 1, 9)
        )

        /// sin(-5°) as numpy rounds it; -0x1.64fd6b8c28102p-4.
        private static let sineOfBoundary = -0.08715574274765817

        /// Steps of 0.125 from `first` while below `last` + 0.01. Every edge is exact in binary.
        static func energy(from first: Double, to last: Double) -> [Double] {
            Array(stride(from: first, to: last + 0.01, by: 0.125))
        }

        /// `count` equal bins from `first` to `last`, rounded as numpy's `linspace(first, last, count + 1)` rounds.
        static func equal(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
            let step = (last - first) / Double(count)
            return (0...count).map { $0 == count ? last : Double($0) * step + first }
        }

        /// All edges of the parts, sorted, without duplicates. Parts meet in the same literal, so only exact duplicates
        /// occur.
        private static func join(_ parts: [Double]...) -> [Double] {
            var edges: [Double] = []
            for edge in parts.joined().sorted() where edges.last != edge {
                edges.append(edge)
            }
            return edges
        }
    }
}
