import Diagnostics

/// Finds sensitivities and discovery potentials without existing trials: makes background trials, finds the mu where a
/// signal becomes visible, and makes more trials there until the answers are precise enough.
///
/// All trials contribute to all answers, since the detection probability is computed from the Poisson distribution
/// of the number of injected events (``DetectionPower/Interpolation/poisson``); so trials at the answer itself are
/// best, and no grid of mu is needed. The choice of trials depends only on earlier trials: equal trials give equal
/// answers.
public struct SensitivitySearch: Sendable {
    /// The criteria, in the order of the answers.
    public var criteria: [DetectableSignal.Criterion]
    /// The relative error that every answer should reach: half the width of the 68.27 % interval divided by mu.
    public var relativeError: Double
    /// The first mu to try.
    public var start: Double
    /// The largest number of trials to make; at least 1.
    public var maximumTrials: Int
    /// The TS above which the background's tail is fitted.
    public var cut: Double

    /// A request for the trials with the given numbers.
    public struct Order: Sendable, Equatable {
        /// 0 for background.
        public let mu: Double
        /// Counted from 0; earlier numbers have been requested before.
        public let trials: Range<Int64>
    }

    /// A trial: the number of injected events, drawn from a Poisson distribution, and TS.
    public typealias Made = (events: Int, ts: Double)

    /// Makes the weighted background trials with the given numbers, counted from 0, and adds them to a distribution.
    public typealias MakeWeighted = (Range<Int64>, inout WeightedTSDistribution.Accumulator) throws -> Void

    public struct Outcome: Sendable {
        /// One answer for each criterion.
        public let signals: [DetectableSignal]
        /// The trials from which they were found.
        public let trials: SearchTrials
        /// The number of ordinary trials at each mu, by increasing mu.
        public let counts: [(mu: Double, count: Int)]
        /// The number of weighted background trials.
        public let weightedCount: Int
        /// Whether every answer is precise enough.
        public let isPrecise: Bool

        /// The total number of trials.
        public var total: Int { counts.reduce(weightedCount) { $0 + $1.count } }
    }

    private static let firstBackground = 5000
    private static let ladderTrials = 200
    private static let leastTrials = 500
    private static let firstWeighted = 20_000
    /// Weighted trials that cannot be trusted are not made beyond this number: counting or a fit then gives the threshold.
    private static let mostUntrusted = 320_000
    /// Below the threshold of this significance ordinary trials are better than weighted ones.
    public static let leastWeightedSigma = 3.0
    /// The largest growth factor of a request: an error estimated from few trials may be far too large.
    private static let largestGrowth = 4.0

    /// - Parameters:
    ///   - relativeError: in (0, 1).
    ///   - start: above 0.
    public init(
        criteria: [DetectableSignal.Criterion], relativeError: Double = 0.05, start: Double = 1,
        maximumTrials: Int = 20_000_000, cut: Double = TruncatedGamma.defaultCut
    ) {
        self.criteria = criteria
        self.relativeError = relativeError
        self.start = start
        self.maximumTrials = maximumTrials
        self.cut = cut
    }

    /// Runs the search.
    ///
    /// - Parameters:
    ///   - make: makes ordinary trials, and returns them in any order.
    ///   - makeWeighted: makes weighted background trials, for thresholds above ``leastWeightedSigma``; nil if there are
    ///     to be none.
    /// - Throws: what `make` and `makeWeighted` throw; `Fault` of kind `badData` if ``maximumTrials`` do not give an
    ///   answer.
    public func run(_ make: (Order) throws -> [Made], makeWeighted: MakeWeighted? = nil) throws -> Outcome {
        var trials = Collected()
        func extend(_ sample: Sample, to count: Int) throws {
            let present = trials.count(sample)
            let end = min(count, present + max(0, maximumTrials - trials.total))
            guard end > present else { return }
            let numbers = Int64(present)..<Int64(end)
            switch sample {
            case .ordinary(let mu): trials.add(try make(Order(mu: mu, trials: numbers)), mu: mu)
            case .weighted: try makeWeighted?(numbers, &trials.weighted)
            }
        }
        // A small limit is divided like the first steps of an unlimited search.
        let whole = Self.firstBackground + Self.ladderTrials
        let background =
            maximumTrials < whole ? max(1, maximumTrials * Self.firstBackground / whole) : Self.firstBackground
        try extend(.ordinary(0), to: background)
        try extend(.ordinary(start), to: Self.ladderTrials)
        let weightedBelow = makeWeighted == nil ? 0 : Significance.tailProbability(sigma: Self.leastWeightedSigma)
        if criteria.contains(where: { $0.tailProbability < weightedBelow }) {
            try extend(.weighted, to: Self.firstWeighted)
        }
        while true {
            let search = try trials.search()
            let found = try criteria.map { criterion in try attempt(criterion, search) }
            var wanted: [Sample: Int] = [:]
            for (criterion, result) in zip(criteria, found) {
                let isWeighted = criterion.tailProbability < weightedBelow
                for (sample, count) in orders(for: criterion, isWeighted, result, search, trials) {
                    wanted[sample] = max(wanted[sample] ?? 0, count)
                }
            }
            let isOver = trials.total >= maximumTrials
            if wanted.isEmpty || isOver {
                return Outcome(
                    signals: try found.map(answer), trials: search, counts: trials.counts,
                    weightedCount: trials.weighted.count, isPrecise: wanted.isEmpty)
            }
            for (sample, count) in wanted.sorted(by: { $0.key < $1.key }) { try extend(sample, to: count) }
        }
    }

    private func answer(_ result: Result<DetectableSignal, Fault>) throws(Fault) -> DetectableSignal {
        do {
            return try result.get()
        } catch {
            throw Fault(
                error.kind, "\(maximumTrials) trials do not give an answer: \(error.problem)",
                remedy: "increase --max-trials, or start at another number of events with --guess")
        }
    }

    /// The answer for a criterion, or which trials are missing.
    private func attempt(
        _ criterion: DetectableSignal.Criterion, _ trials: SearchTrials
    ) throws -> Result<DetectableSignal, Fault> {
        do {
            return .success(try DetectableSignal.find(criterion, in: trials, interpolation: .poisson, cut: cut))
        } catch let fault as Fault where fault.kind == .badData {
            return .failure(fault)
        }
    }

    /// The numbers of trials of each sample for the next step of a criterion; empty if its answer is precise enough.
    ///
    /// - Parameter isWeighted: whether weighted trials may give the threshold.
    private func orders(
        for criterion: DetectableSignal.Criterion, _ isWeighted: Bool, _ result: Result<DetectableSignal, Fault>,
        _ search: SearchTrials, _ trials: Collected
    ) -> [(sample: Sample, count: Int)] {
        /// The background trials that make the threshold more precise.
        func background(by factor: Double, _ threshold: Threshold?) -> (sample: Sample, count: Int) {
            let isUseful = threshold?.method == .weighted || trials.weighted.count < Self.mostUntrusted
            let sample: Sample = isWeighted && isUseful ? .weighted : .ordinary(0)
            return (sample, grown(max(trials.count(sample), 1), by: factor))
        }
        guard case .success(let found) = result else {
            if (try? search.threshold(tailProbability: criterion.tailProbability, cut: cut)) == nil {
                return [background(by: Self.largestGrowth, nil)]
            }
            return [(.ordinary(2 * trials.largestMu), Self.ladderTrials)]
        }
        guard found.relativeError > relativeError else { return [] }
        let parts = found.errorParts(in: search)
        let equal = relativeError / 2.squareRoot()
        var orders: [(sample: Sample, count: Int)] = []
        if parts.threshold > equal {
            orders.append(background(by: squared(parts.threshold / equal), found.threshold))
        }
        let rest =
            parts.threshold > equal
            ? equal : (squared(relativeError) - squared(parts.threshold)).squareRoot()
        if parts.counts > rest || orders.isEmpty {
            let mu = trials.nearest(to: found.mu)
            let present = trials.count(.ordinary(mu))
            let count = grown(max(present, Self.leastTrials / 2), by: max(1.1, squared(parts.counts / rest)))
            orders.append((.ordinary(mu), max(count, Self.leastTrials)))
        }
        return orders
    }

    /// A count times a factor of limited size, rounded to whole hundreds.
    private func grown(_ count: Int, by factor: Double) -> Int {
        let wanted = Double(count) * min(factor, Self.largestGrowth)
        return Int((min(wanted, 1e12) / 100).rounded(.up)) * 100
    }

    private func squared(_ value: Double) -> Double { value * value }
}

/// Trials of one kind.
private enum Sample: Hashable, Comparable {
    /// Ordinary trials with this mean signal.
    case ordinary(Double)
    case weighted
}

/// The trials that a search has so far.
private struct Collected {
    var weighted = WeightedTSDistribution.Accumulator()
    private var background: [Double] = []
    private var signal: [Double: [SensitivitySearch.Made]] = [:]

    var total: Int { weighted.count + background.count + signal.values.reduce(0) { $0 + $1.count } }
    var largestMu: Double { signal.keys.max() ?? 0 }
    var counts: [(mu: Double, count: Int)] {
        [(0, background.count)] + signal.sorted { $0.key < $1.key }.map { ($0.key, $0.value.count) }
    }

    func count(_ sample: Sample) -> Int {
        switch sample {
        case .weighted: weighted.count
        case .ordinary(0): background.count
        case .ordinary(let mu): signal[mu]?.count ?? 0
        }
    }

    mutating func add(_ made: [SensitivitySearch.Made], mu: Double) {
        if mu == 0 {
            background += made.map(\.ts)
        } else {
            signal[mu, default: []] += made
        }
    }

    /// A mu with existing trials, if one is close; else the given one with two digits, or as a whole number.
    func nearest(to mu: Double) -> Double {
        let near = signal.keys.min { abs($0 - mu) < abs($1 - mu) }
        if let near, abs(near - mu) < 0.1 * mu { return near }
        return mu >= 100 ? mu.rounded() : mu.rounded(toDigits: 2)
    }

    func search() throws -> SearchTrials {
        SearchTrials(
            background: try TSDistribution(background),
            weighted: weighted.count > 0 ? try WeightedTSDistribution(weighted) : nil,
            signal: try signal.sorted { $0.key < $1.key }.map { mu, made in
                try SignalTrials(mu: mu, ts: made.map(\.ts))
            },
            injected: try InjectedTrials.sorted(signal.values.joined()))
    }
}
