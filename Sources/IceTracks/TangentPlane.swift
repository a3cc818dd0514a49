import Foundation

/// The gnomonic projection about a position on the sky, in which great circles are straight: ξ to the east, η to the
/// north, in degrees.
public struct TangentPlane: Sendable, Equatable {
    /// The position at ξ = η = 0.
    public let centre: SkyCoordinates

    public init(centre: SkyCoordinates) { self.centre = centre }

    private static let radian = Double.pi / 180

    /// ξ and η of a position; nil for the other half of the sky.
    public func offset(of position: SkyCoordinates) -> (east: Double, north: Double)? {
        let radian = Self.radian
        let (dec, own) = (position.declination * radian, centre.declination * radian)
        let difference = (position.rightAscension - centre.rightAscension) * radian
        let cosine = sin(own) * sin(dec) + cos(own) * cos(dec) * cos(difference)
        guard cosine > 0 else { return nil }
        return (
            cos(dec) * sin(difference) / cosine / radian,
            (cos(own) * sin(dec) - sin(own) * cos(dec) * cos(difference)) / cosine / radian
        )
    }

    /// The position with ξ and η; the centre itself, to the last bit, for (0, 0).
    public func position(east: Double, north: Double) -> SkyCoordinates {
        if east == 0, north == 0 { return centre }
        let radian = Self.radian
        let (own, ξ, η) = (centre.declination * radian, east * radian, north * radian)
        // The direction is the sum of that of the centre, ξ times east and η times north, in coordinates where the centre
        // has right ascension 0.
        let (x, y, z) = (cos(own) - η * sin(own), ξ, sin(own) + η * cos(own))
        let turn = (centre.rightAscension + atan2(y, x) / radian).truncatingRemainder(dividingBy: 360)
        let rightAscension = turn < 0 ? turn + 360 : turn
        return SkyCoordinates(
            // A negative number close to 0 becomes 360.
            rightAscensionDegrees: rightAscension < 360 ? rightAscension : 0,
            declinationDegrees: atan2(z, (x * x + y * y).squareRoot()) / radian)
    }
}
