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

    /// 1/(2π σ² B_sp B_E) of an event: its weight is this times the shape of S_sp (``SelectedEvents``).
    ///
    /// - Parameters:
    ///   - sigma: the angular error in radians.
    ///   - divisor: B_E (``BackgroundEnergyDensity/divisor(log10Energy:bin:)``).
    func scale(ofEvent event: Int, sigma: Double, divisor: Double) -> Double {
        1 / (2 * Double.pi * sigma * sigma * spatial.value(sinDeclination: sinDeclinations[event]) * divisor)
    }
}
