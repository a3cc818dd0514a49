import Foundation
import Testing

@Suite("trialmerge report of a catalogue, a stack and the sky")
struct PlacesReportTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func report(_ arguments: [String], code: Int32 = 0) throws -> BuiltTool.Outcome {
        let outcome = try BuiltTool.trialmerge.run(["report", "-o", folder.file("r.html")] + arguments)
        try #require(outcome.code == code, "\(outcome.error)")
        return outcome
    }

    private func results() throws -> [String: Any] {
        let bytes = try Data(contentsOf: URL(filePath: folder.file("results.json")))
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    private func page() throws -> String { try String(contentsOfFile: folder.file("r.html"), encoding: .utf8) }

    @Test("The page has what trialmerge catalogue prints, with its numbers, and no warning about signal")
    func catalogue() throws {
        let chunk = try folder.catalogueChunk("a.h5", 0..<3000)
        let data = try folder.unblinded("data.json", [3, 1, 6.25, 0.5, 2, 0])
        let figures = folder.file("figures")
        let outcome = try report(
            [chunk, "--unblind", data, "--figures", figures, "--format", "svg,gp,json,tex", "--json"])
        #expect(outcome.error.isEmpty, "\(outcome.error)")
        let found = try BuiltTool.trialmerge.run("catalogue", chunk, "--unblind", data, "--json").object()
        try FileManager.default.copyItem(atPath: figures + "/results.json", toPath: folder.file("results.json"))
        let catalogue = try #require(try results()["catalogue"] as? [String: Any])
        #expect(NSDictionary(dictionary: catalogue) == NSDictionary(dictionary: found))

        let html = try page()
        for text in ["<h2>Catalogue</h2>", "post-trial p", "PKS 1424+240", "hottest source", "binomial p-value"] {
            #expect(html.contains(text), "\(text)")
        }
        for text in ["a sensitivity needs", "Coverage needs", "Medians, and"] {
            #expect(!html.contains(text), "\(text)")
        }
        let names = ["post-trial", "population", "ts-distribution", "survival"]
        #expect(html.components(separatedBy: "<figure").count == names.count + 1)
        // The figures have the numbers of the tables.
        let hottest = try #require(found["hottest"] as? [String: Any])
        let population = try #require(found["population"] as? [String: Any])
        let script = try String(contentsOfFile: figures + "/post-trial.gp", encoding: .utf8)
        for (block, test, value) in [("data0", hottest, "p_local"), ("data1", population, "p_binomial")] {
            let rows = try rows(block, script)
            let wanted = try [value, "p_global", "p_global_low", "p_global_high"].map { key in
                try #require(test[key] as? Double, "\(key)")
            }
            try #require(rows.count == 1 && rows[0].count == 4)
            #expect(zip(rows[0], wanted).allSatisfy { abs($0 / $1 - 1) < 1e-12 }, "\(block): \(rows)")
        }
        let curve = try rows("counted0", script)
        #expect(curve.last?[1] == 1 && zip(curve, curve.dropFirst()).allSatisfy { $0[0] < $1[0] && $0[1] < $1[1] })
        // Six independent sources: 1 − (1 − p)⁶.
        for row in curve where row[1] > 0.05 && row[0] < 0.4 {
            let exact = 1 - pow(1 - row[0], 6)
            #expect(abs(row[1] - exact) < 4 * (exact * (1 - exact) / 3000).squareRoot() + 0.002, "\(row)")
        }
        let binomial = try rows(
            "binomial", try String(contentsOfFile: figures + "/population.gp", encoding: .utf8))
        let smallest = try #require(binomial.min { $0[1] < $1[1] })
        #expect(smallest[0] == Double(try #require(population["k"] as? Int)))
        #expect(try abs(smallest[1] / #require(population["p_binomial"] as? Double) - 1) < 1e-12)
        let tex = try String(contentsOfFile: figures + "/summary.tex", encoding: .utf8)
        #expect(tex.contains("hottest source & PKS 1424+240") && tex.contains("post-trial $p$-value"))
    }

    /// The rows of a data block of a script.
    private func rows(_ block: String, _ script: String) throws -> [[Double]] {
        let start = try #require(script.range(of: "$\(block) << END\n"))
        let lines = script[start.upperBound...].split(separator: "\n").dropFirst().prefix { $0 != "END" }
        return lines.map { $0.split(separator: " ").compactMap { Double($0) } }
    }

    @Test("Without data the page says what is required; trials with signal give a discovery potential")
    func bare() throws {
        let background = try folder.catalogueChunk("b.h5", 0..<3000)
        let signal = try folder.catalogueChunk("s.h5", 0..<500, mu: [2, 4, 6, 8, 12])
        let outcome = try report([background])
        #expect(outcome.error.isEmpty, "\(outcome.error)")
        #expect(try page().contains("needs local p of the hottest source"))
        _ = try report([background, signal, "--format", "json", "--sigma", "2"])
        #expect(try page().contains("2σ discovery"))
        let discovery = try BuiltTool.trialmerge.run(
            "discovery", background, signal, "--sigma", "2", "--json")
        let rows = try #require(try results()["detections"] as? [[String: Any]])
        #expect(try rows.contains { try $0["mu"] as? Double == discovery.number("mu") })
        // Signal alone has no background to compare with.
        _ = try report([signal])
        #expect(try page().contains("There are no background trials"))
    }

    @Test("The result of another search is refused with a sentence")
    func faults() throws {
        let (chunk, ordinary) = (try folder.catalogueChunk("a.h5", 0..<50), try folder.chunk("o.h5", 0..<50))
        let list = try folder.unblinded("list.json", [3, 1, 9, 0.5, 2, 0])
        let single = try folder.unblinded("single.json", ts: 4)
        let (sky, half) = (folder.file("sky.json"), folder.file("half.json"))
        try #"{"hottest": [{"name": "north", "ra": 1, "dec": 2, "ts": 3}]}"#.write(
            toFile: sky, atomically: false, encoding: .utf8)
        try #"{"sources": [{"name": "NGC 1068", "ra": 1}]}"#.write(toFile: half, atomically: false, encoding: .utf8)
        let short = folder.file("short.json")
        try #"{"sources": [{"name": "NGC 1068", "ra": 20.5, "dec": 5, "ts": 2}]}"#.write(
            toFile: short, atomically: false, encoding: .utf8)
        for (trials, data, code, says) in [
            (
                chunk, single, 64,
                "contains the fit of one source or of a stack, but the search of the trials is catalogue"
            ),
            (chunk, sky, 64, "contains the hottest places of the sky, but the search of the trials is catalogue"),
            (ordinary, list, 64, "contains the fits of a list of sources, and not of one source"),
            (ordinary, sky, 64, "contains the hottest places of the sky, and not the fit of one source"),
            (chunk, half, 65, "lacks the key \"dec\""), (chunk, short, 65, "has no source \"TXS 0506+056\""),
        ] as [(String, String, Int32, String)] {
            let outcome = try report([trials, "--unblind", data], code: code)
            #expect(outcome.error.contains(says), "\(outcome.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("r.html")))
    }
}
