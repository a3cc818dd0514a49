import IceTracks
import Testing

@Suite struct SkyCoordinatesTests {
    @Test(
        "Positions of SIMBAD: hours, degrees and galactic coordinates",
        arguments: [
            // NGC 1068, TXS 0506+056, Crab pulsar, Sgr A*: ra, dec, text, galactic.
            (40.669629, -0.013281, "02h 42m 40.71s −00° 00′ 47.8″", 172.1037, -51.9339),
            (77.358185, 5.693148, "05h 09m 25.96s +05° 41′ 35.3″", 195.4055, -19.6360),
            (83.633083, 22.0145, "05h 34m 31.94s +22° 00′ 52.2″", 184.5575, -5.7843),
            (266.416837, -29.007810, "17h 45m 40.04s −29° 00′ 28.1″", 359.9442, -0.0462),
        ])
    func known(ra: Double, dec: Double, text: String, longitude: Double, latitude: Double) {
        let position = SkyCoordinates(rightAscensionDegrees: ra, declinationDegrees: dec)
        #expect("\(position.hours) \(position.degreesMinutesSeconds)" == text)
        #expect(abs(position.galactic.longitude - longitude) < 2e-3)
        #expect(abs(position.galactic.latitude - latitude) < 2e-3)
    }

    @Test func roundingCarries() {
        func position(_ ra: Double, _ dec: Double) -> SkyCoordinates {
            SkyCoordinates(rightAscensionDegrees: ra, declinationDegrees: dec)
        }
        #expect(position(359.99999999, 0).hours == "00h 00m 00.00s")
        #expect(position(14.9999999, 0).hours == "01h 00m 00.00s")
        #expect(position(0, 9.9999999).degreesMinutesSeconds == "+10° 00′ 00.0″")
        #expect(position(0, -1e-9).degreesMinutesSeconds == "+00° 00′ 00.0″")
        #expect(position(0, -90).degreesMinutesSeconds == "−90° 00′ 00.0″")
        #expect(position(0, 90).galactic.longitude.rounded() == 123)
    }
}
