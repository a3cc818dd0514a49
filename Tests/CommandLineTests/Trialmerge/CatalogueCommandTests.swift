import Foundation
import Testing

@Suite("trialmerge catalogue")
struct CatalogueCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func run(_ arguments: [String]) throws -> BuiltTool.Outcome {
        try BuiltTool.trialmerge.run(["catalogue"] + arguments)
    }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try run(arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        return try outcome.object()
    }

    private func number(_ object: Any?, _ key: String) throws -> Double {
        try #require((object as? [String: Any])?[key] as? Double, "\(key)")
    }

    /// C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ summed from k on.
    private static func tail(_ k: Int, _ n: Int, _ p: Double) -> Double {
        (k...n).reduce(0) { sum, j in
            let choices = (0..<j).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
            return sum + choices * pow(p, Double(j)) * pow(1 - p, Double(n - j))
        }
    }

    /// A TS of s² is exceeded with the probability of s sigma, and the sources are independent.
    @Test("p-values follow from the law of the trials")
    func law() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<4000)
        let data = try folder.unblinded("data.json", [0, 4, 6.25, 1, 0, 0.25])
        let found = try object([chunk, "--unblind", data])
        #expect(found["n_trials"] as? Int == 4000 && found["n_sources"] as? Int == 6)
        let sources = try #require(found["sources"] as? [[String: Any]])
        #expect(sources.compactMap { $0["name"] as? String } == TrialFolder.catalogue)
        for (source, sigma) in zip(sources, [0, 2, 2.5, 1, 0, 0.5]) {
            let exact = sigma == 0 ? 1 : erfc(sigma / 2.0.squareRoot()) / 2
            let (p, low, high) = try (
                number(source, "p_local"), number(source, "p_local_low"), number(source, "p_local_high")
            )
            #expect(low <= p && p <= high && abs(p - exact) <= 4 * (high - low) / 2, "\(sigma) sigma")
            #expect((p == 1) == (sigma == 0))
        }
        let hottest = found["hottest"]
        #expect((hottest as? [String: Any])?["name"] as? String == "PKS 1424+240")
        let p = try number(hottest, "p_local")
        #expect(try p == number(sources[2], "p_local"))
        let (global, low, high) = try (
            number(hottest, "p_global"), number(hottest, "p_global_low"), number(hottest, "p_global_high")
        )
        #expect(low < global && global < high)
        #expect(abs(global - (1 - pow(1 - p, 6))) < 4 * (high - low) / 2)

        let population = found["population"]
        let k = Int(try number(population, "k"))
        let locals = try sources.map { try number($0, "p_local") }.sorted()
        #expect(try number(population, "p_local") == locals[k - 1])
        let all = locals.enumerated().map { Self.tail($0 + 1, 6, $1) }
        #expect(abs(try number(population, "p_binomial") / (all.min() ?? 0) - 1) < 1e-9 && all[k - 1] == all.min())
        let names = (population as? [String: Any])?["names"] as? [String]
        #expect(names?.first == "PKS 1424+240" && names?.count == k)
        let (after, before) = try (number(population, "p_global"), number(population, "p_binomial"))
        #expect(after > before && after < 6 * before)
    }

    @Test("A subset is a search of its own, with the same local p-values")
    func subsets() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<1500)
        let data = try folder.unblinded("data.json", [3, 1, 9, 0.5, 2, 0])
        let all = try object([chunk, "--unblind", data])
        let locals = try #require(all["sources"] as? [[String: Any]]).compactMap { $0["p_local"] as? Double }
        for (subset, indices, hottest) in [
            ("north", [0, 1, 3, 4], 0), ("south", [2, 5], 2), ("Mrk 421, TXS 0506+056", [1, 4], 4), ("M 87", [5], 5),
        ] {
            let found = try object([chunk, "--unblind", data, "--subset", subset])
            let sources = try #require(found["sources"] as? [[String: Any]])
            #expect(sources.compactMap { $0["name"] as? String } == indices.map { TrialFolder.catalogue[$0] })
            #expect(sources.compactMap { $0["p_local"] as? Double } == indices.map { locals[$0] })
            let name = (found["hottest"] as? [String: Any])?["name"] as? String
            #expect(name == TrialFolder.catalogue[hottest], "\(subset)")
            let global = try number(found["hottest"], "p_global")
            #expect(try global < number(all["hottest"], "p_global") || hottest != 2)
            // One source has no trial factor.
            if indices.count == 1 { #expect(try global == number(found["hottest"], "p_local")) }
        }
    }

    @Test("Chunks give the numbers of the merged file, and the order of trials does not matter")
    func chunks() throws {
        let (a, b) = (try folder.catalogueChunk("a.h5", 0..<300), try folder.catalogueChunk("b.h5", 300..<500))
        let data = try folder.unblinded("data.json", [3, 1, 9, 0.5, 2, 0])
        let merged = folder.file("merged.h5")
        try #require(try BuiltTool.trialmerge.run("merge", b, a, "-o", merged).code == 0)
        let wanted = NSDictionary(dictionary: try object([merged, "--unblind", data]))
        #expect(wanted == NSDictionary(dictionary: try object([a, b, "--unblind", data])))
        #expect(wanted == NSDictionary(dictionary: try object([b, a, "--unblind", data])))
        #expect(try BuiltTool.trialmerge.run("verify", merged, a, b).code == 0)
    }

    @Test("The text has 80 columns, the most significant source first; without data it tells what is required")
    func text() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<1200, mu: [0, 2])
        let data = try folder.unblinded("data.json", [3, 1, 40, 0.5, 2, 0])
        let found = try run([chunk, "--unblind", data])
        try #require(found.code == 0, "\(found.error)")
        let lines = found.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(found.output)")
        let first = try #require(lines.first { line in TrialFolder.catalogue.contains { line.hasPrefix($0) } })
        #expect(first.hasPrefix("PKS 1424+240"))
        #expect(found.output.contains("hottest source: PKS 1424+240, TS 40.000"))
        #expect(found.output.contains("1,200 background trials, each one sky seen by all 6 sources"))
        #expect(found.error.contains("only 0 of 1,200 trials reach the TS of PKS 1424+240"))

        let bare = try run([chunk])
        #expect(bare.code == 0 && bare.output.contains("TS = 0") && bare.output.contains("too few trials"))
        #expect(bare.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(bare.output)")
        let required = try object([chunk])
        #expect(required["hottest"] is NSNull && required["population"] is NSNull)
        let rows = try #require(required["requirements"] as? [[String: Any]])
        #expect(rows.count == 5 && rows[4]["p_local"] is NSNull)
        // One of six independent sources: p ≈ 1 − (1 − p_local)⁶.
        #expect(abs(try number(rows[0], "p_local") - (1 - pow(1 - 0.158655, 1.0 / 6))) < 0.008)
    }

    @Test("What cannot be used is a sentence with its exit code")
    func faults() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<50)
        let data = try folder.unblinded("data.json", [3, 1, 9, 0.5, 2, 0])
        let signal = try folder.catalogueChunk("signal.h5", 0..<50, mu: [2])
        let ordinary = try folder.chunk("ordinary.h5", 0..<50)
        let other = try folder.catalogueChunk(
            "other.h5", 50..<100, campaign: try TrialFolder.catalogueCampaign(TrialFolder.catalogue.dropLast()))
        let single = try folder.unblinded("single.json", ts: 4)
        let foreign = try folder.unblinded(
            "foreign.json", [3, 1, 9, 0.5, 2, 0], campaign: try TrialFolder.catalogueCampaign(data: "ff00"))

        /// The data's result with a text replaced.
        func edited(_ name: String, _ text: String, _ by: String) throws -> String {
            let sound = try String(contentsOfFile: data, encoding: .utf8)
            try #require(sound.contains(text), "\(sound)")
            try sound.replacing(text, with: by).write(toFile: folder.file(name), atomically: true, encoding: .utf8)
            return folder.file(name)
        }
        let m87 = #""name":"M 87""#
        let missing = try edited("missing.json", m87, #""name":"M 88""#)
        let twice = try edited("twice.json", m87, #""name":"Mrk 421""#)
        let elsewhere = try edited("elsewhere.json", #""ra":175.5"#, #""ra":175.6"#)
        let notANumber = try edited("null.json", #""ts":9"#, #""ts":null"#)
        let changed = try edited("changed.json", "00ff", "00fe")
        let truncated = folder.file("truncated.json")
        try String(try String(contentsOfFile: data, encoding: .utf8).dropLast(9))
            .write(toFile: truncated, atomically: true, encoding: .utf8)

        let results = folder.file("results.json")
        try run([chunk, "--unblind", data, "--json"]).output.write(toFile: results, atomically: true, encoding: .utf8)

        let cases: [(arguments: [String], code: Int32, says: String)] = [
            ([], 66, "no input file is given"),
            ([ordinary], 65, "\(ordinary): does not contain trials of a catalogue search"),
            ([signal], 65, "contains no background trials, only trials with mu = 2"),
            ([chunk, other], 65, "belongs to another campaign than \(chunk)"),
            ([chunk, ordinary], 65, "belongs to another campaign than \(chunk)"),
            ([chunk, chunk], 65, "that an earlier file contains too"),
            ([chunk, "--unblind", folder.file("absent.json")], 66, "absent.json"),
            (
                [chunk, "--unblind", single], 64,
                "contains the fit of one source or of a stack, but the search of the trials is catalogue"
            ),
            ([chunk, "--unblind", results], 65, "is not a result of the data. Give the output of trialgen unblind"),
            ([ordinary, "--unblind", data], 64, "Use trialmerge catalogue"),
            ([chunk, "--unblind", foreign], 65, "does not belong to the campaign of \(chunk)"),
            ([chunk, "--unblind", changed], 65, "its fingerprint does not match its campaign"),
            ([chunk, "--unblind", missing], 65, "\(missing): has no source \"M 87\""),
            ([chunk, "--unblind", twice], 65, "has two sources with the name \"Mrk 421\""),
            ([chunk, "--unblind", elsewhere], 65, "has \"M 87\" at ra 175.6, dec -35, and not at 175.5, -35"),
            ([chunk, "--unblind", notANumber], 65, "wrong type for \"sources[2].ts\""),
            ([chunk, "--unblind", truncated], 65, "is not valid JSON"),
            ([chunk, "--subset", "M87"], 64, "\"M87\" is not a source of the catalogue. Did you mean \"M 87\"?"),
            ([chunk, "--subset", "M 87,Mrk 421,M 87"], 64, "\"M 87\" is given twice"),
            ([chunk, "--subset", ""], 64, "\"\" is not a source of the catalogue"),
            ([chunk, "--subset", "north,M 87"], 64, "\"north\" is not a source of the catalogue"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try run(arguments)
            #expect(outcome.code == code && outcome.error.contains(says), "\(arguments): \(outcome.error)")
        }
        let north = try TrialFolder.catalogueCampaign(Array(TrialFolder.catalogue[..<2]))
        let none = try run([folder.catalogueChunk("north.h5", 0..<50, campaign: north), "--subset", "south"])
        #expect(none.code == 64 && none.error.contains("no source of the catalogue lies in the south"))
    }

    @Test("Other commands take the largest TS of the list, or refuse")
    func otherCommands() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<2000, mu: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        let data = try folder.unblinded("data.json", [3, 1, 9, 0.5, 2, 0])
        func run(_ arguments: String...) throws -> BuiltTool.Outcome { try BuiltTool.trialmerge.run(arguments) }
        let background = try run("background", chunk, "--ts", "9")
        #expect(background.code == 0 && background.output.contains("TS of the hottest source"))
        // 1 − (1 − p)⁶ for 3 sigma.
        let json = try run("background", chunk, "--ts", "4", "--json").object()
        let p = try number(json["observed"], "p_value")
        #expect(abs(p - (1 - pow(1 - 0.02275, 6))) < 0.03)
        // The median of six sources is at z = 1.2265, where 1 − Φ(z) = 1 − 2^(−1/6): mu / 2 = 1.2265 + 1.2816, or less,
        // since another source may be hotter.
        let sensitivity = try run("sensitivity", chunk, "--json")
        let mu = try number(try sensitivity.object(), "mu")
        #expect(mu > 4 && mu < 5.1, "\(mu)")
        for command in ["discovery", "limits", "suggest"] {
            let outcome = try run(command, chunk)
            #expect(outcome.code == 0 || outcome.error.contains("trials"), "\(command): \(outcome.error)")
        }
        let page = folder.file("page.html")
        #expect(try run("report", chunk, "-o", page).code == 0)
        let bias = try run("bias", chunk)
        #expect(bias.code == 64 && bias.error.contains("hottest of several sources"))
        for command in ["background", "limits"] {
            let outcome = try run(command, chunk, "--unblind", data)
            #expect(outcome.code == 64 && outcome.error.contains("Use trialmerge catalogue"), "\(outcome.error)")
        }
        let (csv, npy) = (folder.file("a.csv"), folder.file("a.npy"))
        #expect(try run("export", chunk, "--format", "csv", "-o", csv).code == 0)
        #expect(try run("export", chunk, "--format", "npy", "-o", npy, "--mu", "0").code == 0)
        let heading = try String(contentsOfFile: csv, encoding: .utf8).prefix { $0 != "\n" }
        #expect(heading.hasSuffix(",source_ts_5,source_ts_6"))
        let settings = folder.file("catalogue.yaml")
        try "search: catalogue\nsources: [{name: a, ra: 1, dec: 2}]\n".write(
            toFile: settings, atomically: true, encoding: .utf8)
        let imported = try run("import", npy, "-o", folder.file("b.h5"), "--config", settings)
        #expect(imported.code == 64 && imported.error.contains("none for each source"), "\(imported.error)")
    }

    @Test("External and soft links are not followed: 65", arguments: ["source_ts", "sources"])
    func links(name: String) throws {
        let victim = try folder.catalogueChunk("victim.h5", 0..<50)
        for other in [victim, nil, folder.file("absent.h5")] {
            try? FileManager.default.removeItem(atPath: folder.file("a.h5"))
            let path = try folder.catalogueChunk("a.h5", 0..<50)
            try EditedChunk(path: path).link(name, toFile: other)
            for arguments in [["merge", path, "-o", folder.file("m.h5")], ["catalogue", path], ["verify", path]] {
                let outcome = try BuiltTool.trialmerge.run(arguments)
                #expect(outcome.code == 65, "\(arguments): \(outcome.error)")
                let says = "\"\(name)\" is a link to another place or file"
                #expect((outcome.error + outcome.output).contains(says), "\(outcome.error)\(outcome.output)")
            }
        }
    }
}
