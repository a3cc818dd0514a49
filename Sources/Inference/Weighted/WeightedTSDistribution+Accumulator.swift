import Diagnostics
import Numerics

extension WeightedTSDistribution {
    /// Adds weighted trials one after the other in bounded memory: a limited number of trials is kept individually;
    /// beyond it trials of one component whose TS agree to a relative 2⁻¹² are summed.
    ///
    /// The result depends only on the trials, except for the rounding of sums, not on their order.
    public struct Accumulator: Sendable {
        /// The default number of trials that are kept individually: 2²⁰, 40 MB.
        public static let defaultExactTrials = 1 << 20

        /// The number of trials.
        public private(set) var count = 0
        private let exactTrials: Int
        private var entries: [Entry] = []
        private var isBinned = false
        /// The number of entries at which they are summed next.
        private var largestCount: Int
        /// For each component the number of trials, and the sums of W.
        private(set) var components: [ComponentSums] = []
        /// For each held-out point and component the sums of W times the density ratio there.
        private(set) var heldOut: [[ComponentSums]] = []

        /// - Parameter exactTrials: the number of trials that are kept individually.
        public init(exactTrials: Int = defaultExactTrials) {
            self.exactTrials = max(1, exactTrials)
            largestCount = 2 * self.exactTrials
        }

        /// Adds a trial.
        ///
        /// - Parameters:
        ///   - ts: its TS.
        ///   - logWeight: ln W.
        ///   - component: the component of the mixture, from 0.
        ///   - heldOut: the logarithms of the density ratios at the points outside the mixture, equally many for each
        ///     trial.
        /// - Throws: `Fault` of kind `badData` for a number that is not finite or an invalid component.
        public mutating func add(ts: Double, logWeight: Double, component: Int, heldOut ratios: [Double] = [])
            throws(Fault)
        {
            guard ts.isFinite, logWeight.isFinite, (0..<65536).contains(component) else {
                throw Fault(
                    .badData,
                    "weighted trial \(count) in the table has TS \(ts), log_weight \(logWeight), proposal \(component)",
                    remedy: "find out how it was made with `trialgen inspect`")
            }
            if count == 0 { heldOut = ratios.map { _ in [] } }
            guard ratios.count == heldOut.count else {
                throw Fault(
                    .badData, "weighted trial \(count) has \(ratios.count) density ratios, not \(heldOut.count)")
            }
            let weight = Portable.exp(logWeight)
            ComponentSums.add(weight, to: &components, component)
            for (point, ratio) in ratios.enumerated() {
                ComponentSums.add(Portable.exp(logWeight + ratio), to: &heldOut[point], component)
            }
            entries.append(
                Entry(
                    ts: max(ts, 0), component: Int32(component), sum: weight, squares: weight * weight, largest: weight)
            )
            count += 1
            if entries.count >= largestCount {
                sumUp()
                largestCount = max(2 * exactTrials, 2 * entries.count)
            }
        }

        /// Sums the trials of one component with nearly equal TS.
        private mutating func sumUp() {
            isBinned = true
            for i in entries.indices { entries[i].ts = Self.rounded(entries[i].ts) }
            entries.sort(by: Entry.precedes)
            var summed: [Entry] = []
            for entry in entries {
                if let last = summed.last, last.ts == entry.ts, last.component == entry.component {
                    summed[summed.count - 1].sum += entry.sum
                    summed[summed.count - 1].squares += entry.squares
                    summed[summed.count - 1].largest = max(last.largest, entry.largest)
                } else {
                    summed.append(entry)
                }
            }
            entries = summed
        }

        /// Rounded to twelve bits of the mantissa; all values below 2⁻¹⁰ become 2⁻¹⁰.
        private static func rounded(_ ts: Double) -> Double {
            if ts <= 0 { return 0 }
            return Double(bitPattern: (max(ts, 0x1p-10).bitPattern &+ (1 << 39)) & ~((1 << 40) - 1))
        }

        /// The trials by decreasing TS.
        mutating func takeEntries() -> [Entry] {
            if isBinned || count > exactTrials { sumUp() } else { entries.sort(by: Entry.precedes) }
            defer { entries = [] }
            return entries
        }
    }

    /// A trial, or trials of one component with nearly equal TS.
    struct Entry: Sendable {
        var ts: Double
        let component: Int32
        /// Σ W, Σ W² and the largest W.
        var sum: Double
        var squares: Double
        var largest: Double

        /// Ordered by decreasing TS; further numbers make the order independent of that of the trials.
        static func precedes(_ a: Entry, _ b: Entry) -> Bool {
            (b.ts, a.component, a.sum) < (a.ts, b.component, b.sum)
        }
    }

    /// Sums over the trials of one component.
    struct ComponentSums: Sendable {
        var count = 0
        var sum = 0.0
        var squares = 0.0

        static func add(_ value: Double, to sums: inout [ComponentSums], _ component: Int) {
            while sums.count <= component { sums.append(ComponentSums()) }
            sums[component].count += 1
            sums[component].sum += value
            sums[component].squares += value * value
        }

        /// Σ (x − mean)², times n/(n − 1): the variance of the sum over the trials of this component, whose number is
        /// fixed.
        var variance: Double { Self.variance(count: count, sum: sum, squares: squares) }

        static func variance(count: Int, sum: Double, squares: Double) -> Double {
            let n = Double(count)
            return n > 1 ? max(0, squares - sum * sum / n) * n / (n - 1) : squares
        }
    }
}
