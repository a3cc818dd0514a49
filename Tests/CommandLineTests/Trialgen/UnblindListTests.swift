import Foundation
import Testing

@Suite("trialgen unblind of a list of sources")
struct UnblindListTests {
    private let toy: ToyFolder
    private let folder: String
    private let options: [String]

    /// Names, right ascensions and declinations; two sources 0.7° apart, one far, one near a pole.
    private static let sources = [
        ("NGC 1068", 40.67, -0.01), ("beside", 41.2, 0.45), ("far", 200.0, 30.0), ("south", 310.5, -75.0),
    ]

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
        options = ["--data", toy.release, "--datasets", "IC40,IC79"]
        let rows = Self.sources.map { "\($0.0),\($0.1),\($0.2)\n" }.joined()
        try ("name,ra,dec\n" + rows).write(toFile: folder + "/list.csv", atomically: false, encoding: .utf8)
        let items = Self.sources.map { "- {name: \($0.0), ra: \($0.1), dec: \($0.2)}\n" }.joined()
        try ("sources:\n" + items).write(
            toFile: folder + "/points.yaml", atomically: false, encoding: .utf8)
        try "search: catalogue\nsource_fits: true\nsources: list.csv\ninjection: {at: far}\n".write(
            toFile: folder + "/catalogue.yaml", atomically: false, encoding: .utf8)
    }

    private func unblind(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(["unblind"] + options + arguments, in: folder)
    }

    private func rows(_ outcome: BuiltTool.Outcome) throws -> [[String: Any]] {
        #expect(outcome.code == 0, "\(outcome.error)")
        return try #require(try outcome.object()["sources"] as? [[String: Any]])
    }

    private func text(_ value: Any?) throws -> String {
        String(
            decoding: try JSONSerialization.data(
                withJSONObject: value ?? "none", options: [.fragmentsAllowed, .sortedKeys]), as: UTF8.self)
    }

    @Test("Every number of every source is that of unblind of this source alone, to the last bit")
    func equalsSingle() throws {
        let list = try unblind("--sources", "list.csv", "--json")
        let rows = try rows(list)
        #expect(rows.count == Self.sources.count)
        for row in rows {
            let index = try #require(row["index"] as? Int)
            let (name, ra, dec) = Self.sources[index]
            #expect(row["name"] as? String == name && row["ra"] as? Double == ra && row["dec"] as? Double == dec)
            let alone = try unblind("--json", "--name", name, "--ra", "\(ra)", "--dec", "\(dec)")
            let single = try alone.object()
            for key in [
                "ts", "ns", "gamma", "log_lambda", "flux_norm", "converged", "intervals", "at_bounds", "n_selected",
                "evaluations", "fingerprint",
            ] {
                #expect(try text(row[key]) == text(single[key]), "\(key) of \(name)")
            }
            for key in ["n_events", "livetime_days", "sample"] {
                #expect(try text(list.object()[key]) == text(single[key]), "\(key)")
            }
        }
        #expect(Set(rows.compactMap { $0["ts"] as? Double }).count > 2)
        #expect(list.error.contains("1 pair of sources is closer than 1 degree") && list.error.contains("and beside"))
    }

    @Test("The list of a catalogue and of points, in a file or not, gives the same fits; one has its campaign")
    func searches() throws {
        let points = try unblind("--config", "points.yaml", "--json")
        let catalogue = try unblind("--config", "catalogue.yaml", "--json")
        #expect(try text(rows(points)) == text(rows(catalogue)))
        #expect(try points.object()["campaign"] == nil)
        let campaign = try #require(try catalogue.object()["campaign"] as? String)
        #expect(
            campaign.contains("search: catalogue\n") && campaign.contains("- {name: \"beside\", ra: 41.2, dec: 0.45,"))
        #expect(
            try catalogue.object()["n_sources"] as? Int == 4 && catalogue.object()["search"] as? String == "catalogue")
        let point = try unblind("--config", "points.yaml", "--point", "2", "--json").object()
        #expect(try text(point["ts"]) == text(rows(points).first { $0["index"] as? Int == 2 }?["ts"]))
    }

    @Test("A stack has one fit, with fluxes of its sources in the proportion of their weights")
    func stack() throws {
        try "name,ra,dec,weight\nA,40.67,-0.01,3\nB,200,30,1\n".write(
            toFile: folder + "/stack.csv", atomically: false, encoding: .utf8)
        let run = try unblind("--sources", "stack.csv", "--search", "stack", "--json")
        let object = try run.object()
        let sources = try #require(object["sources"] as? [[String: Any]], "\(run.error)")
        let fluxes = sources.compactMap { $0["flux_norm"] as? Double }
        let total = try #require(object["flux_norm"] as? Double)
        #expect(object["ts"] is Double && object["search"] as? String == "stack" && fluxes.count == 2)
        #expect(total > 0 && abs(fluxes[0] / total - 0.75) < 1e-12 && abs(fluxes[1] / total - 0.25) < 1e-12)
        let table = try unblind("--sources", "stack.csv", "--search", "stack").output
        #expect(
            table.hasPrefix("stack of 2 sources\n") && table.contains("\nB       200.00  30.00       1"), "\(table)")
        // One source of any weight is this source.
        try "ra,dec,weight\n40.67,-0.01,7\n".write(
            toFile: folder + "/one.csv", atomically: false, encoding: .utf8)
        let one = try unblind("--sources", "one.csv", "--search", "stack", "--json").object()
        let alone = try unblind("--ra", "40.67", "--dec", "-0.01", "--json").object()
        for key in ["ts", "ns", "gamma", "log_lambda", "flux_norm", "intervals"] {
            #expect(try text(one[key]) == text(alone[key]), "\(key)")
        }
    }

    @Test("Rows are sorted as asked, in the table and in JSON")
    func sorting() throws {
        let orders: [(String, [String])] = [
            ("name", ["NGC 1068", "beside", "far", "south"]), ("ra", ["NGC 1068", "beside", "far", "south"]),
            ("dec", ["south", "NGC 1068", "beside", "far"]),
        ]
        for (order, names) in orders {
            let sorted = try rows(unblind("--sources", "list.csv", "--sort", order, "--json"))
            #expect(sorted.map { $0["name"] as? String } == names, "\(order)")
        }
        let byTS = try rows(unblind("--sources", "list.csv", "--json")).map { $0["ts"] as? Double ?? .nan }
        #expect(byTS == byTS.sorted(by: >))
        let table = try unblind("--sources", "list.csv", "--sort", "dec").output
        let lines = table.split(separator: "\n")
        #expect(lines[0] == "list of 4 sources" && lines.allSatisfy { $0.count <= 80 }, "\(table)")
        let starts = lines.map { $0.prefix { $0 != " " } }
        #expect(starts.firstIndex(of: "south") ?? 99 < starts.firstIndex(of: "NGC") ?? 0)
        #expect(table.contains("flux in GeV^-1 cm^-2 s^-1 at 1000 GeV"))
        #expect(try unblind("--config", "catalogue.yaml").output.hasPrefix("catalogue of 4 sources\n"))
    }

    @Test("A source without a name has its position in the list")
    func unnamed() throws {
        try "ra,dec\n10,20\n30,-40\n".write(toFile: folder + "/unnamed.csv", atomically: false, encoding: .utf8)
        let rows = try rows(unblind("--sources", "unnamed.csv", "--sort", "ra", "--json"))
        #expect(rows.map { $0["index"] as? Int } == [0, 1])
        #expect(rows.map { $0["name"] as? String } == ["source 1", "source 2"])
    }

    @Test(
        "What makes no sense: 64",
        arguments: [
            (["--sources", "list.csv", "--events"], "--events: lists the events near one source"),
            (["--sources", "list.csv", "--search", "stack", "--events"], "--events: lists the events near one source"),
            (["--sources", "list.csv", "--search", "stack", "--sort", "ra"], "--sort: has no effect"),
            (["--ra", "1", "--dec", "2", "--sort", "ra"], "--sort: has no effect"),
            (["--sources", "list.csv", "--sort", "size"], "size"),
            (["--sources", "list.csv", "--exposure", "2"], "--exposure: "),
            (["--config", "catalogue.yaml", "--point", "1"], "--point: the campaign has no points"),
            (["--config", "catalogue.yaml", "--gamma-max", "0.5"], "--gamma-max: "),
            (["--search", "catalogue"], "--search: the search catalogue needs a list of sources"),
        ] as [([String], String)])
    func senseless(arguments: [String], problem: String) throws {
        let run = try BuiltTool.trialgen.run(["unblind"] + options + arguments, in: folder)
        #expect(run.code == 64 && run.output.isEmpty && run.error.contains(problem), "\(run.error)")
    }

    @Test(
        "Commands of one source refuse a catalogue", arguments: ["flux", "scan", "prepare", "sensitivity"])
    func oneSource(command: String) throws {
        let output = command == "prepare" ? ["--output", "p"] : []
        let run = try BuiltTool.trialgen.run([command, "--config", "catalogue.yaml"] + options + output, in: folder)
        #expect(
            run.code == 64 && run.error.contains("--search: the search is a catalogue of 4 sources"), "\(run.error)")
        #expect(run.error.contains("--search source, and --point"))
    }
}
