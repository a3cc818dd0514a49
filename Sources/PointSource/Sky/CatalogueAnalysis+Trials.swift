import Diagnostics
import Numerics

/// One pseudo-experiment of the whole sky, with the fit of every source.
public struct SkyTrial: Sendable, Equatable {
    public let number: UInt64
    /// Signal events injected, from all sources.
    public let injected: Int
    /// In the order of the sources.
    public let fits: [FitResult]

    /// The first source with the largest TS.
    public var hottest: Int { fits.indices.max { fits[$0].testStatistic < fits[$1].testStatistic } ?? 0 }
}

extension CatalogueAnalysis {
    public func makeWorkspace() -> SkyWorkspace { SkyWorkspace(self) }

    /// Makes one sky and fits every source. The right ascensions of data events depend only on the hypothesis and the
    /// trial's number, and the signal of a source also on its position: not on the other sources.
    ///
    /// - Throws: `Fault` (bad data) if no signal event passes the energy cut, or ln Λ is not finite.
    public func trial(
        _ number: UInt64, of hypothesis: Hypothesis, workspace: inout SkyWorkspace
    ) throws -> SkyTrial {
        try trials([number], of: hypothesis, workspace: &workspace)[0]
    }

    /// The skies that are searched together: as many as gain speed by it, since a sky takes six bytes for each event.
    static let skiesTogether = 4

    /// As ``trial(_:of:workspace:)`` for each of the numbers. Several skies are searched together, one source after the
    /// other, so that what belongs to a source is in the cache for all but the first.
    public func trials(
        _ numbers: [UInt64], of hypothesis: Hypothesis, workspace: inout SkyWorkspace
    ) throws -> [SkyTrial] {
        try stride(from: 0, to: numbers.count, by: Self.skiesTogether).flatMap { first in
            try together(Array(numbers[first...].prefix(Self.skiesTogether)), hypothesis, &workspace)
        }
    }

    private func together(
        _ numbers: [UInt64], _ hypothesis: Hypothesis, _ workspace: inout SkyWorkspace
    ) throws -> [SkyTrial] {
        let injected = try numbers.indices.map { k in
            workspace.skies[k].angles.draw(numbers[k], key: hypothesis.key)
            return try signal.draw(numbers[k], of: hypothesis, into: &workspace.skies[k].signal)
        }
        findEvents(ofSkies: numbers.count, workspace)
        var fits = numbers.map { _ in [FitResult?](repeating: nil, count: sources.count) }
        for s in order {
            for k in numbers.indices {
                let near = collect(s, ofSky: k, workspace)
                fits[k][s] = try sources[s].maximum(
                    limit: sources[s].expectedSignal(injected: near), workspace: &workspace.sources[s],
                    of: "trial \(numbers[k]) with mu \(shortest(hypothesis.meanSignal)) and seed \(hypothesis.seed) at "
                        + sources[s].source.name)
            }
        }
        return numbers.indices.map { k in
            SkyTrial(number: numbers[k], injected: injected[k], fits: fits[k].compactMap { $0 })
        }
    }

    /// Finds the events of the first skies that are relevant for the sources.
    func findEvents(ofSkies count: Int, _ workspace: SkyWorkspace) {
        for j in skies.indices {
            workspace.scan.find(
                order.flatMap { s in
                    workspace.skies.prefix(count).map { sky in
                        SkyScan.Target(
                            reach: reaches[s][j], rightAscension: sources[s].source.rightAscension,
                            angles: sky.angles[j], near: sky.near[s][j])
                    }
                }, in: skies[j])
        }
    }

    /// Fills a source's workspace with its events of one of the skies, which have been found; returns the number of
    /// injected ones.
    func collect(_ s: Int, ofSky k: Int, _ workspace: SkyWorkspace) -> Int {
        let sky = workspace.skies[k]
        return sources[s].collect(sky.near[s], reaches[s], sky.signal, into: workspace.sources[s].events)
    }
}

extension PointSourceAnalysis {
    /// Fills the lists of each dataset with the events of a sky: those of the background, which have been found, and the
    /// injected ones in the box.
    ///
    /// - Parameters:
    ///   - near: by dataset, the relevant events of the background.
    ///   - reaches: by dataset, with which they were found.
    ///   - shift: the right ascension of the place that is searched minus the source's, in radians.
    /// - Returns: the number of injected events.
    func collect(
        _ near: [NearEvents], _ reaches: [SourceReach], _ signal: SkySignal.Buffers, shift: Double = 0,
        into events: [SelectedEvents]
    ) -> Int {
        var injected = 0
        for j in models.indices {
            events[j].removeAll(total: models[j].eventCount + signal.events[j].count)
            near[j].copy(to: events[j], negligibleRatios: reaches[j].negligibleRatios)
            for (i, placed) in signal.events[j].enumerated() {
                var event = placed.event
                event.rightAscensionDifference = box.difference(rightAscension: placed.rightAscension - shift)
                add(event, index: i, dataset: j, to: events[j])
            }
            injected += events[j].count - events[j].backgroundCount
        }
        return injected
    }
}
