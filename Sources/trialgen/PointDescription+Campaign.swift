import Console
import Trials

extension PointDescription {
    init(_ point: CampaignPoint, _ configuration: Configuration) {
        let (source, spectrum) = (configuration.source, configuration.settings.spectrum)
        self.init(
            number: point.number, name: source.name, rightAscension: configuration.rightAscensionDegrees,
            declination: configuration.declinationDegrees, gamma: spectrum.gamma,
            energyRange: configuration.settings.injectionRange.map { ($0.lower, $0.upper) })
    }
}
