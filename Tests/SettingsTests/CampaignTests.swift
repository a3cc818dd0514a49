import Diagnostics
import Testing

@testable import Settings

@Suite("Campaign")
struct CampaignTests {
    private func campaign(
        _ text: String = "source: {name: \"A \\\"b\\\": c\", ra: 1, dec: 2}",
        digests: [String: String] = ["events/a.csv": "00ff", "irfs/b.csv": "12"],
        modelVersion: String = "1"
    ) throws -> Campaign {
        var reader = ConfigurationReader(file: "c.yaml")
        return Campaign(
            configuration: try Configuration(try reader.read(text)), fileDigests: digests, modelVersion: modelVersion,
            fluxPerEvent: 3.0840000000000003e-17)
    }

    @Test("The fingerprint changes with what decides a trial, and with nothing else")
    func fingerprint() throws {
        let reference = try campaign().fingerprint
        #expect(reference.count == 64)
        for same in [
            "source: {ra: 1, dec: 2}",
            "source: {ra: 1, dec: 2, name: N, reference: R}",
            "source: {ra: 1.0, dec: 2}\nseed: 5\noutput: x\ndata: y\ntrials: [{mu: 1, count: 2}]",
        ] {
            #expect(try campaign(same).fingerprint == reference)
        }
        for other in [
            "source: {ra: 1, dec: 2.0000001}", "source: {ra: 1, dec: 2}\nflux: {gamma: 2.1}",
            "source: {ra: 1, dec: 2}\ninjection: {poisson: false}", "source: {ra: 1, dec: 2}\ndatasets: [IC40]",
            "source: {ra: 1, dec: 2}\nfit: {ns: {max: 999}}", "source: {ra: 1, dec: 2}\ncompat: skyllh-26.1",
        ] {
            #expect(try campaign(other).fingerprint != reference, "\(other)")
        }
        #expect(try campaign(digests: ["events/a.csv": "00fe", "irfs/b.csv": "12"]).fingerprint != reference)
        #expect(try campaign(modelVersion: "2").fingerprint != reference)
    }

    @Test("The text in a chunk reads back as the same campaign")
    func roundTrip() throws {
        let campaign = try campaign()
        let again = try Campaign(text: campaign.text, file: "chunk.h5")
        #expect(again.fingerprint == campaign.fingerprint)
        #expect(again.text == campaign.text)
        #expect(again.fluxPerEvent == campaign.fluxPerEvent)
        #expect(again.fileDigests == campaign.fileDigests)
        #expect(again.configuration.source.name == "A \"b\": c")
    }

    @Test("A text that is no campaign is bad data")
    func badText() {
        for text in ["", "source: {ra: 1, dec: 2}", "source: {ra: 1, dec: 2}\nflux_per_event: 1", "a: ["] {
            let fault = #expect(throws: Fault.self) { try Campaign(text: text, file: "chunk.h5") }
            #expect(fault?.kind == .badData)
        }
    }
}
