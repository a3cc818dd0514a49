import Diagnostics
import PointSource
import TestSupport
import Testing

@testable import Settings

@Suite("Searches of the whole sky")
struct SkySearchSettingsTests {
    private func layer(_ text: String) throws -> ConfigurationLayer {
        var reader = ConfigurationReader(file: "c.yaml")
        return try reader.read(text)
    }

    private func configuration(_ text: String) throws -> Configuration { try Configuration(try layer(text)) }

    @Test("A search of the sky has pixels and limits, and needs no source")
    func defaults() throws {
        let plain = try configuration("search: sky\n")
        let sky = try #require(plain.sky)
        #expect(sky.coarse.side == 64 && sky.fine.side == 256 && sky.declinations == -82...82)
        let text = plain.canonicalYAML
        #expect(
            text.contains("search: sky\nsky:\n  nside: 64\n  refine: 256\n  dec_min: -82\n  dec_max: 82\n")
                && !text.contains("source"), "\(text)")
        #expect(try configuration(text).canonicalYAML == text)
        let other = try configuration("search: sky\nsky: {nside: 512, dec_min: 0}\n")
        #expect(other.sky?.fine.side == 512 && other.sky?.declinations == 0...82)
        // The other searches have none of these keys.
        let source = try configuration("source: {ra: 1, dec: 2}\n")
        #expect(source.sky == nil && !source.canonicalYAML.contains("sky"))
    }

    @Test("The campaign's text is read again; it has no flux per event")
    func campaign() throws {
        let campaign = Campaign(
            configuration: try configuration("search: sky\nsky: {nside: 8, refine: 32}\ntrials: [{mu: 0, count: 4}]\n"),
            fileDigests: ["a": "00"], fluxPerEvent: .nan)
        #expect(!campaign.text.contains("flux_per_event"))
        let read = try Campaign(text: campaign.text, file: "f.h5")
        #expect(read.fingerprint == campaign.fingerprint && read.fluxPerEvent.isNaN)
        // Of one source it is required.
        let one = Campaign(
            configuration: try configuration("source: {ra: 1, dec: 2}\n"), fileDigests: ["a": "00"], fluxPerEvent: .nan)
        expectFault(.badData, "lacks model_version, files or flux_per_event") {
            _ = try Campaign(text: one.text, file: "f.h5")
        }
    }

    @Test("Sources of a search of the sky are places of signal: they make no points, and are part of the campaign")
    func signal() throws {
        let text = "search: sky\nsources: [{name: A, ra: 1, dec: 2, weight: 3}, {name: B, ra: 4, dec: 5}]\n"
        let two = try configuration(text + "trials: [{mu: 3, count: 4}]\ninjection: {energy_range: [1e3, 1e5]}\n")
        #expect(two.injectsSignal && two.injectionWeights == [3, 1] && two.search == .sky && two.sky != nil)
        let one = try configuration(text + "injection: {at: B}\n")
        #expect(one.injectionWeights == [0, 1] && one.injectionSource == 1)
        #expect(try layer(text).points().count == 1)
        #expect(try !configuration("search: sky\n").injectsSignal)
        let campaign = Campaign(configuration: two, fileDigests: ["a": "00"], fluxPerEvent: 2e-16)
        let read = try Campaign(text: campaign.text, file: "f.h5")
        #expect(read.fingerprint == campaign.fingerprint && read.fluxPerEvent == 2e-16)
        #expect(read.configuration.sources == two.sources)
        let plain = Campaign(
            configuration: try configuration("search: sky\n"), fileDigests: ["a": "00"], fluxPerEvent: .nan)
        #expect(plain.fingerprint != campaign.fingerprint)
        // A map of the data belongs to both.
        #expect(plain.differenceOfData(from: campaign, here: "a", there: "b") == nil)
    }

    @Test("A setting of the sky, or the search, asks for the sky")
    func meaning() throws {
        #expect(try layer("search: sky\n").meansSky && layer("sky: {nside: 8}\n").meansSky)
        #expect(try layer("sky: {dec_min: 8}\n").meansSky)
        #expect(try !layer("search: source\nsky: {nside: 8}\n").meansSky && !layer("source: {ra: 1}\n").meansSky)
    }

    @Test(
        "What does not belong together",
        arguments: [
            ("search: sky\nsource: {ra: 1, dec: 2}", "c.yaml:2:14", "is not possible with the search sky"),
            ("search: sky\ninjection: {energy_range: [1e3, 1e5]}", "c.yaml:2:27", "not possible with the search sky"),
            ("search: sky\ninjection: {at: A}", "c.yaml:2:17", "names a source of a list"),
            ("search: sky\nsources: []", "c.yaml:2:10", "is an empty list"),
            ("search: sky\nsources: [{ra: 1, dec: 2, weight: 0}]", "c.yaml:2:10", "gives every source the weight 0"),
            ("search: sky\nsources: [{ra: 1, dec: 2}]\ninjection: {at: A}", "c.yaml:3:17", "has no source \"A\""),
            (
                "search: sky\nsky: {dec_min: 0}\nsources: [{ra: 1, dec: -2}]", "c.yaml:3:10",
                "is outside the limits of the search"
            ),
            ("search: sky\nprobes: [\"5:2\"]", "c.yaml:2:9", "not possible with the search sky"),
            ("search: sky\nexposure: {scale: 2}", "c.yaml:2:19", "not possible with the search sky"),
            ("search: sky\nexposure: {years: 20}", "c.yaml:2:19", "not possible with the search sky"),
            ("search: sky\nfit: {mean_n_sig_0: 3}", "c.yaml:2:21", "not possible with the search sky"),
            ("search: sky\nbox: {negligible_ratio: 0}", "c.yaml:2:25", "not possible with the search sky"),
            ("search: sky\nsource_fits: true", "c.yaml:2:14", "belongs to the search catalogue"),
            ("search: sky\ntrials: [{mu: 3, count: 5}]", "c.yaml:2:9", "trials with signal (mu 3)"),
            ("search: sky\ntrials: [{mu: 0, count: 5, tail: 5}]", "c.yaml:2:9", "weighted trials"),
            (
                "source: {ra: 1, dec: 2}\nexposure: {scale: 2}\ntrials: [{mu: 0, count: 5, tail: 5}]", "c.yaml:3:9",
                "weighted"
            ),
            (
                "source: {ra: 1, dec: 2}\nfit: {ns: {min: 1}}\ntrials: [{mu: 0, count: 5, tail: 5}]", "c.yaml:3:9",
                "weighted"
            ),
            ("search: sky\nsky: {nside: 48}", "c.yaml:2:14", "48 is not a side of HEALPix pixels"),
            ("search: sky\nsky: {nside: 99999999999999999}", "c.yaml:2:14", "is not a side of HEALPix pixels"),
            ("search: sky\nsky: {nside: 2048}", "c.yaml:2:14", "2048 is not a side"),
            ("search: sky\nsky: {refine: 32}", "c.yaml:2:15", "32 is coarser than the first pixels, 64"),
            ("search: sky\nsky: {dec_min: 40, dec_max: 20}", "c.yaml:2:16", "from 40 to 20 degrees are none"),
            ("search: sky\nsky: {dec_max: -90}", "c.yaml:2:16", "from -82 to -90 degrees are none"),
            ("search: sky\nsky: {dec_min: 5.1, dec_max: 5.2}", "c.yaml:2:16", "there is no pixel of side 64"),
            ("search: sky\nsky: {dec_min: -91}", "c.yaml:2:16", "-91 is out of range"),
            ("source: {ra: 1, dec: 2}\nsky: {nside: 64}", "c.yaml:2:14", "belongs to the search sky"),
            (
                "search: stack\nsources: [{ra: 1, dec: 2}]\nsky: {dec_max: 64}", "c.yaml:3:16",
                "belongs to the search sky"
            ),
        ] as [(String, String, String)])
    func faults(text: String, place: String, problem: String) {
        expectFault(.usage, place, problem) { _ = try configuration(text) }
    }

    @Test("Only places where signal is injected must be in the part of the sky that is searched")
    func places() throws {
        let list = "search: sky\nsky: {dec_min: 0}\nsources: [{name: A, ra: 1, dec: -2}, {name: B, ra: 1, dec: 2}]\n"
        expectFault(.usage, "c.yaml:3:10", "place of signal A, at declination -2") { _ = try configuration(list) }
        #expect(try configuration(list + "injection: {at: B}\n").injectionWeights == [0, 1])
        expectFault(.usage, "c.yaml:3:10", "place of signal A") { _ = try configuration(list + "injection: {at: A}\n") }
    }

    @Test("The sources of a search of the sky are not fitted")
    func lists() throws {
        #expect(try !layer("search: sky\nsources: [{ra: 1, dec: 2}]\n").fitsEachSource)
    }
}
