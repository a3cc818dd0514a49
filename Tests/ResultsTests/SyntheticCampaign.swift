import PointSource
import Settings

/// A campaign without data.
enum SyntheticCampaign {
    static func make(
        widened: AnalysisSettings.EnergyRange? = nil, _ change: (inout ConfigurationLayer) -> Void = { _ in }
    ) throws -> Campaign {
        var layer = ConfigurationLayer()
        (layer.rightAscension, layer.declination) = (77.25, 5.75)
        change(&layer)
        return Campaign(
            configuration: try Configuration(layer), fileDigests: ["events.csv": "00ff"], modelVersion: "4",
            fluxPerEvent: 2e-14, widenedRange: widened)
    }
}
