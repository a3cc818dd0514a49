import Numerics

/// The buffers of one thread for sky trials.
public struct SkyWorkspace {
    /// The right ascensions of each dataset's events.
    let angles: [TurnArray]
    /// The events and the fit of each source. Sources with the same signal table share the memory for events, and
    /// all sources that of their fits.
    var sources: [TrialWorkspace]
    /// Injected events of each pair of a source and a dataset.
    var injectedCounts: [Int]
    /// The injected events of each dataset, from all sources.
    var injected: [[SkySignalEvent]]
    /// The injected events of one source and dataset.
    var drawn: [SignalEvent] = []

    init(_ analysis: CatalogueAnalysis) {
        angles = analysis.skies.map { TurnArray(count: $0.events.count) }
        let step = analysis.sources[0].grid.step
        let events = analysis.tables.map { SelectedEvents(signal: $0, step: step) }
        // All tables of a dataset have a row for each of its energies.
        let buffers = analysis.tableIndices[0].map { EventBuffers(events[$0]) }
        sources = zip(analysis.sources, analysis.tableIndices).map { source, indices in
            TrialWorkspace(source, events: indices.map { events[$0] }, buffers: buffers)
        }
        injectedCounts = [Int](repeating: 0, count: analysis.sources.count * analysis.skies.count)
        injected = analysis.skies.map { _ in [] }
    }
}

/// An injected event with its place on the sky.
struct SkySignalEvent: Sendable {
    /// With the right ascension relative to the source that it comes from.
    let event: SignalEvent
    /// In radians, any number of turns.
    let rightAscension: Double
}
