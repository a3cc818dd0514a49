import Diagnostics
import Foundation
import PointSource
import TestSupport
import Testing

@testable import Settings

@Suite("Lists of sources of one search")
struct SourceListTests {
    private static let catalogue = """
        search: catalogue
        source_fits: true
        sources:
        - {name: A, ra: 10, dec: 5, weight: 2, reference: NED}
        - {ra: 02h00m00s, dec: -00d30m}
        - {name: "x: y", ra: 200, dec: -60, weight: 0}
        injection: {at: A}
        trials: [{mu: 0, count: 10}]
        """

    private func layer(_ text: String) throws -> ConfigurationLayer {
        var reader = ConfigurationReader(file: "c.yaml")
        return try reader.read(text)
    }

    private func configuration(_ text: String) throws -> Configuration { try Configuration(try layer(text)) }

    private func list(_ text: String, name: String = "list.csv") throws -> SourceList {
        let folder = try ScratchFolder()
        try text.write(toFile: folder.file(name), atomically: false, encoding: .utf8)
        return try SourceList(contentsOf: folder.file(name))
    }

    /// The configuration of a catalogue in a file.
    private func catalogue(_ text: String) throws -> Configuration {
        var layer = try layer("search: catalogue\n")
        layer.set(\.sources, try list(text))
        return try Configuration(layer)
    }

    @Test("A catalogue is one campaign with all its sources")
    func catalogue() throws {
        let layer = try layer(Self.catalogue)
        #expect(try layer.points().map(\.number) == [nil])
        let configuration = try Configuration(layer)
        #expect(configuration.search == .catalogue && configuration.sourceFits && configuration.injectionSource == 0)
        #expect(configuration.sources.map(\.source.name) == ["A", "source 2", "x: y"])
        #expect(configuration.sources.map(\.rightAscensionDegrees) == [10, 30, 200])
        #expect(configuration.sources.map(\.declinationDegrees) == [5, -0.5, -60])
        #expect(configuration.sources.map(\.weight) == [2, 1, 0])
        #expect(configuration.sources.map(\.reference) == ["NED", nil, nil])
        #expect(abs(configuration.sources[2].source.declination + .pi / 3) < 1e-15)
        #expect(configuration.source == configuration.sources[0].source)
        #expect(configuration.listWarnings.isEmpty)
    }

    @Test("The canonical text has the list with names and weights; labels are only in the campaign's text")
    func canonical() throws {
        let configuration = try configuration(Self.catalogue)
        let text = configuration.canonicalYAML
        #expect(text.contains("search: catalogue\nsource_fits: true\n") && text.contains("  at: \"A\"\n"))
        #expect(
            text.hasSuffix(
                """
                sources:
                - {name: "A", ra: 10, dec: 5, weight: 2}
                - {name: "source 2", ra: 30, dec: -0.5, weight: 1}
                - {name: "x: y", ra: 200, dec: -60, weight: 0}

                """), "\(text)")
        #expect(!text.contains("\nsource:"))
        #expect(configuration.labelledYAML.contains("dec: 5, reference: \"NED\", weight: 2}"))
        #expect(try Configuration(try layer(configuration.labelledYAML)).sources == configuration.sources)
        #expect(try Configuration(try layer(text)).canonicalYAML == text)
        // A job elsewhere gets the same campaign.
        for lists in [ConfigurationLayer(), try layer(Self.catalogue)] {
            let campaign = configuration.campaignYAML(data: "/d", jobs: 3, lists: lists)
            #expect(try Configuration(try layer(campaign)).labelledYAML == configuration.labelledYAML)
        }
        let header = Campaign(configuration: configuration, fileDigests: ["a": "b"], fluxPerEvent: 1e-15)
        let again = try Campaign(text: header.text, file: "c.h5")
        #expect(again.fingerprint == header.fingerprint && again.configuration.sources == configuration.sources)
        #expect(!header.backgroundText.contains("  at:") && header.backgroundText.contains("\"source 2\""))
    }

    @Test("Order, weight and name of a source enter the fingerprint, spelling and reference do not")
    func fingerprint() throws {
        let text = try configuration(Self.catalogue).canonicalYAML
        for (old, new) in [("weight: 2", "weight: 3"), ("name: A", "name: B"), ("dec: 5", "dec: 6"), ("true", "false")]
        {
            let other = Self.catalogue.replacing(old, with: new).replacing(
                "at: A", with: old == "name: A" ? "at: B" : "at: A")
            #expect(try configuration(other).canonicalYAML != text, "\(new)")
        }
        for (old, new) in [("NED", "SIMBAD"), ("02h00m00s", "30.0"), ("dec: 5", "dec: 5.0")] {
            #expect(try configuration(Self.catalogue.replacing(old, with: new)).canonicalYAML == text, "\(new)")
        }
    }

    @Test("Points are as before: weights do not matter to them, and search: source is not in their text")
    func points() throws {
        let lists = "sources: [{name: A, ra: 10, dec: 5, weight: 3}, {ra: 20, dec: 6}]\n"
        let points = try layer(lists + "search: source\n").points().map { try $0.configuration() }
        let plain = try configuration("source: {ra: 10, dec: 5}\n")
        #expect(points.count == 2 && points[0].canonicalYAML == plain.canonicalYAML)
        #expect(points[0].sources.isEmpty && points[0].search == .source)
        // The text for jobs elsewhere has the whole list.
        let all = try layer(lists)
        #expect(try layer(points[0].campaignYAML(data: "/d", jobs: 1, lists: all)).sources?.items[0].weight == 3)
    }

    @Test("A catalogue with several gammas is a campaign with points")
    func catalogueOfPoints() throws {
        let points = try layer(Self.catalogue + "\ngammas: [2, 3]\n").points()
        let configurations = try points.map { try $0.configuration() }
        #expect(points.map(\.number) == [0, 1])
        #expect(configurations.map(\.settings.spectrum.gamma) == [2, 3])
        #expect(configurations.allSatisfy { $0.sources.count == 3 })
    }

    @Test("Options replace a list, and a list replaces the source of a file")
    func options() throws {
        var options = ConfigurationLayer()
        options.set(\.sources, try list("ra,dec\n1,2\n3,4\n"))
        let file = try layer("source: {name: B, ra: 10, dec: 5}\n")
        #expect(try file.overridden(by: options).points().count == 2)
        var single = ConfigurationLayer()
        single.set(\.rightAscension, 1)
        single.set(\.declination, 2)
        expectFault(.usage, "c.yaml:1:9", "the search catalogue needs a list") {
            _ = try Configuration(try layer(Self.catalogue).overridden(by: single))
        }
    }

    @Test(
        "CSV and ECSV: separators, quotation marks, comments, units, other columns",
        arguments: [
            "name,ra,dec,weight\nA B,40.67,-0.01,2\nC,02:00:00,-1d,1\n",
            "# made by hand\r\n\r\nRA , Dec,z, NAME,Weight\r\n40.67, -0.01,0.1, \"A B\" ,2\r\n\"02:00:00\",-1, ,C,1.0\r\n",
            "\u{FEFF}name\tra\tweight\tdec\nA B\t40.67\t2\t-0.01\n# left out\t1\t1\t1\nC\t30\t1\t-1\n",
            """
            # %ECSV 1.0
            # ---
            # datatype:
            # - {name: name, datatype: string}
            # - {name: ra, unit: deg, datatype: float64, description: "right: ascension"}
            # - name: dec
            #   unit: !astropy.units.Unit {unit: deg}
            #   datatype: float64
            # - {name: weight, datatype: float64}
            # - {name: z, unit: Mpc, datatype: float64}
            # meta: !!omap
            # - {comments: [none]}
            # schema: astropy-2.0
            name ra dec weight z
            "A B" 40.67 -0.01 2 ""
            C   30.0  -1.0 1e0 3

            """,
        ])
    func files(text: String) throws {
        let sources = try catalogue(text).sources
        #expect(sources.map(\.source.name) == ["A B", "C"])
        #expect(
            sources.map(\.rightAscensionDegrees) == [40.67, 30] && sources.map(\.declinationDegrees) == [-0.01, -1])
        #expect(sources.map(\.weight) == [2, 1])
    }

    @Test("A file's contents are the campaign's list; its path is not in any text")
    func contents() throws {
        let folder = try ScratchFolder()
        let file = folder.file("my list.csv")
        try "name,ra,dec,reference\n\"say \"\"A\"\"\",10,5,NED\n,20,6,\n".write(
            toFile: file, atomically: false, encoding: .utf8)
        let byFile = try configuration("search: catalogue\nsources: \"\(file)\"\n")
        let inline = """
            search: catalogue
            sources: [{name: 'say "A"', ra: 10, dec: 5, reference: NED}, {ra: 20, dec: 6}]
            """
        #expect(try configuration(inline) == byFile)
        #expect(!byFile.campaignYAML(data: "/d", jobs: 1).contains("my list"))
        #expect(byFile.sources.map(\.source.name) == ["say \"A\"", "source 2"])
    }

    @Test(
        "Faults of files name the line",
        arguments: [
            ("", "list.csv: lists no sources"), ("name,ra,dec\n", "list.csv: lists no sources"),
            ("name,ra\nA,1\n", "list.csv:1: the header \"name,ra\" does not name a column dec"),
            ("A,40.67,-0.01\n", "list.csv:1: the header \"A,40.67,-0.01\" does not name a column ra"),
            ("ra,dec,RA\n1,2,3\n", "list.csv:1: the header names the column ra twice"),
            ("name,ra,dec\nA,1\n", "list.csv:2: the line has 2 fields, but the header names 3"),
            ("name,ra,dec\nA,1,2,\n", "list.csv:2: the line has 4 fields"),
            ("name ra dec\nNGC 1068 1 2\n", "list.csv:2: the line has 4 fields, but the header names 3"),
            ("ra,dec\n\n# x\nnorth,2\n", "list.csv:4: \"north\" is not a number of degrees"),
            ("ra,dec\n1,\n", "list.csv:2: \"\" is not a number of degrees"),
            ("ra,dec\n1,91\n", "list.csv:2: declination 91 is outside"),
            ("ra,dec\n1,02:60:00\n", "list.csv:2: \"02:60:00\" has 60 minutes"),
            ("ra,dec,weight\n1,2,nan\n", "list.csv:2: the weight \"nan\" is not a number"),
            ("ra,dec,weight\n1,2,\n", "list.csv:2: the weight \"\" is not a number"),
            ("ra,dec,weight\n1,2,-1\n", "list.csv:2: the weight -1 is out of range"),
            ("name,ra,dec\n\"A,1,2\n", "list.csv:2: the field \"A,1,2\" has no closing quotation mark"),
            ("name,ra,dec\n\"A\"B,1,2\n", "list.csv:2: the field \"A\" goes on behind"),
            ("name ra dec\n\"A\"1 2\n", "list.csv:2: the field \"A\" goes on behind"),
            ("name,ra,dec\nA\u{1B}[1m,1,2\n", "list.csv:2: the name contains a control character"),
            (
                "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: ra, unit: hourangle, datatype: float64}\nra dec\n1 2\n",
                "list.csv:4: the column ra is in \"hourangle\""
            ),
            (
                "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: dec, unit: rad}\nra dec\n1 2\n",
                "list.csv:4: the column dec is in \"rad\""
            ),
            ("# %ECSV 1.0\n# ---\n# datatype: [\nra dec\n1 2\n", "is not valid YAML"),
        ])
    func fileFaults(text: String, problem: String) {
        expectFault(.badData, problem) { _ = try catalogue(text) }
    }

    @Test("A file that is not there, and one in another encoding")
    func unreadable() throws {
        expectFault(.missingInput, "/nowhere/list.csv") { _ = try SourceList(contentsOf: "/nowhere/list.csv") }
        let folder = try ScratchFolder()
        try Data([0x72, 0xE9]).write(to: URL(filePath: folder.file("latin")))
        expectFault(.badData, "not a text in UTF-8") { _ = try SourceList(contentsOf: folder.file("latin")) }
    }

    @Test(
        "Faults name line, column, key and value",
        arguments: [
            ("search: catalog", "c.yaml:1:9", "Did you mean \"catalogue\""),
            ("search: stack", "c.yaml:1:9", "the search stack needs a list of sources"),
            (
                "search: stack\nsources: [{ra: 1, dec: 2}]\nsource_fits: true", "c.yaml:3:14",
                "belongs to the search catalogue, but the search is stack"
            ),
            ("search: catalogue", "c.yaml:1:9", "the search catalogue needs a list of sources"),
            ("search: catalogue\nsources: []", "c.yaml:2:10", "sources is an empty list"),
            ("search: catalogue\nsources: [{ra: 1, dec: 91}]", "c.yaml:2:24", "declination 91"),
            ("search: catalogue\nsources: [{ra: 1, dec: 2, weight: -1}]", "c.yaml:2:35", "the weight -1"),
            ("search: catalogue\nsources: [{ra: 1, dec: 2, weigth: 1}]", "c.yaml:2:27", "Did you mean \"weight\""),
            ("search: catalogue\nsources: [{ra: 1, dec: 2, weight: 0}]", "c.yaml:2:10", "every source the weight 0"),
            (
                "search: catalogue\nsources: [{name: A, ra: 1, dec: 2}, {name: A, ra: 3, dec: 2}]", "c.yaml:2:44",
                "\"A\" is the name of the sources 1 and 2"
            ),
            (
                "search: catalogue\nsources: [{ra: 1, dec: 2}, {name: source 1, ra: 3, dec: 2}]", "c.yaml:2:35",
                "\"source 1\" is the name of the sources 1 and 2"
            ),
            (
                "search: catalogue\nsources: [{ra: 1, dec: 2}, {ra: 3, dec: 2}, {ra: 1.0000005, dec: 2}]",
                "c.yaml:2:10",
                "two sources at one place: source 1 and source 3"
            ),
            (
                "search: catalogue\nsources: [{ra: 1, dec: 2}]\nsource: {ra: 1, dec: 2}", "c.yaml:2:10",
                "sources and source.ra are both given"
            ),
            ("source_fits: true\nsource: {ra: 1, dec: 2}", "c.yaml:1:14", "belongs to the search catalogue"),
            ("injection: {at: A}\nsource: {ra: 1, dec: 2}", "c.yaml:1:17", "names a source of a list"),
            (
                "search: catalogue\nsources: [{name: NGC 1068, ra: 1, dec: 2}]\ninjection: {at: NGC1068}",
                "c.yaml:3:17",
                "Did you mean \"NGC 1068\""
            ),
            ("search: catalogue\nsources: [{ra: 1, dec: 2}]\nprobes: [\"5:2\"]", "c.yaml:3:9", "is not possible"),
            ("search: catalogue\nsources: [{ra: 1, dec: 2}]\nexposure: {scale: 2}", "c.yaml:3:19", "is not possible"),
            ("search: catalogue\nsources: [{ra: 1, dec: 2}]\nexposure: {years: 2}", "c.yaml:3:19", "is not possible"),
            ("search: catalogue\nsources: [{ra: 1, dec: 2}]\nfit: {mean_n_sig_0: 2}", "c.yaml:3:21", "is not possible"),
            (
                "search: catalogue\nsources: [{ra: 1, dec: 2}]\nbox: {negligible_ratio: 0}", "c.yaml:3:25",
                "is not possible"
            ),
            (
                "search: catalogue\nsources: [{ra: 1, dec: 2}]\ntrials: [{mu: 0, count: 5, tail: 9}]", "c.yaml:3:34",
                "9 sigma is outside"
            ),
        ])
    func faults(text: String, place: String, problem: String) throws {
        let fault = #expect(throws: Fault.self) { try configuration(text) }
        let description = try #require(fault).description
        #expect(description.hasPrefix(place + ":"), "\(description)")
        #expect(description.contains(problem), "\(description)")
        #expect(fault?.kind == .usage)
        // The check of a whole file finds the same fault, once.
        #expect(try ConfigurationSurvey(text, file: "c.yaml").faults.map(\.description) == [description])
    }

    @Test("The check of a file finds faults of the list and of other settings")
    func survey() throws {
        let faults = try ConfigurationSurvey(
            "flux: {e0: 0}\nsearch: catalogue\nsources: [{ra: 1, dec: 99}]\n", file: "c.yaml"
        ).faults.map(\.description)
        #expect(faults.count == 2 && faults[0].hasPrefix("c.yaml:1:12") && faults[1].hasPrefix("c.yaml:3:24"))
        #expect(try ConfigurationSurvey(Self.catalogue, file: "c.yaml").faults.isEmpty)
    }

    @Test("Effective settings show the list as it was given, and no single source")
    func effective() throws {
        let all = try EffectiveSetting.all(try layer(Self.catalogue))
        func value(_ name: String) -> String? { all.first { $0.key.name == name }?.value?.description }
        #expect(value("search") == "catalogue" && value("source_fits") == "true" && value("injection.at") == "A")
        #expect(value("source.ra") == nil && value("source.dec") == nil && value("source.name") == nil)
        #expect(value("sources")?.hasPrefix("[{name: A, ra: 10, dec: 5, reference: NED, weight: 2}, {ra: 30,") == true)
    }

    @Test("Near pairs: their number and the closest, across right ascension 0 and at a pole")
    func near() throws {
        #expect(NearSources([(10, 5), (10, 6.001), (200, 5)]) == nil)
        // 0.7° in right ascension at declination 60° are 0.35°.
        let pairs = try #require(NearSources([(359.8, 60), (120, 0), (0.5, 60), (120, 0.9)]))
        #expect(pairs.count == 2 && pairs.closest == (0, 2) && abs(pairs.distance - 0.35) < 1e-5)
        let pole = try #require(NearSources([(0, 89.8), (180, 89.7)]))
        #expect(abs(pole.distance - 0.5) < 1e-12)
        let tiny = try #require(NearSources([(50, 20), (50, 20 + 1e-7)]))
        #expect(abs(tiny.distance / 1e-7 - 1) < 1e-6)
        // All pairs of a dense list, against a direct count.
        let dense = (0..<300).map { index -> (rightAscension: Double, declination: Double) in
            (Double(index * 7 % 50) / 10, Double(index % 40) / 8.3 - 2)
        }
        let radian = Double.pi / 180
        var count = 0
        for (i, one) in dense.enumerated() {
            for other in dense[..<i] {
                let (dec, otherDec) = (one.declination * radian, other.declination * radian)
                let along = cos((one.rightAscension - other.rightAscension) * radian)
                let cosine = sin(dec) * sin(otherDec) + cos(dec) * cos(otherDec) * along
                if cosine > cos(radian) { count += 1 }
            }
        }
        #expect(NearSources(dense)?.count == count && count > 1000)

        let warned = try configuration(
            "search: catalogue\nsources: [{name: A, ra: 1, dec: 2}, {ra: 1.3, dec: 2.4}, {ra: 9, dec: 2}]")
        #expect(
            warned.listWarnings == [
                "1 pair of sources is closer than 1 degree, so that their test statistics are correlated; the closest: "
                    + "A and source 2, 0.4999 degrees"
            ])
    }
}
