import Files
import Foundation
import Testing
import TrialStore

@Suite("trialmerge report and bias")
struct ReportCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func merged() throws -> String {
        try folder.chunk("background.h5", 0..<20000)
        try folder.chunk("signal.h5", 0..<500, mu: [1, 2, 3, 4, 6, 8, 12])
        let merge = try BuiltTool.trialmerge.run(
            ["merge", folder.file("background.h5"), folder.file("signal.h5"), "-o", folder.file("m.h5")])
        try #require(merge.code == 0, "\(merge.error)")
        return folder.file("m.h5")
    }

    @Test("a page and figures, whose numbers are those of the other commands")
    func report() throws {
        let (merged, page, figures) = (try merged(), folder.file("r.html"), folder.file("figures"))
        let unblinded = try folder.unblinded("result.json", ts: 12.5)
        let arguments = [
            "report", merged, "-o", page, "--unblind", unblinded, "--figures", figures, "--format",
            "svg,gp", "--json", "--sigma", "3",
        ]
        let outcome = try BuiltTool.trialmerge.run(arguments)
        try #require(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.error.isEmpty, "\(outcome.error)")
        let names = ["ts-distribution", "survival", "detection", "bias-ns", "bias-gamma"]
        #expect(
            try outcome.object()["files"] as? [String]
                == [page] + names.flatMap { ["\(figures)/\($0).svg", "\(figures)/\($0).gp"] })
        let html = try String(contentsOfFile: page, encoding: .utf8)
        for text in ["<h1>TXS 0506+056</h1>", "observed TS", "σ discovery", "Provenance and completeness"] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(html.components(separatedBy: "<figure").count == 6)

        let discovery = try BuiltTool.trialmerge.run("discovery", merged, "--sigma", "3", "--json")
        let mu = try discovery.number("mu")
        let script = try String(contentsOfFile: figures + "/detection.gp", encoding: .utf8)
        #expect(script.contains("$answer1 << END\n# mu power low high\n\(shortest(mu)) 0.5 "), "\(mu)")

        // The same again: nothing in the page or the figures says when it was made.
        let before = try Data(contentsOf: URL(filePath: page))
        #expect(try BuiltTool.trialmerge.run(arguments).code == 0)
        #expect(try Data(contentsOf: URL(filePath: page)) == before)
    }

    private func shortest(_ number: Double) -> String {
        "\(number)".hasSuffix(".0") ? String("\(number)".dropLast(2)) : "\(number)"
    }

    @Test("background alone makes a report that says what is missing")
    func withoutSignal() throws {
        let background = try folder.chunk("background.h5", 0..<300)
        let outcome = try BuiltTool.trialmerge.run("report", background, "-o", folder.file("r.html"))
        try #require(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.error.contains("a sensitivity needs background trials and signal trials"))
        #expect(outcome.output == folder.file("r.html") + "\n")
        let html = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
        #expect(html.components(separatedBy: "<figure").count == 3)
        #expect(html.contains("too few trials"))
    }

    @Test func faults() throws {
        let background = try folder.chunk("background.h5", 0..<300)
        let bad = folder.file("bad.json")
        try Data("{}".utf8).write(to: URL(filePath: bad))
        let fit = #""ts": 12, "ns": 7, "gamma": 2, "log_lambda": 6, "flux_norm": 1e-15"#
        let intervals = folder.file("intervals.json")
        try #"{\#(fit), "intervals": {"ns": [1], "gamma": [1, 2], "flux_norm": [0, 1]}}"#.write(
            toFile: intervals, atomically: false, encoding: .utf8)
        let events = folder.file("events.json")
        try #"{\#(fit), "events": [{"dataset": "IC40", "index": 1}]}"#.write(
            toFile: events, atomically: false, encoding: .utf8)
        let figureFolder = ["--figures", folder.file("f")]
        let page = ["-o", folder.file("r.html")]
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            ([background], 64, "neither a page nor a folder"),
            (page, 66, "no input file is given"),
            ([background, "-o", background], 64, "inputs are never replaced"),
            ([background, "-o", folder.file("nowhere/r.html")], 73, "nowhere/r.html"),
            ([background, "--figures", background + "/figures"], 73, "is not a folder"),
            ([background, "--format", "jpg"] + page, 64, "Valid formats are svg, png, pdf, gp"),
            ([background, "--sigma", "-3"] + page, 64, "--sigma"),
            ([background, "--unblind", bad] + page, 65, "is not a result of the data"),
            ([background, "--scan", bad] + page, 65, "trialgen scan --json"),
            ([background, "--unblind", folder.file("none.json")] + page, 66, "none.json"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(["report"] + arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains(says), "\(arguments): \(outcome.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("r.html")))
        let figures = try BuiltTool.trialmerge.run(
            ["report", background, "--figures", folder.file("figures")], shell: "PATH=/nowhere exec \"$@\"")
        #expect(figures.code == 66 && figures.error.contains("apt-get install gnuplot-nox"), "\(figures.error)")
        let without = try BuiltTool.trialmerge.run(
            ["report", background] + page, shell: "PATH=/nowhere exec \"$@\"")
        #expect(without.code == 0 && without.error.contains("the page has no figures"), "\(without.error)")
    }

    @Test("fits agree with the distribution that the trials were drawn from")
    func bias() throws {
        let merged = try merged()
        let outcome = try BuiltTool.trialmerge.run("bias", merged, "--json")
        try #require(outcome.code == 0, "\(outcome.error)")
        let result = try outcome.object()
        let bias = try #require(result["bias"] as? [[String: Any]])
        #expect(bias.compactMap { $0["mu"] as? Double } == [0, 1, 2, 3, 4, 6, 8, 12])
        // n_s = 2 z with z normal about mu / 2: its median is mu, its band mu ± 2, and half of the background is at 0.
        for row in bias.dropFirst(3) {
            let (mu, median) = (try #require(row["mu"] as? Double), try #require(row["ns_median"] as? Double))
            #expect(abs(median - mu) < 0.5)
            #expect(try abs(#require(row["ns_high"] as? Double) - mu - 2) < 0.5)
        }
        #expect(try abs(#require(bias[0]["frac_ns_0"] as? Double) - 0.5) < 0.02)
        let pValues = try #require(result["p_values"] as? [String: Any])
        #expect(try #require(pValues["ks_probability"] as? Double) > 1e-3)
        #expect((result["coverage"] as? [Any])?.isEmpty == true)
        let human = try BuiltTool.trialmerge.run("bias", merged)
        #expect(human.output.contains("Coverage needs trials"))
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(human.output)")
    }
}
