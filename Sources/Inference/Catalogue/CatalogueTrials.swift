import Diagnostics

/// The background trials of a catalogue search, each a sky that all sources see, and the significance of observed TS.
///
/// The rule is the same for the data and for every trial. The data count as one more sky, so that there are m = n + 1
/// skies (m = n without data), none of which is special without signal. In each sky, the rank r of a source is the number
/// of skies in which its TS is at least as large, the sky itself included: skies with equal TS have equal ranks, and all
/// with TS = 0 have the largest, m, if no TS is negative. From the ranks of its sources follow, for each sky,
///
/// - the hottest source: the one of the smallest rank, among equal ones of the largest TS;
/// - the population test: the smallest probability, over k, that k or more of the N sources have p ≤ r₍ₖ₎/m, where r₍ₖ₎ is
///   the k-th smallest rank.
///
/// A post-trial p-value is the fraction of trials that are at least as extreme as the data in this order.
public struct CatalogueTrials: Sendable {
    /// The number of trials, n.
    public let count: Int
    /// The number of sources, N.
    public let sourceCount: Int
    /// For each source, the trials with TS = 0.
    public let countsAtZero: [Int]
    /// For each source, the largest TS of a trial.
    public let maxima: [Double]
    /// The skies that are ranked, m.
    private let size: Int
    /// The hottest source of each trial.
    private let hottest: [HottestSource<UInt32>]
    /// The smallest binomial probability of each trial.
    private let populations: [Double]
    /// The significance of the observed TS; nil if none was given.
    public let observation: Observation?

    /// The significance of one observed sky.
    public struct Observation: Sendable, Equatable {
        /// The counted local p-value of each source: the fraction of trials with TS at least as large.
        public let local: [PValue]
        /// The hottest source, and its post-trial p-value.
        public let hottest: (source: Int, global: PValue)
        public let population: Population

        public static func == (one: Observation, other: Observation) -> Bool {
            one.local == other.local && one.hottest == other.hottest && one.population == other.population
        }
    }

    /// The population test of one observed sky.
    public struct Population: Sendable, Equatable {
        /// The number of sources for which the binomial probability is smallest, k.
        public let k: Int
        /// The k sources of the smallest local p-values, the smallest first.
        public let sources: [Int]
        /// The counted local p-value of the last of them.
        public let local: PValue
        /// The binomial probability of k or more sources with this local p-value; 0 if no trial reaches the observed TS.
        public let binomial: Double
        /// The post-trial p-value.
        public let global: PValue
    }

    /// Ranks the trials.
    ///
    /// - Parameters:
    ///   - columns: for each source, its TS in each trial.
    ///   - observed: the observed TS of each source; nil for none.
    ///   - names: of the sources, for messages.
    /// - Throws: `Fault`: `badData` if there are no trials, or for a TS that is not finite; `usage` if the numbers of
    ///   sources or trials do not agree, or exceed 2³² − 2.
    /// - Complexity: O(N n log n + n N log N); 12 bytes for each TS at most.
    public init(
        _ columns: consuming [[Double]], observed: [Double]? = nil, names: [String] = []
    ) throws(Fault) {
        let (sourceCount, count) = (columns.count, columns.first?.count ?? 0)
        guard count > 0 else {
            throw Fault(.badData, "there are no background trials", remedy: "run trials with mu = 0 first")
        }
        guard columns.allSatisfy({ $0.count == count }), observed.map({ $0.count == sourceCount }) ?? true,
            count < Int(UInt32.max)
        else { throw Fault(.usage, "the sources of a catalogue have different numbers of trials") }
        (self.sourceCount, self.count) = (sourceCount, count)
        size = count + (observed == nil ? 0 : 1)
        var (zeros, maxima, counts) = ([Int](), [Double](), [Int]())
        var hottest = [HottestSource<UInt32>](repeating: HottestSource(largest: .max), count: count)
        var observedHottest = HottestSource(largest: UInt32.max)
        var ranks: [[UInt32]] = []
        for source in 0..<sourceCount {
            let name = source < names.count ? names[source] : "source \(source + 1)"
            let column = try RankedColumn(columns[source], observed: observed?[source], name)
            // Frees the values, which are no longer needed.
            columns[source] = []
            for trial in 0..<count { hottest[trial].compare(source, column.ranks[trial], column.values[trial]) }
            if let own = column.observed { observedHottest.compare(source, UInt32(own.count + 1), own.value) }
            counts.append(column.observed?.count ?? 0)
            zeros.append(column.countAtZero)
            maxima.append(column.maximum)
            ranks.append(column.ranks)
        }
        let tails = BinomialTails(sources: sourceCount)
        let populations = Self.populations(ranks, count, size, tails)
        (countsAtZero, self.maxima, self.hottest, self.populations) = (zeros, maxima, hottest, populations)
        observation =
            observed.map { _ in
                Self.observation(counts, observedHottest, hottest, populations, tails)
            }
    }

    /// The population test of each trial.
    private static func populations(
        _ ranks: [[UInt32]], _ count: Int, _ size: Int, _ tails: BinomialTails
    ) -> [Double] {
        var sky = [UInt32](repeating: 0, count: tails.sources)
        return (0..<count).map { trial in
            for source in sky.indices { sky[source] = ranks[source][trial] }
            sky.sort()
            return sky.withUnsafeBufferPointer { tails.smallest($0, of: size).probability }
        }
    }

    /// - Parameter counts: for each source, the trials with TS at least as large as the observed one.
    private static func observation(
        _ counts: [Int], _ observed: HottestSource<UInt32>, _ hottest: [HottestSource<UInt32>],
        _ populations: [Double],
        _ tails: BinomialTails
    ) -> Observation {
        let count = hottest.count
        func fraction(_ successes: Int) -> PValue {
            PValue(counted: BinomialProportion(unchecked: successes, of: count))
        }
        let local = counts.map(fraction)
        let order = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
        let sky = order.map { UInt32(counts[$0] + 1) }
        let (k, statistic) = sky.withUnsafeBufferPointer { tails.smallest($0, of: count + 1) }
        let last = local[order[k - 1]]
        return Observation(
            local: local,
            hottest: (
                observed.source, fraction(hottest.reduce(0) { $0 + ($1.isAtLeastAsExtreme(as: observed) ? 1 : 0) })
            ),
            population: Population(
                k: k, sources: Array(order.prefix(k)), local: last,
                binomial: BinomialProportion.probability(atLeast: k, of: tails.sources, p: last.value),
                global: fraction(populations.reduce(0) { $0 + ($1 <= statistic ? 1 : 0) })))
    }
}

extension CatalogueTrials {
    /// The post-trial p-value of the hottest source as a function of its local p-value.
    public var hottestCurve: PostTrialCurve {
        PostTrialCurve(hottest.map { Double($0.rank) / Double(size) }, .smallFirst)
    }

    /// The post-trial p-value of the population as a function of its smallest binomial probability.
    public var populationCurve: PostTrialCurve { PostTrialCurve(populations, .smallFirst) }
}

extension CatalogueTrials.Observation {
    /// For each k, the binomial probability of k or more sources with a local p-value as small as the k-th smallest one.
    public var binomialProbabilities: [Double] {
        local.map(\.value).sorted().enumerated().map {
            BinomialProportion.probability(atLeast: $0 + 1, of: local.count, p: $1)
        }
    }
}

extension CatalogueTrials {
    /// What the hottest source and the population of a sky must reach for a post-trial p-value.
    public struct Requirement: Sendable, Equatable {
        /// The post-trial p-value: at most this fraction of the trials reaches the other two numbers.
        public let global: Double
        /// The local p-value of the hottest source; nil if too few trials resolve it.
        public let local: Double?
        /// The smallest binomial probability; nil if too few trials resolve it.
        public let binomial: Double?
    }

    /// What post-trial p-values require. A number is nil if fewer than ``TSDistribution/minimumCountedTail`` trials are
    /// expected to reach it, or if more trials than that have the smallest local p-value that they can have.
    public func requirements(global wanted: [Double]) -> [Requirement] {
        let (ranks, probabilities) = (hottest.map(\.rank).sorted(), populations.sorted())
        return wanted.map { global in
            let expected = min(1, global) * Double(count)
            let most = expected >= TSDistribution.minimumCountedTail ? Int(expected) : 0
            return Requirement(
                global: global, local: Self.largest(ranks, reachedBy: most).map { Double($0) / Double(size) },
                binomial: Self.largest(probabilities, reachedBy: most))
        }
    }

    /// The largest of ascending values that no more than `most` of them reach, that is, are at most as large as; nil if
    /// there is none.
    private static func largest<Value: Comparable>(_ values: [Value], reachedBy most: Int) -> Value? {
        guard most > 0 else { return nil }
        if most >= values.count { return values.last }
        return values[..<most].last { $0 < values[most] }
    }
}

/// The hottest source of a sky: that of the smallest rank (or local p-value), among equals that of the largest TS, else
/// the first.
struct HottestSource<Rank: Comparable & Sendable>: Sendable {
    private(set) var source = 0
    private(set) var rank: Rank
    private(set) var ts = -Double.infinity

    /// - Parameter largest: no source has a larger rank.
    init(largest: Rank) { rank = largest }

    mutating func compare(_ source: Int, _ rank: Rank, _ ts: Double) {
        if rank < self.rank || (rank == self.rank && ts > self.ts) {
            (self.source, self.rank, self.ts) = (source, rank, ts)
        }
    }

    func isAtLeastAsExtreme(as other: HottestSource) -> Bool {
        rank < other.rank || (rank == other.rank && ts >= other.ts)
    }
}

/// What a TS of one source must be.
enum SourceTS {
    /// - Throws: `Fault` (bad data) for a TS that is not finite.
    static func check(_ ts: Double, of source: String, in trial: @autoclosure () -> String) throws(Fault) {
        guard ts.isFinite else {
            throw Fault(
                .badData, "the TS of \(source) in \(trial()) of the table is \(ts)",
                remedy: "find out why its fit failed with `trialgen inspect`")
        }
    }

    /// - Throws: `Fault` (bad data) for an observed TS that is not finite.
    static func check(observed ts: Double?, of source: String) throws(Fault) {
        guard let ts, !ts.isFinite else { return }
        throw Fault(.badData, "the observed TS of \(source) is \(ts)", remedy: "find out why its fit failed")
    }
}

/// The ranks of one source's TS in all skies.
private struct RankedColumn {
    /// TS of each trial; 0 where a fit ended at n_s = 0 up to rounding.
    let values: [Double]
    /// For each trial, the number of skies with TS at least as large, itself included.
    let ranks: [UInt32]
    let countAtZero: Int
    let maximum: Double
    /// The observed TS, and the number of trials with TS at least as large.
    let observed: (value: Double, count: Int)?

    init(_ column: [Double], observed: Double?, _ name: String) throws(Fault) {
        var (values, order, zeros) = (column, [Entry](), 0)
        for (trial, ts) in column.enumerated() {
            try SourceTS.check(ts, of: name, in: "background trial \(trial)")
            values[trial] = Self.rounded(ts)
            if values[trial] == 0 { zeros += 1 } else { order.append(Entry(ts: ts, trial: UInt32(trial))) }
        }
        try SourceTS.check(observed: observed, of: name)
        let own = observed.map(Self.rounded)
        order.sort { $0.ts > $1.ts }
        let positive = order.prefix { $0.ts > 0 }.count
        // Skies with TS = 0 come between the positive and the negative ones.
        var ranks = [UInt32](
            repeating: UInt32(positive + zeros + (own.map { $0 >= 0 } == true ? 1 : 0)), count: column.count)
        var (first, above) = (0, 0)
        while first < order.count {
            let ts = order[first].ts
            var end = first + 1
            while end < order.count, order[end].ts == ts { end += 1 }
            let skies = end + (ts < 0 ? zeros : 0) + (own.map { $0 >= ts } == true ? 1 : 0)
            for entry in order[first..<end] { ranks[Int(entry.trial)] = UInt32(skies) }
            if let own, ts >= own { above = end }
            first = end
        }
        if let own, own <= 0 { above += zeros }
        (self.values, self.ranks, countAtZero) = (values, ranks, zeros)
        maximum = positive > 0 || zeros == 0 ? order[0].ts : 0
        self.observed = own.map { ($0, above) }
    }

    private struct Entry {
        let ts: Double
        let trial: UInt32
    }

    /// A TS that deviates from 0 only by rounding counts as 0, as in ``TSDistribution``.
    private static func rounded(_ ts: Double) -> Double { ts <= 0 && ts >= -TSDistribution.rounding ? 0 : ts }
}
