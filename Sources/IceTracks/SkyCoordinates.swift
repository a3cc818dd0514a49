import Foundation

/// A position on the sky in equatorial coordinates (ICRS), for people: in hours, minutes and seconds, and in galactic
/// coordinates.
public struct SkyCoordinates: Sendable, Equatable {
    /// In degrees.
    public let rightAscension: Double
    /// In degrees, in [−90, 90].
    public let declination: Double

    public init(rightAscensionDegrees: Double, declinationDegrees: Double) {
        (rightAscension, declination) = (rightAscensionDegrees, declinationDegrees)
    }
}

extension SkyCoordinates {
    /// "02h 42m 40.80s": in [0h, 24h), rounded to 0.01 s.
    public var hours: String {
        let turn = 24 * 3600 * 100
        let hundredths = Int((rightAscension / 360 * Double(turn)).rounded()) % turn
        let parts = Self.sixtieths((hundredths + turn) % turn, perSecond: 100)
        return "\(parts.whole)h \(parts.minutes)m \(parts.seconds)s"
    }

    /// "−00° 00′ 36.0″": rounded to 0.1″.
    public var degreesMinutesSeconds: String {
        let tenths = Int((abs(declination) * 3600 * 10).rounded())
        let parts = Self.sixtieths(tenths, perSecond: 10)
        return "\(declination < 0 && tenths > 0 ? "−" : "+")\(parts.whole)° \(parts.minutes)′ \(parts.seconds)″"
    }

    /// Galactic longitude in [0, 360) and latitude, in degrees.
    ///
    /// The matrix of the Hipparcos catalogue (ESA SP-1200, 1997, volume 1, equation 1.5.11): north galactic pole at ra
    /// 192.85948°, dec 27.12825°, longitude of the north celestial pole 122.93192°.
    public var galactic: (longitude: Double, latitude: Double) {
        let radian = Double.pi / 180
        let (poleRA, poleDec, node) = (192.85948 * radian, 27.12825 * radian, 122.93192 * radian)
        let (ra, dec) = (rightAscension * radian - poleRA, declination * radian)
        let sine = sin(poleDec) * sin(dec) + cos(poleDec) * cos(dec) * cos(ra)
        let angle = atan2(cos(dec) * sin(ra), cos(poleDec) * sin(dec) - sin(poleDec) * cos(dec) * cos(ra))
        let longitude = ((node - angle) / radian).truncatingRemainder(dividingBy: 360)
        return (longitude < 0 ? longitude + 360 : longitude, asin(min(1, max(-1, sine))) / radian)
    }

    /// A number of parts of seconds as three texts of two digits before the point.
    private static func sixtieths(_ parts: Int, perSecond: Int) -> (whole: String, minutes: String, seconds: String) {
        let seconds = parts / perSecond
        let decimals = perSecond == 100 ? 2 : 1
        return (
            String(format: "%02d", seconds / 3600), String(format: "%02d", seconds / 60 % 60),
            String(format: "%02d.%0\(decimals)d", seconds % 60, parts % perSecond)
        )
    }
}
