import Numerics

/// Counts of TS in bins that are the same for every sample, so that histograms can be added.
///
/// The bin width halves with each octave of TS: each from 2⁻⁴⁰ to 2²⁰ has 4,096 bins, and values outside count in the
/// first or the last. A bin stores the sums that a fit of the tail needs, so the sums above an edge of a bin are exact;
/// every whole number is an edge. Everything is also exact at the marks given at the beginning.
public struct TSHistogram: Sendable {
    /// The width of a bin is at most this fraction of its lower edge: 1/4096.
    public static let relativeWidth = 0x1p-12

    private static let smallest = 0x1p-40
    private static let bitsDropped: UInt64 = 52 - 12
    private static let firstCode = smallest.bitPattern >> bitsDropped
    private static let binCount = 60 << 12

    private struct Bin {
        var count = 0
        /// Σ (TS/edge − 1), with the bin's lower edge.
        var excess = 0.0
        /// Σ ln(TS/edge).
        var logExcess = 0.0
    }

    /// The sums above and at a value that need not be an edge.
    private struct Mark {
        let value: Double
        var equal = 0
        var above = TailSums()
    }

    private var bins = [Bin](repeating: Bin(), count: binCount)
    private var marks: [Mark]
    /// The number of values.
    public private(set) var count = 0

    /// An empty histogram that is exact above each of the given values.
    init(exactAt values: [Double]) { marks = values.map { Mark(value: $0) } }

    /// Adds one TS > 0.
    mutating func add(_ ts: Double) {
        count += 1
        let index = Self.index(of: ts)
        let edge = Self.lowerEdge(index)
        // At most 2⁻¹² within the range, so that four terms of the logarithm's series are exact to 2e-19; values
        // outside count as the edge.
        let excess = ts / edge - 1
        bins[index].count += 1
        if excess >= 0, excess <= Self.relativeWidth {
            bins[index].excess += excess
            bins[index].logExcess += excess * (1 - excess * (0.5 - excess * (1.0 / 3 - excess * 0.25)))
        }
        for mark in marks.indices where ts >= marks[mark].value {
            if ts > marks[mark].value { marks[mark].above.add(ts) } else { marks[mark].equal += 1 }
        }
    }

    /// Adds the values of another histogram with the same exact values.
    mutating func formUnion(_ other: TSHistogram) {
        count += other.count
        for index in bins.indices where other.bins[index].count > 0 {
            bins[index].count += other.bins[index].count
            bins[index].excess += other.bins[index].excess
            bins[index].logExcess += other.bins[index].logExcess
        }
        for (index, mark) in other.marks.enumerated() where index < marks.count {
            marks[index].equal += mark.equal
            marks[index].above += mark.above
        }
    }

    private static func index(of ts: Double) -> Int {
        let code = ts.bitPattern >> bitsDropped
        return code <= firstCode ? 0 : min(Int(code - firstCode), binCount - 1)
    }

    private static func lowerEdge(_ index: Int) -> Double {
        Double(bitPattern: (UInt64(index) + firstCode) << bitsDropped)
    }
}

extension TSHistogram {
    /// The number of values > `ts`: exact at edges and marks (a value on an edge counts as above it), else
    /// interpolated.
    func count(above ts: Double) -> Int {
        marks.first { $0.value == ts }?.above.count ?? interpolatedCount(above: ts)
    }

    /// The number of values ≥ `ts`.
    func count(atOrAbove ts: Double) -> Int {
        guard let mark = marks.first(where: { $0.value == ts }) else { return interpolatedCount(above: ts) }
        return mark.above.count + mark.equal
    }

    private func interpolatedCount(above ts: Double) -> Int {
        if ts <= 0 { return count }
        let index = Self.index(of: ts)
        let above = bins[(index + 1)...].reduce(0) { $0 + $1.count }
        return above + Int((Double(bins[index].count) * upperShare(index, ts)).rounded())
    }

    /// The fraction of a bin that lies above a value.
    private func upperShare(_ index: Int, _ ts: Double) -> Double {
        let (low, high) = (Self.lowerEdge(index), Self.lowerEdge(index + 1))
        return min(1, max(0, (high - ts) / (high - low)))
    }

    /// The sums over the values > `cut`.
    func tail(above cut: Double) -> TailSums {
        if let mark = marks.first(where: { $0.value == cut }) { return mark.above }
        let first = Self.index(of: cut)
        var tail = TailSums()
        for index in first..<bins.count where bins[index].count > 0 {
            let (bin, edge) = (bins[index], Self.lowerEdge(index))
            let share = index == first ? upperShare(index, cut) : 1
            let number = Double(bin.count) * share
            // The values in the bin's upper part are assigned their mean between the cut and the bin's end.
            let middle = 0.5 * (cut + Self.lowerEdge(index + 1))
            tail.add(
                number, sum: share == 1 ? edge * (number + bin.excess) : number * middle,
                sumOfLogs: share == 1
                    ? number * Portable.log(edge) + bin.logExcess : number * Portable.log(middle))
        }
        return tail
    }

    /// The value of rank `rank` from below, counted from 0, with the values of a bin equally spaced.
    func value(ofRank rank: Int) -> Double {
        var below = 0
        for (index, bin) in bins.enumerated() where bin.count > 0 {
            if rank < below + bin.count {
                let (low, high) = (Self.lowerEdge(index), Self.lowerEdge(index + 1))
                return low + (high - low) * (Double(rank - below) + 0.5) / Double(bin.count)
            }
            below += bin.count
        }
        return 0
    }

    /// The bins with values, by TS: lower and upper edge, and number.
    var occupied: [(low: Double, high: Double, count: Int)] {
        bins.indices.compactMap { index in
            let count = bins[index].count
            return count == 0 ? nil : (Self.lowerEdge(index), Self.lowerEdge(index + 1), count)
        }
    }
}
