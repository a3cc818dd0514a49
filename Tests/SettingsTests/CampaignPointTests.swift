import Diagnostics
import Numerics
import Testing

@testable import Settings

@Suite("Campaigns that list sources, gammas and energy ranges")
struct CampaignPointTests {
    private static let lists = """
        sources: [{name: "a b", ra: 10, dec: -30}, {ra: 20, dec: 5.5}]
        gammas: [2, 2.5, 3]
        energy_ranges: {from: 1e2, to: 1e4}
        flux: {e0: 100}
        trials: [{mu: 0, count: 10}]
        """

    private func layer(_ text: String) throws -> ConfigurationLayer {
        var reader = ConfigurationReader(file: "c.yaml")
        return try reader.read(text)
    }

    @Test("Points are all combinations; each is the campaign that says the same without lists")
    func product() throws {
        let points = try layer(Self.lists).points()
        #expect(points.map(\.number) == Array(0..<24))
        let configurations = try points.map { try $0.configuration() }
        #expect(
            configurations.map(\.declinationDegrees) == Array(repeating: -30, count: 12)
                + Array(repeating: 5.5, count: 12))
        #expect(configurations[0..<12].map(\.settings.spectrum.gamma) == [2, 2, 2, 2, 2.5, 2.5, 2.5, 2.5, 3, 3, 3, 3])
        #expect(configurations[0].source.name == "a b" && configurations[12].source.name == "")
        let lowerEnds = configurations[0..<4].compactMap { $0.settings.injectionRange?.lower }
        #expect(lowerEnds[0] == 100 && lowerEnds[2] == 1000)
        #expect(configurations[0].settings.injectionRange?.upper == lowerEnds[1])

        let range = "[\(lowerEnds[1].description), 1e3]"
        let single = try Configuration(
            try layer(
                "source: {ra: 20, dec: 5.5}\nflux: {e0: 100, gamma: 2.5}\ninjection: {energy_range: \(range)}"))
        #expect(configurations[12 + 4 + 1].canonicalYAML == single.canonicalYAML)
    }

    @Test("A campaign without lists is one point without a number")
    func single() throws {
        let plain = try layer("source: {ra: 20, dec: 5.5}")
        #expect(try plain.points() == [CampaignPoint(number: nil, layer: plain)])
        #expect(try plain.points()[0].path("a/b.h5") == "a/b.h5")
        #expect(try layer("source: {ra: 1, dec: 2}\ngammas: [3]").points().map(\.number) == [0])
    }

    @Test("A point's files have its number before the extension")
    func paths() {
        let point = CampaignPoint(number: 7, layer: ConfigurationLayer())
        #expect(point.path("merged.h5") == "merged-p0007.h5")
        #expect(point.path("a.b/toy.prepared") == "a.b/toy-p0007.prepared")
        #expect(point.path("out/trials") == "out/trials-p0007")
    }

    @Test("The text for jobs has the lists, and the same points")
    func text() throws {
        let lists = try layer(Self.lists)
        let points = try lists.points()
        let text = try points[0].configuration().campaignYAML(data: "/d", jobs: 3, lists: lists)
        let again = try layer(text)
        #expect(again.jobs == 3 && again.data == "/d")
        let (one, other) = (
            try points.map { try $0.configuration().labelledYAML },
            try again.points().map { try $0.configuration().labelledYAML }
        )
        #expect(one == other)
    }

    @Test("Flags win: a single value takes the place of a list")
    func flags() throws {
        var flags = ConfigurationLayer()
        flags.set(\.gamma, 2.2)
        flags.set(\.energyRange, [1e3, 1e5])
        let points = try layer(Self.lists).overridden(by: flags).points()
        #expect(points.count == 2)
        #expect(try points[1].configuration().settings.spectrum.gamma == 2.2)
    }

    @Test("Ends of divided decades are the numbers next to 10^(k/n), and adjoin", arguments: [1, 2, 3, 4, 5, 10])
    func decades(perDecade: Int) throws {
        let layers = try #require(
            try layer("energy_ranges: {from: 1e2, to: 1e9, per_decade: \(perDecade)}").energyRanges)
        let ranges = layers.compactMap(\.energyRange)
        #expect(ranges.count == 7 * perDecade)
        for (index, range) in ranges.enumerated() {
            let exact = 2 + Double(index) / Double(perDecade)
            #expect(abs(Portable.log10(range[0]) - exact) < 1e-14)
            if index > 0 { #expect(range[0] == ranges[index - 1][1]) }
        }
        #expect(ranges.first?[0] == 1e2 && ranges.last?[1] == 1e9)
    }

    @Test(
        "Faults name line, column, key and value",
        arguments: [
            ("sources: [{ra: 1, dec: 2}]\nsource: {ra: 1, dec: 2}", "c.yaml:1:10", "sources and source.ra are both"),
            ("gammas: [2]\nflux: {gamma: 2}\nsource: {ra: 1, dec: 2}", "c.yaml:1:9", "gammas and flux.gamma are both"),
            (
                "energy_ranges: [[1, 2]]\ninjection: {energy_range: [1, 2]}\nsource: {ra: 1, dec: 2}", "c.yaml:1:16",
                "energy_ranges and injection.energy_range are both"
            ),
            ("sources: []", "c.yaml:1:10", "sources is an empty list"),
            ("sources: {ra: 1, dec: 2}", "c.yaml:1:10", "sources must be a list such as"),
            ("sources: [{ra: 1}]", "c.yaml:1:11", "sources[0] lacks dec"),
            ("sources: [{ra: 1, dek: 2}]", "c.yaml:1:19", "did you mean \"dec\""),
            ("sources: [{ra: 1, dec: 2}, {ra: 1, dec: 91}]", "c.yaml:1:41", "declination 91"),
            ("sources: [{ra: 1, dec: 2}, {ra: 1, dec: 2}]", "c.yaml:1:10", "the points 0 and 1 identical"),
            ("gammas: 2\nsource: {ra: 1, dec: 2}", "c.yaml:1:9", "gammas must be a list"),
            ("gammas: [2, hard]", "c.yaml:1:13", "gammas[1] must be a finite number"),
            ("gammas: [2, 9]\nsource: {ra: 1, dec: 2}", "c.yaml:1:13", "9 lies outside the fit range"),
            ("energy_ranges: [[1e3, 1e2]]\nsource: {ra: 1, dec: 2}", "c.yaml:1:17", "1000 to 100 GeV is not valid"),
            ("energy_ranges: [1e3, 1e2]", "c.yaml:1:17", "energy_ranges[0] must be two energies"),
            ("energy_ranges: {from: 1e2}", "c.yaml:1:16", "lacks to"),
            ("energy_ranges: {from: 1e2, til: 1e3}", "c.yaml:1:28", "no key \"til\""),
            ("energy_ranges: {from: 0, to: 1e3}", "c.yaml:1:16", "needs 0 < from < to"),
            ("energy_ranges: {from: 1e2, to: 2e3}", "c.yaml:1:16", "not a whole number of ranges"),
            ("energy_ranges: {from: 1e2, to: 1e3, per_decade: 0}", "c.yaml:1:16", "0 is not a valid number of ranges"),
            (
                "energy_ranges: {from: 1e2, to: 1e3, per_decade: 100}\ngammas: [2]\nsources: [{ra: 1, dec: 95}]",
                "c.yaml:3:24", "95"
            ),
        ])
    func faults(text: String, place: String, problem: String) throws {
        let fault = #expect(throws: Fault.self) { try layer(text).points() }
        let description = try #require(fault).description
        #expect(description.hasPrefix(place + ":"), "\(description)")
        #expect(description.lowercased().contains(problem.lowercased()), "\(description)")
        #expect(fault?.kind == .usage)
    }

    @Test("More points than one campaign may have are refused, also if their product overflows")
    func tooMany() throws {
        let ranges = "energy_ranges: {from: 1e0, to: 1e99, per_decade: 100}"
        let gammas = "gammas: [2, 2.1, 2.2]"
        let fault = #expect(throws: Fault.self) {
            try layer("source: {ra: 1, dec: 2}\n\(gammas)\n\(ranges)").points()
        }
        #expect(fault?.description.contains("more than 10000 points") == true)
    }

    @Test("Where one point is wanted, lists are refused with a word about --point")
    func listsWhereOneIsWanted() throws {
        let fault = #expect(throws: Fault.self) { try Configuration(try layer(Self.lists)) }
        #expect(fault?.description.contains("--point") == true)
    }
}
