/// The buffers of one thread for sky trials.
public struct SkyWorkspace {
    let angles: SkyAngles
    /// The events and the fit of each source. Sources with the same signal table share the memory for events, and
    /// all sources that of their fits.
    var sources: [TrialWorkspace]
    var signal: SkySignal.Buffers
    var weighted: WeightedBuffers

    init(_ analysis: CatalogueAnalysis) {
        angles = SkyAngles(analysis.skies)
        let step = analysis.sources[0].grid.step
        let events = analysis.tables.map { SelectedEvents(signal: $0, step: step) }
        // All tables of a dataset have a row for each of its energies.
        let buffers = analysis.tableIndices[0].map { EventBuffers(events[$0]) }
        sources = zip(analysis.sources, analysis.tableIndices).map { source, indices in
            TrialWorkspace(source, events: indices.map { events[$0] }, buffers: buffers)
        }
        signal = SkySignal.Buffers(sources: analysis.sources.count, datasets: analysis.skies.count)
        weighted = WeightedBuffers(datasets: analysis.skies.count)
    }
}
