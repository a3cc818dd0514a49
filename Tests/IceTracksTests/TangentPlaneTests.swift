import Foundation
import IceTracks
import Testing

@Suite("Tangent plane")
struct TangentPlaneTests {
    /// The angular distance in degrees, by the cosine rule for the half angle.
    private func distance(_ one: SkyCoordinates, _ other: SkyCoordinates) -> Double {
        let radian = Double.pi / 180
        let (dec, own) = (one.declination * radian, other.declination * radian)
        let (up, along) = (sin(0.5 * (dec - own)), sin(0.5 * (one.rightAscension - other.rightAscension) * radian))
        return 2 * asin((up * up + cos(dec) * cos(own) * along * along).squareRoot()) / radian
    }

    @Test(
        "Positions and offsets are each other's inverse, at any declination and across right ascension 0",
        arguments: [(40.67, -0.01), (0.0, 60.0), (359.9, -89.5), (200.0, 90.0), (10.0, -45.0)])
    func inverse(rightAscension: Double, declination: Double) throws {
        let centre = SkyCoordinates(rightAscensionDegrees: rightAscension, declinationDegrees: declination)
        let plane = TangentPlane(centre: centre)
        for east in [-20, -3, -0.001, 0, 0.7, 25] {
            for north in [-15, -0.4, 0, 1e-6, 8.0] {
                let place = plane.position(east: east, north: north)
                #expect((0..<360).contains(place.rightAscension) && (-90...90).contains(place.declination))
                let offset = try #require(plane.offset(of: place))
                #expect(abs(offset.east - east) < 1e-10 && abs(offset.north - north) < 1e-10, "\(east) \(north)")
                // The tangent of the distance is that of the offsets.
                let tangent = (east * east + north * north).squareRoot() * .pi / 180
                #expect(abs(distance(place, centre) - atan(tangent) * 180 / .pi) < 1e-9)
            }
        }
        let itself = plane.position(east: 0, north: 0)
        #expect(itself == centre)
    }

    @Test("East is larger right ascension, north larger declination; the other half of the sky has no offset")
    func directions() throws {
        let plane = TangentPlane(centre: SkyCoordinates(rightAscensionDegrees: 359, declinationDegrees: 10))
        let east = plane.position(east: 2, north: 0)
        let north = plane.position(east: 0, north: 2)
        #expect(east.rightAscension > 0.9 && east.rightAscension < 1.2)
        #expect(abs(north.declination - 10 - atan(2 * Double.pi / 180) * 180 / .pi) < 1e-9)
        #expect(abs(north.rightAscension - 359) < 1e-9)
        #expect(plane.offset(of: SkyCoordinates(rightAscensionDegrees: 179, declinationDegrees: -9)) == nil)
    }
}
