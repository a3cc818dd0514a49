import IceTracks

/// The signal of one dataset at a declination: the density of its energies, and draws of its events.
///
/// It depends on the declination only through the bins of effective area and smearing matrix, so sources in the same
/// bins share it.
struct SignalResponse: Sendable {
    /// The declination bins of effective area and smearing matrix.
    struct Bins: Hashable {
        let area: Int
        let smearing: Int
    }

    static func bins(of dataset: Dataset, declination: Double) throws -> Bins {
        Bins(
            area: try SourceEffectiveArea.declinationBin(of: dataset, declination: declination),
            smearing: try SourceSmearing.declinationBin(of: dataset, declination: declination))
    }

    let energyDensity: SignalEnergyDensity
    let trueEnergies: TrueEnergyDistribution
    let sampler: SmearingSampler
    /// The fraction of the signal inside the injection's energy range (c_j of docs/model.md, section 7).
    let injectedFraction: Double

    /// - Parameter sampler: the sampler of another response in the same bin of the smearing matrix; nil makes one.
    /// - Throws: `Fault` (bad data) if a table is empty for this source, `Fault` (usage) for an energy range that does
    ///   not fit it.
    init(
        _ dataset: Dataset, area: SourceEffectiveArea, smearing: SourceSmearing, settings: AnalysisSettings,
        sampler: SmearingSampler? = nil
    ) throws {
        energyDensity = try SignalEnergyDensity(
            dataset: dataset, area: area, smearing: smearing, grid: settings.grid, spectrum: settings.fittedSpectrum)
        let range = try InjectionRange(settings.injectionRange, smearing: smearing)
        let spectrum = settings.injectedSpectrum
        injectedFraction = range.fraction(area: area, spectrum: spectrum)
        trueEnergies = try TrueEnergyDistribution(area: area, spectrum: spectrum, range: range.log10Energies)
        self.sampler = sampler ?? SmearingSampler(smearing: smearing)
    }

    /// - Throws: as the initializer above; `Fault` (bad data) for a declination outside the tables.
    init(_ dataset: Dataset, declination: Double, settings: AnalysisSettings) throws {
        try self.init(
            dataset, area: SourceEffectiveArea(dataset: dataset, declination: declination),
            smearing: SourceSmearing(dataset: dataset, declination: declination), settings: settings)
    }
}
