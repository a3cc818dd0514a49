import IceTracks
import Numerics

/// The background of one dataset, from its events: the same for every source.
struct BackgroundDensities: Sendable {
    /// sin(dec) of every event.
    let sinDeclinations: [Double]
    let spatial: BackgroundSpatialDensity
    let energy: BackgroundEnergyDensity
    /// The lowest energies of injected events.
    let cut: EnergyCut

    /// - Throws: `Fault` (bad data) for events that the analysis cannot use, such as an empty sin(dec) bin.
    init(_ dataset: Dataset) throws {
        try dataset.events.check(dataset: dataset.name)
        sinDeclinations = dataset.events.declination.map { Portable.sin($0) }
        let histogram = EventHistogram(dataset: dataset, sinDeclinations: sinDeclinations)
        spatial = try BackgroundSpatialDensity(dataset: dataset.name, events: histogram)
        energy = try BackgroundEnergyDensity(dataset: dataset.name, events: histogram)
        cut = try EnergyCut(definition: dataset.definition, events: histogram)
    }
}
