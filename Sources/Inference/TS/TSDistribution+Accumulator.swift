import Diagnostics

extension TSDistribution {
    /// Adds trials one after the other in bounded memory: keeps the largest values exactly and counts the others in
    /// bins.
    ///
    /// Memory is at most 16 bytes for each of `exactValues`, and 6 MB for the bins once they are needed. The result
    /// depends only on the trials, except for the rounding of sums, not on their order or on how they were distributed
    /// over accumulators.
    public struct Accumulator: Sendable {
        /// The default number of largest values kept: 2²², which includes those above 2.6 sigma for 10⁹ trials.
        public static let defaultExactValues = 1 << 22

        /// The number of trials.
        public private(set) var count = 0
        /// The number of trials with TS = 0.
        public private(set) var countAtZero = 0
        /// −TS of the trials with TS < 0; an array of none or one, since a structure cannot contain its own type.
        private var negated: [Accumulator] = []
        private let exactValues: Int
        private let marks: [Double]
        /// The values kept: all above `floor`, and possibly some equal to it.
        private var values: [Double] = []
        private var floor = 0.0
        /// The values at or below `floor`.
        private var histogram: TSHistogram?

        /// - Parameters:
        ///   - exactValues: the minimum number of largest values kept.
        ///   - marks: values such as an observed TS or the cut of a fit, above which the number of trials and the sums
        ///     for a fit are always exact.
        public init(exactValues: Int = defaultExactValues, exactAt marks: [Double] = []) {
            self.exactValues = max(1, exactValues)
            self.marks = marks
        }

        /// Adds the TS of trials.
        ///
        /// - Throws: `Fault` of kind `badData` for a TS that is not finite, with the trial's number in the order of
        ///   addition.
        public mutating func add(_ ts: [Double]) throws(Fault) {
            for value in ts {
                guard value.isFinite else {
                    throw Fault(
                        .badData, "the TS of trial \(count) in the table is \(value)",
                        remedy: "find out why its fit failed with `trialgen inspect`")
                }
                count += 1
                if value > floor {
                    values.append(value)
                    if values.count >= 2 * exactValues { spill() }
                } else if value > 0 {
                    histogram?.add(value)
                } else if value >= -TSDistribution.rounding {
                    countAtZero += 1
                } else {
                    if negated.isEmpty {
                        negated = [Accumulator(exactValues: exactValues, exactAt: marks.map { -$0 })]
                    }
                    try negated[0].add([-value])
                }
            }
        }

        /// Adds the trials of another accumulator.
        ///
        /// - Throws: `Fault` of kind `usage` if it keeps another number of values, or has other exact values.
        public mutating func formUnion(_ other: Accumulator) throws(Fault) {
            guard exactValues == other.exactValues, marks == other.marks else {
                throw Fault(.usage, "accumulators of TS with different exact values cannot be added")
            }
            count += other.count
            countAtZero += other.countAtZero
            if negated.isEmpty {
                negated = other.negated
            } else if let below = other.negated.first {
                try negated[0].formUnion(below)
            }
            if let others = other.histogram {
                if histogram == nil { histogram = others } else { histogram?.formUnion(others) }
            }
            values += other.values
            floor = max(floor, other.floor)
            if histogram != nil {
                values.sort()
                moveToHistogram(values.firstIndex { $0 > floor } ?? values.count)
            }
            if values.count >= 2 * exactValues { spill() }
        }

        /// Counts all but the largest values in bins.
        private mutating func spill() {
            values.sort()
            moveToHistogram(max(0, values.count - exactValues))
        }

        /// Counts the first of the sorted values in bins.
        private mutating func moveToHistogram(_ number: Int) {
            guard number > 0 else { return }
            var counted = histogram ?? TSHistogram(exactAt: marks)
            histogram = nil
            for value in values[..<number] { counted.add(value) }
            histogram = counted
            floor = max(floor, values[number - 1])
            values.removeFirst(number)
        }

        /// The values kept, sorted; the histogram of the others; and the distribution of −TS of negative TS, if any.
        mutating func takeValues() throws(Fault) -> (
            largest: [Double], histogram: TSHistogram?, negated: [TSDistribution]
        ) {
            if values.count > exactValues { spill() } else { values.sort() }
            var below: [TSDistribution] = []
            if let accumulator = negated.popLast() { below = [try TSDistribution(accumulator)] }
            defer { values = [] }
            return (values, histogram, below)
        }
    }
}
