import Foundation
import Testing

/// The same numbers and warnings on a terminal, as JSON and on the page of a report.
@Suite("trialmerge: results agree")
struct AgreementTests {
    private let folder: TrialFolder
    private let merged: String

    init() throws {
        folder = try TrialFolder()
        let campaign = try TrialFolder.campaign(cutoff: 2000)
        let mu = (0...16).map(Double.init)
        let chunks = [
            try folder.chunk("a.h5", 0..<400, mu: mu, campaign: campaign),
            try folder.chunk("b.h5", 410..<500, mu: [0], campaign: campaign),
        ]
        merged = folder.file("m.h5")
        try #require(BuiltTool.trialmerge.run(["merge", "--partial", "-o", merged] + chunks).code == 0)
    }

    /// A number as the page writes it.
    private func typeset(_ text: String) -> String {
        text.replacing(/\)e-(?<exponent>[0-9]+)/) { ") × 10<sup>−\($0.exponent)</sup>" }
            .replacing(/-(?<digit>[0-9])/) { "−\($0.digit)" }
    }

    /// What a row of a terminal's table says.
    private func value(_ row: String, in text: String) throws -> String {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(row + "  ") }, "no \(row) in \(text)")
        let cells = line.dropFirst(row.count).split(separator: "  ", omittingEmptySubsequences: true)
        return cells[0].trimmingCharacters(in: .whitespaces)
    }

    private func page(_ arguments: [String]) throws -> (html: String, outcome: BuiltTool.Outcome) {
        let file = folder.file("r.html")
        let outcome = try BuiltTool.trialmerge.run(["report", "-o", file, "--json"] + arguments)
        try #require(outcome.code == 0, "\(outcome.error)")
        return (try String(contentsOfFile: file, encoding: .utf8), outcome)
    }

    @Test("with a cutoff, --interpolation poisson and --confidence 0.9")
    func numbers() throws {
        let options = [merged, "--interpolation", "poisson", "--confidence", "0.9"]
        let json = try BuiltTool.trialmerge.run(["sensitivity", "--json"] + options)
        let text = try BuiltTool.trialmerge.run(["sensitivity"] + options)
        let curve = try BuiltTool.trialmerge.run(["curve", "--sensitivity", "--json"] + options)
        let (html, report) = try page(options)
        for outcome in [json, text, curve] { try #require(outcome.code == 0, "\(outcome.error)") }

        // E0 is 1 TeV and the cutoff 2 TeV: E² Φ is 1000 exp(−1/2) Φ0.
        let (mu, flux) = (try json.number("mu"), try json.number("e2_flux"))
        #expect(abs(flux / (mu * TrialFolder.fluxPerEvent * 1000 * exp(-0.5)) - 1) < 1e-12)
        for key in ["mu", "mu_low", "mu_high", "flux_norm", "flux_high", "e2_flux", "e2_flux_low", "ts_threshold"] {
            #expect(try curve.number(key) == json.number(key), "\(key)")
        }
        #expect(try json.number("confidence") == 0.9 && curve.number("confidence") == 0.9)
        for row in ["signal", "flux at 1 TeV", "E² flux at 1 TeV"] {
            let shown = typeset(try value(row, in: text.output))
            #expect(html.contains(">\(shown)</td>"), "\(row): \(shown)")
        }
        #expect(text.output.contains("poisson interpolation") && html.contains("poisson interpolation"))
        #expect(text.output.contains("intervals hold 90 %") && html.contains("intervals hold 90 %"))
        // A wider interval than the usual one.
        let usual = try BuiltTool.trialmerge.run("sensitivity", "--json", merged, "--interpolation", "poisson")
        #expect(try usual.number("mu_high") < json.number("mu_high") && usual.number("mu") == mu)

        // The file lacks trials: all say so.
        let partial = "m.h5 is partial: 10 trials were missing"
        for outcome in [json, text, curve, report] { #expect(outcome.error.contains(partial), "\(outcome.error)") }
        for outcome in [json, curve, report] {
            let warnings = try #require(outcome.object()["warnings"] as? [String])
            #expect(warnings.contains { $0.contains(partial) }, "\(warnings)")
        }
        #expect(html.contains(partial))
    }

    @Test("that mu lies between trials too far apart is said by all")
    func warnings() throws {
        let coarse = try folder.chunk("coarse.h5", 0..<500, mu: [0, 4, 8])
        let sentence = "mu lies between trials at mu 0 and 4, which is coarse"
        let (html, report) = try page([coarse])
        let outcomes =
            [report] + (try ["sensitivity", "curve"].map { try BuiltTool.trialmerge.run($0, coarse, "--json") })
        for outcome in outcomes {
            #expect(outcome.error.contains(sentence), "\(outcome.error)")
            let warnings = try #require(outcome.object()["warnings"] as? [String])
            #expect(warnings.contains { $0.contains(sentence) }, "\(warnings)")
        }
        #expect(html.contains(sentence))
    }

    @Test("curve and suggest accept every interpolation", arguments: ["monotone", "linear", "probit", "poisson"])
    func interpolations(_ name: String) throws {
        for command in [["curve", "--sensitivity"], ["suggest", "--sigma", "2"]] {
            let outcome = try BuiltTool.trialmerge.run(command + ["--json", "--interpolation", name, merged])
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
        }
        #expect(try BuiltTool.trialmerge.run("curve", "--help").output.contains(name))
    }

    @Test("--sigma takes several values or is given several times, before or after the files")
    func severalSigmas() throws {
        let one = try BuiltTool.trialmerge.run("discovery", merged, "--sigma", "2", "--json")
        for sigmas in [["--sigma", "2", "1"], ["--sigma", "2", "--sigma", "1"]] {
            for words in [[merged] + sigmas, sigmas + [merged]] {
                let both = try BuiltTool.trialmerge.run(["discovery", "--json"] + words)
                try #require(both.code == 0, "\(words): \(both.error)")
                let results = try #require(both.object()["discovery"] as? [String: [String: Any]])
                #expect(results.keys.sorted() == ["1", "2"])
                #expect(try results["2"]?["mu"] as? Double == one.object()["mu"] as? Double)
            }
        }
        let wrong = try BuiltTool.trialmerge.run("discovery", merged, "--sigma", "five")
        #expect(wrong.code == 64 && wrong.error.contains("five"), "\(wrong.error)")
    }

    @Test("a bare trialmerge shows help, and every command an example")
    func help() throws {
        let bare = try BuiltTool.trialmerge.run([])
        #expect(bare.code == 0 && bare.output.contains("SUBCOMMANDS") && bare.error.isEmpty)
        for command in [
            "merge", "verify", "background", "sensitivity", "discovery", "limits", "suggest", "curve", "bias", "report",
            "export", "import",
        ] {
            let help = try BuiltTool.trialmerge.run(command, "--help")
            #expect(help.code == 0 && help.output.contains("Example: trialmerge \(command) "), "\(help.output)")
        }
    }
}
