import Diagnostics
import Numerics

/// The weighted background trials of a catalogue search, and the significance of observed TS.
///
/// The local p-value of a source is the mean of W over the trials in which its TS is at least as large, 1 for a TS of 0.
/// As in ``CatalogueTrials``, the hottest source of a sky has the smallest local p-value (among equals the largest TS),
/// the population test is the smallest binomial probability, and a post-trial p-value is the mean of W over the trials
/// that are at least as extreme as the data.
public struct WeightedCatalogueTrials: Sendable {
    /// The weighted trials of a catalogue search.
    public struct Skies: Sendable {
        /// For each source, its TS in each trial.
        public var columns: [[Double]]
        /// ln W of each trial.
        public var logWeights: [Double] = []
        /// The component of the mixture that each trial was drawn from.
        public var components: [Int32] = []

        public init(columns: [[Double]]) { self.columns = columns }
    }

    /// The number of trials, n.
    public let count: Int
    /// Whether weights and mixture are valid.
    public let isSound: Bool
    /// For each source, the weighted fraction of trials with TS = 0.
    public let fractionsAtZero: [Double]
    /// For each source, the largest TS of a trial.
    public let maxima: [Double]
    /// The significance of the observed TS; nil if none was given.
    public let observation: CatalogueTrials.Observation?
    private let weights: Weights
    /// The smallest local p-value of each trial, and the smallest binomial probability.
    private let smallest: [Double]
    private let populations: [Double]

    /// - Parameters:
    ///   - distribution: of the largest TS, from the same trials: whether weights and mixture are valid.
    ///   - ordinaryShare: α₀ of the mixture.
    ///   - observed: the observed TS of each source; nil for none.
    ///   - names: of the sources, for messages.
    /// - Throws: `Fault`: `badData` if there are no trials, or for a number that is not finite; `usage` if the numbers of
    ///   sources or trials do not agree.
    /// - Complexity: O(N n log n + n N log N).
    public init(
        _ skies: consuming Skies, distribution: WeightedTSDistribution, ordinaryShare: Double,
        observed: [Double]? = nil, names: [String] = []
    ) throws(Fault) {
        let (columnCount, count) = (skies.columns.count, skies.logWeights.count)
        guard count > 0, columnCount > 0 else {
            throw Fault(.badData, "there are no weighted trials", remedy: "make some with trialgen run --mu 0 --tail 7")
        }
        guard skies.columns.allSatisfy({ $0.count == count }), skies.components.count == count,
            observed.map({ $0.count == columnCount }) ?? true
        else { throw Fault(.usage, "the sources of a catalogue have different numbers of trials") }
        self.count = count
        isSound = distribution.isSound
        weights = Weights(
            skies.logWeights, skies.components, isSound: distribution.isSound, ordinaryShare: ordinaryShare)
        var (zeros, maxima, local) = ([Double](), [Double](), [PValue]())
        var hottest = [HottestSource<Double>](repeating: HottestSource(largest: .infinity), count: count)
        var observedHottest = HottestSource(largest: Double.infinity)
        for source in 0..<columnCount {
            let name = source < names.count ? names[source] : "source \(source + 1)"
            let column = try WeightedColumn(skies.columns[source], weights, observed: observed?[source], name)
            // In place of the TS, which are no longer needed.
            skies.columns[source] = column.pValues
            for trial in 0..<count { hottest[trial].compare(source, column.pValues[trial], column.values[trial]) }
            if let own = column.observed {
                observedHottest.compare(source, own.tail.value, own.value)
                local.append(PValue(own.tail))
            }
            zeros.append(column.fractionAtZero)
            maxima.append(column.maximum)
        }
        let tails = BinomialTails(sources: columnCount)
        var sky = [Double](repeating: 0, count: columnCount)
        populations = (0..<count).map { trial in
            for source in sky.indices { sky[source] = skies.columns[source][trial] }
            sky.sort()
            return tails.smallest(sky).probability
        }
        smallest = hottest.map(\.rank)
        (fractionsAtZero, self.maxima) = (zeros, maxima)
        guard observed != nil else {
            observation = nil
            return
        }
        let order = local.indices.sorted { (local[$0].value, $0) < (local[$1].value, $1) }
        let (k, statistic) = tails.smallest(order.map { local[$0].value })
        let last = local[order[k - 1]]
        observation = CatalogueTrials.Observation(
            local: local,
            hottest: (
                observedHottest.source,
                PValue(Self.global(observedHottest, local, hottest, skies.columns, weights))
            ),
            population: CatalogueTrials.Population(
                k: k, sources: Array(order.prefix(k)), local: last,
                binomial: BinomialProportion.probability(atLeast: k, of: columnCount, p: last.value),
                global: PValue(weights.populationTail(populations, statistic))))
    }

    /// The post-trial p-value of the hottest source.
    ///
    /// The comparison of sources uses local p-values of the same trials. If that of the data's hottest source, h, is too
    /// large by a factor, then all other sources are compared with a local p-value that is too large by the same factor,
    /// and so is the post-trial p-value, nearly. With p the local p-value of h and g_s the part of the post-trial p-value
    /// in which s is the hottest source, a trial contributes, to first order,
    ///
    ///     W [ 1{min p ≤ p} + Σ_s (g_s/p) (1{p_h ≤ p} − 1{p_s ≤ p}) ],
    ///
    /// whose variance is that of the post-trial p-value.
    private static func global(
        _ observed: HottestSource<Double>, _ local: [PValue], _ hottest: [HottestSource<Double>],
        _ columns: [[Double]], _ weights: Weights
    ) -> WeightedTail {
        let p = observed.rank
        guard let own = local[observed.source].weighted, p > 0 else { return .empty }
        guard p < 1 else { return .certain }
        let extreme = hottest.indices.filter { hottest[$0].isAtLeastAsExtreme(as: observed) }
        var shares = [Double](repeating: 0, count: columns.count)
        for trial in extreme { shares[hottest[trial].source] += weights[trial] / Double(weights.count) }
        let total = shares.reduce(0, +)
        var contributions = [Double](repeating: 0, count: weights.count)
        for trial in extreme { contributions[trial] = 1 }
        for source in columns.indices {
            let slope = (source == observed.source ? total : 0) - shares[source]
            guard slope != 0 else { continue }
            for trial in columns[source].indices where columns[source][trial] <= p {
                contributions[trial] += slope / p
            }
        }
        let variance = weights.variance { weights[$0] * contributions[$0] }
        var sums = weights.sums(extreme)
        sums.variance = variance
        // The local p-value of h limits the precision.
        let effectiveSize = min(own.effectiveSize, sums.sum * sums.sum / sums.squares)
        sums.squares = sums.sum * sums.sum / effectiveSize
        sums.largest = sums.sum * max(own.largestShare, sums.largest / sums.sum)
        return weights.tail(sums)
    }

    /// As ``CatalogueTrials/hottestCurve``.
    public var hottestCurve: PostTrialCurve { PostTrialCurve(smallest, .smallFirst) { weights[$0] } }

    /// As ``CatalogueTrials/populationCurve``.
    public var populationCurve: PostTrialCurve { PostTrialCurve(populations, .smallFirst) { weights[$0] } }

    /// What post-trial p-values require. A number is nil if the trials in question are too few to be trusted.
    public func requirements(global wanted: [Double]) -> [CatalogueTrials.Requirement] {
        wanted.map { global in
            CatalogueTrials.Requirement(
                global: global,
                local: weights.largest(smallest, reachedBy: global) { weights.tail(weights.sums($0)).isTrusted },
                binomial: weights.largest(populations, reachedBy: global) {
                    weights.populationTail(of: $0).isTrusted
                })
        }
    }
}

/// The weights of trials, by trial.
private struct Weights: Sendable {
    private let values: [Double]
    private let components: [Int32]
    private let counts: [Int]
    private let isSound: Bool
    private let ordinaryShare: Double

    init(_ logWeights: [Double], _ components: [Int32], isSound: Bool, ordinaryShare: Double) {
        values = logWeights.map { Portable.exp($0) }
        self.components = components
        self.isSound = isSound
        self.ordinaryShare = ordinaryShare
        var counts: [Int] = []
        for component in components {
            while counts.count <= Int(component) { counts.append(0) }
            counts[Int(component)] += 1
        }
        self.counts = counts
    }

    var count: Int { values.count }

    subscript(trial: Int) -> Double { values[trial] }

    /// The variance of a sum over all trials, within components.
    func variance(_ value: (_ trial: Int) -> Double) -> Double {
        var sums = counts.map { WeightedTSDistribution.ComponentSums(count: $0) }
        for trial in values.indices {
            let (x, component) = (value(trial), Int(components[trial]))
            sums[component].sum += x
            sums[component].squares += x * x
        }
        return sums.reduce(0) { $0 + $1.variance }
    }

    /// Sums over some of the trials.
    func sums(_ trials: some Sequence<Int>) -> WeightedTSDistribution.Running {
        var running = WeightedTSDistribution.Running()
        var sums = counts.map { WeightedTSDistribution.ComponentSums(count: $0) }
        for trial in trials {
            let (weight, component) = (values[trial], Int(components[trial]))
            sums[component].sum += weight
            sums[component].squares += weight * weight
            running.sum += weight
            running.squares += weight * weight
            running.largest = max(running.largest, weight)
        }
        running.variance = sums.reduce(0) { $0 + ($1.sum > 0 ? $1.variance : 0) }
        return running
    }

    func tail(_ sums: WeightedTSDistribution.Running, isSound: Bool = true) -> WeightedTail {
        guard sums.sum > 0 else { return .empty }
        return WeightedTail(
            sums, trials: count, isSound: isSound && self.isSound, confidence: Significance.oneSigmaContent)
    }

    /// The trials whose smallest binomial probability is at most a number.
    func populationTail(_ populations: [Double], _ statistic: Double) -> WeightedTail {
        guard statistic < 1 else { return .certain }
        return populationTail(of: populations.indices.filter { populations[$0] <= statistic })
    }

    /// A tail of the population test. Nothing is tilted towards several sources at once, so that only the mixture's
    /// ordinary part contains every kind of trial: it must suffice to count the tail.
    func populationTail(of trials: some Sequence<Int>) -> WeightedTail {
        let sums = sums(trials)
        return tail(sums, isSound: ordinaryShare * sums.sum >= TSDistribution.minimumCountedTail)
    }

    /// The largest of some values that no more than a weighted fraction of the trials reach, that is, are at most as
    /// large as; nil if there is none, or the tail of trials that reach it is not accepted.
    func largest(
        _ values: [Double], reachedBy fraction: Double, accepting: (ArraySlice<Int>) -> Bool
    ) -> Double? {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var (sum, end) = (0.0, 0)
        while end < order.count {
            var next = end
            while next < order.count, values[order[next]] == values[order[end]] {
                sum += self.values[order[next]]
                next += 1
            }
            if sum > fraction * Double(count) { break }
            end = next
        }
        guard end > 0, accepting(order[..<end]) else { return nil }
        return values[order[end - 1]]
    }
}

/// The local p-values of one source in all trials.
private struct WeightedColumn {
    /// TS of each trial; 0 where a fit ended at n_s = 0 up to rounding.
    let values: [Double]
    let pValues: [Double]
    let fractionAtZero: Double
    let maximum: Double
    /// The observed TS, and the tail of trials with TS at least as large.
    let observed: (value: Double, tail: WeightedTail)?

    init(_ column: [Double], _ weights: Weights, observed: Double?, _ name: String) throws(Fault) {
        let values = try column.enumerated().map { trial, ts throws(Fault) in
            try SourceTS.check(ts, of: name, in: "weighted trial \(trial)")
            guard weights[trial].isFinite else {
                throw Fault(
                    .badData, "the weight of weighted trial \(trial) of the table is \(weights[trial])",
                    remedy: "find out why its fit failed with `trialgen inspect`")
            }
            return max(ts, 0)
        }
        try SourceTS.check(observed: observed, of: name)
        // By decreasing TS, and in the order of the trials.
        let order = values.indices.filter { values[$0] > 0 }.sorted { (values[$1], $0) < (values[$0], $1) }
        var pValues = [Double](repeating: 1, count: values.count)
        var (sum, first) = (0.0, 0)
        while first < order.count {
            var end = first
            while end < order.count, values[order[end]] == values[order[first]] {
                sum += weights[order[end]]
                end += 1
            }
            for i in first..<end { pValues[order[i]] = min(1, sum / Double(weights.count)) }
            first = end
        }
        self.values = values
        self.pValues = pValues
        fractionAtZero = max(0, 1 - sum / Double(weights.count))
        maximum = order.first.map { values[$0] } ?? 0
        self.observed = observed.map { ts in
            guard ts > 0 else { return (max(ts, 0), .certain) }
            return (ts, weights.tail(weights.sums(order.prefix { values[$0] >= ts })))
        }
    }
}
