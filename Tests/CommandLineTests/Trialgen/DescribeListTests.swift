import Foundation
import Testing

@Suite("trialgen describe of lists")
struct DescribeListTests {
    private let toy: ToyFolder
    private let folder: String
    private let options: [String]

    private static let sources = [
        ("NGC 1068", 40.67, -0.01, 2.0), ("beside", 41.2, 0.45, 1), ("far", 200, 30, 0.5), ("none", 310.5, -35, 0),
    ]

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
        options = ["--data", toy.release, "--datasets", "IC40,IC79"]
        let rows = Self.sources.map { "\($0.0),\($0.1),\($0.2),\($0.3)\n" }.joined()
        try ("name,ra,dec,weight\n" + rows).write(toFile: folder + "/list.csv", atomically: false, encoding: .utf8)
    }

    private func describe(_ arguments: String..., code: Int32 = 0) throws -> BuiltTool.Outcome {
        let outcome = try BuiltTool.trialgen.run(["describe"] + options + arguments, in: folder)
        try #require(outcome.code == code, "\(outcome.error)")
        return outcome
    }

    private func rows(_ object: [String: Any], _ key: String = "sources") throws -> [[String: Any]] {
        try #require(object[key] as? [[String: Any]], "\(key)")
    }

    private func number(_ object: [String: Any], _ key: String) throws -> Double {
        try #require(object[key] as? Double, "\(key)")
    }

    private static func isClose(_ one: Double, _ other: Double) -> Bool {
        abs(one - other) <= 1e-12 * max(abs(one), abs(other))
    }

    @Test("The numbers of each source are those of describe of this source alone", arguments: ["source", "catalogue"])
    func sources(search: String) throws {
        let list = try describe(
            "--sources", "list.csv", "--search", search, "--phi0", "1e-14", "--expected", "--energy-range", "1000",
            "1e6", "--json"
        ).object()
        #expect((list["datasets"] as? [[String: Any]])?.count == 2 && list["n_sources"] as? Int == 4)
        for (row, (name, ra, dec, weight)) in zip(try rows(list), Self.sources) {
            let alone = try describe(
                "--ra", "\(ra)", "--dec", "\(dec)", "--phi0", "1e-14", "--expected", "--energy-range", "1000", "1e6",
                "--json"
            ).object()
            let factor = search == "catalogue" ? weight : 1
            #expect(row["name"] as? String == name && (row["weight"] as? Double == weight) == (search == "catalogue"))
            #expect(try Self.isClose(number(row, "flux_per_event"), number(alone, "flux_per_event")))
            #expect(try Self.isClose(number(row, "expected_events"), factor * number(alone, "expected_events")))
            for (own, other) in zip(try rows(row, "datasets"), try rows(alone, "datasets")) {
                for key in ["n_selected", "yield_per_unit_flux", "share"] {
                    #expect(try Self.isClose(number(own, key), number(other, key)), "\(key) of \(name)")
                }
            }
            let (bins, others) = (row["expected"] as? [String: Any], alone["expected"] as? [String: Any])
            let counts = try #require(bins?["counts"] as? [Double])
            #expect(zip(counts, others?["counts"] as? [Double] ?? []).allSatisfy { Self.isClose($0, factor * $1) })
            for key in ["n_events", "livetime_days", "seasons"] {
                let values = [list, alone].map {
                    ($0["datasets"] as? [[String: Any]])?.compactMap { $0[key] as? NSObject }
                }
                #expect(values[0]?.count == 2 && values[0] == values[1], "\(key)")
            }
        }
    }

    @Test("Shares of a catalogue's and a stack's sources follow weight and yield", arguments: ["catalogue", "stack"])
    func shares(search: String) throws {
        let list = try describe("--sources", "list.csv", "--search", search, "--phi0", "1e-14", "--json").object()
        let rows = try rows(list)
        let products = try rows.map { try number($0, "weight") / number($0, "flux_per_event") }
        let sum = products.reduce(0, +)
        for (row, product) in zip(rows, products) { #expect(try Self.isClose(number(row, "share"), product / sum)) }
        // The sum of the sources is that of the campaign.
        let total = try rows.reduce(0) { try $0 + number($1, "expected_events") }
        let perEvent = try number(list, "flux_per_event")
        #expect(abs(total * perEvent / 1e-14 - 1) < 1e-9)
        #expect(abs(try number(list, "expected_events") / total - 1) < 1e-9)
        if search == "stack" {
            let flux = try BuiltTool.trialgen.run(
                ["flux", "--sources", "list.csv", "--search", "stack", "--json"] + options, in: folder)
            #expect(try Self.isClose(flux.number("flux_per_event"), perEvent))
        }
        let text = try describe("--sources", "list.csv", "--search", search, "--phi0", "1e-14").output
        #expect(text.contains("\(search) of 4 sources") && text.contains("by weight and yield"), "\(text)")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("Signal at one source of a catalogue")
    func injectedAtOne() throws {
        let list = try describe(
            "--sources", "list.csv", "--search", "catalogue", "--inject-at", "far", "--phi0", "1e-14", "--json"
        ).object()
        #expect(try rows(list).map { try number($0, "share") } == [0, 0, 1, 0])
        let text = try describe(
            "--sources", "list.csv", "--search", "catalogue", "--inject-at", "far", "--phi0", "1e-14"
        ).output
        #expect(text.contains("events: of 1e-14") && !text.contains("times the weight"), "\(text)")
        #expect(try rows(list).map { try number($0, "expected_events") > 0 } == [false, false, true, false])
    }

    @Test("Points that differ in more than the source have a block each, with the numbers of the point alone")
    func points() throws {
        try "sources: list.csv\ngammas: [2, 3]\nflux: {phi0: 1e-14}\n".write(
            toFile: folder + "/points.yaml", atomically: false, encoding: .utf8)
        let arguments = ["--config", "points.yaml"]
        let found = try BuiltTool.trialgen.run(["describe", "--json"] + options + arguments, in: folder)
        try #require(found.code == 0, "\(found.error)")
        let points = try rows(found.object(), "points")
        #expect(points.count == 8 && points.compactMap { $0["point"] as? Int } == Array(0..<8))
        for k in [0, 3, 7] {
            let alone = try BuiltTool.trialgen.run(
                ["describe", "--json", "--point", "\(k)"] + options + arguments, in: folder
            ).object()
            for key in ["flux_per_event", "expected_events", "gamma"] {
                // Of one point a power law has its index among the members of the spectrum.
                #expect(try Self.isClose(number(points[k], key), number(alone, key)), "\(key)")
            }
            #expect(points[k]["datasets"] as? NSArray == alone["datasets"] as? NSArray)
            #expect(points[k]["name"] as? String == Self.sources[k / 2].0)
        }
        let text = try BuiltTool.trialgen.run(["describe"] + options + arguments, in: folder).output
        #expect(text.contains("point 5: far, dec 30°, gamma 3"), "\(text)")
    }

    @Test("The sky has datasets with the events within its limits")
    func sky() throws {
        func counts(_ minimum: String, _ maximum: String) throws -> [Int] {
            let sky = try describe(
                "--search", "sky", "--nside", "4", "--dec-min", minimum, "--dec-max", maximum, "--json"
            ).object()
            #expect(sky["nside"] as? Int == 4)
            return try rows(sky, "datasets").compactMap { $0["n_selected"] as? Int }
        }
        let (south, north, all) = (try counts("-90", "0"), try counts("0", "90"), try counts("-90", "90"))
        #expect(zip(zip(south, north).map(+), all).allSatisfy { $0 == $1 } && south[0] > 0 && north[0] > 0)
        let text = try describe("--search", "sky", "--nside", "4").output
        #expect(text.contains("within the limits") && text.contains("nside 4"))
        let refused = try describe("--search", "sky", "--phi0", "1e-14", "--expected", code: 64)
        #expect(refused.error.contains("--expected"), "\(refused.error)")
    }

    @Test("The sky with places of signal has the numbers of the catalogue of these")
    func signalInTheSky() throws {
        let more = ["--sources", "list.csv", "--phi0", "1e-14", "--expected", "--json"]
        func found(_ search: String) throws -> [String: Any] {
            try BuiltTool.trialgen.run(["describe", "--search", search] + options + more, in: folder).object()
        }
        let (sky, catalogue) = (try found("sky"), try found("catalogue"))
        for key in ["flux_per_event", "sources", "n_sources", "gamma"] {
            #expect(sky[key] as? NSObject != nil && sky[key] as? NSObject == catalogue[key] as? NSObject, "\(key)")
        }
        #expect(sky["n_positions"] as? Int != nil)
        let text = try describe("--search", "sky", "--sources", "list.csv").output
        #expect(text.contains("injected signal") && text.contains("flux per event"), "\(text)")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("unblind of a stack tells the flux of each source, also of one of weight 0")
    func weightZero() throws {
        let lines = ["none,310.5,-35,0\n"] + Self.sources.dropLast().map { "\($0.0),\($0.1),\($0.2),\($0.3)\n" }
        try ("name,ra,dec,weight\n" + lines.joined()).write(
            toFile: folder + "/first.csv", atomically: false, encoding: .utf8)
        let found = try BuiltTool.trialgen.run(
            ["unblind", "--sources", "first.csv", "--search", "stack", "--json"] + options, in: folder
        ).object()
        let (sources, flux) = (try rows(found), try number(found, "flux_norm"))
        #expect(sources.compactMap { $0["name"] as? String } == ["none", "NGC 1068", "beside", "far"])
        for (source, share) in zip(sources, [0, 2 / 3.5, 1 / 3.5, 0.5 / 3.5]) {
            #expect(try Self.isClose(number(source, "flux_norm"), flux * share))
        }
        // The report of the stack lists them too.
        let run = ["run", "--sources", "first.csv", "--search", "stack", "--mu", "0", "--trials", "50", "-o", "s.h5"]
        try #require(try BuiltTool.trialgen.run(run + options, in: folder).code == 0)
        try JSONSerialization.data(withJSONObject: found).write(to: URL(filePath: folder + "/s.json"))
        let report = try BuiltTool.trialmerge.run(
            ["report", "s.h5", "--unblind", "s.json", "-o", "s.html"], in: folder)
        try #require(report.code == 0, "\(report.error)")
        let page = try String(contentsOfFile: folder + "/s.html", encoding: .utf8)
        #expect(page.contains("The sources of the stack") && page.contains("<th scope=\"row\">beside</th>"))
    }
}
