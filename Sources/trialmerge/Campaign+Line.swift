import Console
import PointSource
import Trials

extension Campaign {
    /// One line that says for which source and spectrum trials were made.
    var line: String {
        let source = configuration.source.name.isEmpty ? "source" : configuration.source.name
        let (ra, dec) = (configuration.rightAscensionDegrees, configuration.declinationDegrees)
        let spectrum = configuration.settings.spectrum
        var line = "\(source) at ra \(ra.shortestText)°, dec \(dec.shortestText)°, \(configuration.sample.name), "
        line += "gamma \(spectrum.gamma.shortestText)"
        if spectrum.cutoffEnergy.isFinite { line += ", cutoff at \(energyText(spectrum.cutoffEnergy))" }
        return line
    }

    /// The energy that flux normalisations are given at: "1 TeV".
    var referenceEnergyText: String { energyText(configuration.settings.spectrum.referenceEnergy) }

    private func energyText(_ energy: Double) -> String {
        switch energy {
        case 1e6...: "\((energy / 1e6).shortestText) PeV"
        case 1e3...: "\((energy / 1e3).shortestText) TeV"
        default: "\(energy.shortestText) GeV"
        }
    }
}
