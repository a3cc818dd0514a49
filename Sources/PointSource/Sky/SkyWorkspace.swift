/// The buffers of one thread for sky trials.
public struct SkyWorkspace {
    /// The skies that are searched together, source by source.
    var skies: [Sky]
    /// The events and the fit of each source. Sources with the same signal table share the memory for events, and
    /// all sources that of their fits.
    var sources: [TrialWorkspace]
    var weighted: WeightedBuffers
    let scan: SkyScan

    /// One sky.
    struct Sky {
        let angles: SkyAngles
        /// The relevant events of each source, by dataset.
        let near: [[NearEvents]]
        var signal: SkySignal.Buffers
    }

    init(_ analysis: CatalogueAnalysis) {
        let step = analysis.sources[0].grid.step
        let events = analysis.tables.map { SelectedEvents(signal: $0, step: step) }
        // All tables of a dataset have a row for each of its energies.
        let buffers = analysis.tableIndices[0].map { EventBuffers(events[$0]) }
        sources = zip(analysis.sources, analysis.tableIndices).map { source, indices in
            TrialWorkspace(source, events: indices.map { events[$0] }, buffers: buffers)
        }
        skies = (0..<CatalogueAnalysis.skiesTogether).map { _ in
            Sky(
                angles: SkyAngles(analysis.skies),
                near: analysis.sources.map { _ in analysis.skies.map { _ in NearEvents() } },
                signal: SkySignal.Buffers(sources: analysis.sources.count, datasets: analysis.skies.count))
        }
        scan = SkyScan(analysis.sources[0].grid)
        weighted = WeightedBuffers(datasets: analysis.skies.count)
    }
}
