import Diagnostics
import IceTracks

/// A sky made again, with the events of the fit of one of its sources.
public struct SkyInspection: Sendable {
    public let sky: SkyTrial
    /// The sky with its weight; nil for an ordinary one.
    public let weighted: WeightedSkyTrial?
    /// The source whose events are listed, by its position.
    public let source: Int
    /// The events whose density ratio can differ from 0, the most signal-like first.
    public let events: [InspectedEvent]
}

extension CatalogueAnalysis {
    /// Makes a sky again and lists the events of a source by their density ratio.
    ///
    /// - Parameters:
    ///   - source: the position of the source; nil for that of the largest TS.
    ///   - data: the events of the datasets from which the analysis was made.
    ///   - background: the mixture of a weighted trial, made for this analysis.
    /// - Throws: `Fault` (usage) for a source that does not exist, and for other data; else as
    ///   ``trial(_:of:workspace:)`` and ``weightedTrial(_:of:background:workspace:)``.
    public func inspect(
        _ number: UInt64, of hypothesis: Hypothesis, source: Int?, data: [EventTable],
        background: WeightedCatalogue? = nil, workspace: inout SkyWorkspace
    ) throws -> SkyInspection {
        if let source, !sources.indices.contains(source) {
            throw Fault(
                .usage, at: .field("source"), "there is no source \(source): the list has \(sources.count)",
                remedy: "count from 0 to \(sources.count - 1)")
        }
        try sources[0].check(data)
        let weighted = try background.map {
            try weightedTrial(number, of: hypothesis, background: $0, workspace: &workspace)
        }
        let sky = try weighted?.sky ?? trial(number, of: hypothesis, workspace: &workspace)
        let s = source ?? sky.hottest
        // Sources share the memory for events: those of this one are collected again, from the same angles and signal.
        _ = collect(s, ofSky: 0, workspace)
        let signal = workspace.skies[0].signal
        let events = sources[s].inspected(
            workspace.sources[s].events, of: data, gamma: sky.fits[s].gamma,
            dataIndex: { Int(skies[$0].events[$1].index) }, injected: { signal.events[$0][$1].event })
        return SkyInspection(sky: sky, weighted: weighted, source: s, events: events)
    }
}
