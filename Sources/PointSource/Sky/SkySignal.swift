import Numerics

/// Draws the signal events of many sources on a sky (docs/model.md, section 12).
struct SkySignal: Sendable {
    private let sources: [Source]
    /// By source and dataset.
    private let generators: [[SignalGenerator]]
    /// The shares of the datasets in the events of all sources.
    private let sharing: SignalSharing
    /// By dataset: the sum of the shares of each source and those before it in the dataset's events.
    private let sourceShares: [[Double]]
    /// The last source with signal.
    private let last: Int

    var sourceCount: Int { sources.count }

    /// - Parameter weights: the relative fluxes of the sources.
    init(_ analyses: [PointSourceAnalysis], weights: [Double]) {
        sources = analyses.map(\.source)
        generators = analyses.map { $0.models.map(\.signal) }
        // Events per flux of each source, shared out among its datasets.
        let events = Self.eventsPerFlux(analyses, weights)
        let total = events.reduce(0, +)
        last = events.lastIndex { $0 > 0 } ?? 0
        let pairs = zip(analyses, events).map { analysis, events in analysis.injectedShares.map { $0 * events / total }
        }
        let shares = pairs[0].indices.map { j in pairs.reduce(0) { $0 + $1[j] } }
        sharing = SignalSharing(shares: shares, poisson: analyses[0].settings.poissonInjection)
        sourceShares = shares.indices.map { j in
            var sum = 0.0
            return pairs.map {
                sum += $0[j] / shares[j]
                return sum
            }
        }
    }

    /// The mean number of detected events of each source for a flux normalisation of 1 GeV⁻¹ cm⁻² s⁻¹ of a source of
    /// weight 1.
    static func eventsPerFlux(_ analyses: [PointSourceAnalysis], _ weights: [Double]) -> [Double] {
        zip(analyses, weights).map { $1 / $0.fluxPerEvent() }
    }

    /// Replaces the events in the buffers by those of a trial; returns their number.
    ///
    /// - Throws: `Fault` (bad data) if no draw passes the energy cut.
    func draw(_ number: UInt64, of hypothesis: Hypothesis, into buffers: inout Buffers) throws -> Int {
        buffers.removeAll()
        guard hypothesis.meanSignal > 0 else { return 0 }
        let total = share(number, of: hypothesis, &buffers)
        for (pair, count) in buffers.counts.enumerated() where count > 0 {
            let (s, j) = pair.quotientAndRemainder(dividingBy: buffers.events.count)
            let source = sources[s]
            try generators[s][j].generate(
                count: count, key: hypothesis.key.of(source), trial: number, into: &buffers.drawn)
            for event in buffers.drawn {
                buffers.events[j].append(
                    Event(event: event, rightAscension: source.rightAscension + event.rightAscensionDifference))
            }
        }
        return total
    }

    /// Shares a trial's events out among the datasets, as for one source, and draws the source of each; returns their
    /// number.
    private func share(_ number: UInt64, of hypothesis: Hypothesis, _ buffers: inout Buffers) -> Int {
        var random = RandomStream(
            key: hypothesis.key, trial: number, purpose: RandomPurpose.signalCounts.rawValue)
        let total = sharing.counts(mean: hypothesis.meanSignal, &random, into: &buffers.datasetCounts)
        for pair in buffers.counts.indices { buffers.counts[pair] = 0 }
        for (j, count) in buffers.datasetCounts.enumerated() {
            for _ in 0..<count {
                let wanted = last == 0 ? 0 : random.uniform()
                let s = prefixCount(last) { sourceShares[j][$0] <= wanted }
                buffers.counts[s * buffers.datasetCounts.count + j] += 1
            }
        }
        return total
    }

    /// An injected event with its place on the sky.
    struct Event: Sendable {
        /// With the right ascension relative to the source that it comes from.
        let event: SignalEvent
        /// In radians, any number of turns.
        let rightAscension: Double
    }

    /// One thread's buffers.
    struct Buffers {
        /// The injected events of each dataset, from all sources.
        fileprivate(set) var events: [[Event]]
        /// The number of events of each dataset, and of each pair of a source and a dataset.
        fileprivate var datasetCounts: [Int]
        fileprivate var counts: [Int]
        /// The events of one pair.
        fileprivate var drawn: [SignalEvent] = []

        mutating func removeAll() {
            for j in events.indices { events[j].removeAll(keepingCapacity: true) }
        }

        init(sources: Int, datasets: Int) {
            events = [[Event]](repeating: [], count: datasets)
            datasetCounts = [Int](repeating: 0, count: datasets)
            counts = [Int](repeating: 0, count: sources * datasets)
        }
    }
}

extension Philox4x32.Key {
    /// The key of a source's signal: it depends on the source's position, not on its place in a list.
    fileprivate func of(_ source: Source) -> Philox4x32.Key {
        let position = Philox4x32.Key(
            seed: source.rightAscension.bitPattern, stream: source.declination.bitPattern)
        return Philox4x32.Key(
            seed: UInt64(word0) | UInt64(word1) &<< 32,
            stream: UInt64(position.word0) | UInt64(position.word1) &<< 32)
    }
}
