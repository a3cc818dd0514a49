import Console
import Settings

extension PointDescription {
    /// What a campaign says of its place on a curve.
    ///
    /// - Parameter number: the point's place in the list, nil for a campaign by itself.
    public init(_ number: Int?, _ configuration: Configuration) {
        let range = configuration.settings.injectionRange
        self.init(
            number: number, name: configuration.source.name, rightAscension: configuration.rightAscensionDegrees,
            declination: configuration.declinationDegrees, gamma: configuration.settings.spectrum.gamma,
            energyRange: range.map { ($0.lower, $0.upper) })
    }
}
