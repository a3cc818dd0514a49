import Console
import PointSource
import Settings

extension Campaign {
    /// One line that says for which source and spectrum trials were made.
    public var line: String {
        let source = configuration.source.name.isEmpty ? "source" : configuration.source.name
        let (ra, dec) = (configuration.rightAscensionDegrees, configuration.declinationDegrees)
        let spectrum = configuration.settings.spectrum
        var line = "\(source) at ra \(NumberFormat.plain(ra))°, dec \(NumberFormat.plain(dec))°, "
        line += "\(configuration.sample.name), gamma \(NumberFormat.plain(spectrum.gamma))"
        if spectrum.cutoffEnergy.isFinite { line += ", cutoff at \(NumberFormat.energy(spectrum.cutoffEnergy))" }
        if let range = configuration.settings.injectionRange {
            line += ", true energies \(NumberFormat.energies(range.lower, range.upper))"
        }
        return line
    }

    /// The energy that flux normalisations are given at: "1 TeV".
    public var referenceEnergyText: String { NumberFormat.energy(configuration.settings.spectrum.referenceEnergy) }
}
