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
        workspace.angles.draw(number, key: hypothesis.key)
        let injected = try signal.draw(number, of: hypothesis, into: &workspace.signal)
        var fits = [FitResult?](repeating: nil, count: sources.count)
        for s in order {
            let near = collect(s, &workspace)
            fits[s] = try sources[s].maximum(
                limit: sources[s].expectedSignal(injected: near), workspace: &workspace.sources[s],
                of: "trial \(number) with mu \(shortest(hypothesis.meanSignal)) and seed \(hypothesis.seed) at "
                    + sources[s].source.name)
        }
        return SkyTrial(number: number, injected: injected, fits: fits.compactMap { $0 })
    }

    /// Fills a source's workspace with its events of the sky; returns the number of injected ones.
    func collect(_ s: Int, _ workspace: inout SkyWorkspace) -> Int {
        var near = 0
        for j in skies.indices {
            let events = workspace.sources[s].events[j]
            events.removeAll(total: sources[s].models[j].eventCount + workspace.signal.events[j].count)
            reaches[s][j].collect(
                skies[j], at: workspace.angles[j], rightAscension: sources[s].source.rightAscension, into: events)
            for (i, placed) in workspace.signal.events[j].enumerated() {
                var event = placed.event
                event.rightAscensionDifference = sources[s].box.difference(rightAscension: placed.rightAscension)
                sources[s].add(event, index: i, dataset: j, to: events)
            }
            near += events.count - events.backgroundCount
        }
        return near
    }
}
