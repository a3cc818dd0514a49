import Foundation
import Testing

/// One fit of a toy release with its trials: the same numbers in unblind.json, on the terminal, on the page, in LaTeX and in
/// the page's JSON.
@Suite("trialmerge report: every format has the same numbers")
struct SummaryAgreementTests {
    private let folder: String
    private let toy: ToyFolder

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func run(_ tool: BuiltTool, _ arguments: [String]) throws -> String {
        let outcome = try tool.run(arguments, in: folder)
        try #require(outcome.code == 0, "\(arguments): \(outcome.error)")
        return outcome.output
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func agreement() throws {
        let terminal = try run(.trialgen, ["unblind", "--events", "--name", "a source"] + toy.source)
        let unblind = try run(.trialgen, ["unblind", "--events", "--json", "--name", "a source"] + toy.source)
        try unblind.write(toFile: folder + "/unblind.json", atomically: false, encoding: .utf8)
        let scan = try run(.trialgen, ["scan", "--json", "--name", "a source"] + toy.source)
        try scan.write(toFile: folder + "/scan.json", atomically: false, encoding: .utf8)
        try "trials: [{mu: 0, count: 1000}, {mu: 2, count: 100}, {mu: 5, count: 100}, {mu: 30, count: 100}]".write(
            toFile: folder + "/t.yaml", atomically: false, encoding: .utf8)
        _ = try run(
            .trialgen, ["run", "--config", "t.yaml", "--name", "a source", "-o", "t.h5", "--quiet"] + toy.source)
        _ = try run(
            .trialmerge,
            [
                "report", "t.h5", "--unblind", "unblind.json", "--scan", "scan.json", "-o", "r.html", "--sigma", "2",
                "--format", "tex,json", "--quiet",
            ])
        let html = try String(contentsOfFile: folder + "/r.html", encoding: .utf8)
        let tex = try String(contentsOfFile: folder + "/summary.tex", encoding: .utf8)
        let json = try object(String(contentsOfFile: folder + "/results.json", encoding: .utf8))
        let fit = try object(unblind)
        let summary = try #require(json["summary"] as? [[String: Any]])
        #expect(FileManager.default.fileExists(atPath: folder + "/references.bib"))

        // The page's own JSON is the file.
        let start = try #require(html.range(of: "id=\"results\">"))
        let end = try #require(html.range(of: "</script>"))
        let embedded = try object(String(html[start.upperBound..<end.lowerBound]))
        #expect(NSDictionary(dictionary: embedded) == NSDictionary(dictionary: json))

        // unblind.json and the report's copy.
        let copy = try #require(json["unblind"] as? [String: Any])
        for key in ["ts", "ns", "gamma", "log_lambda", "flux_norm"] {
            #expect(copy[key] as? Double == fit[key] as? Double && copy[key] != nil, "\(key)")
        }
        let events = try #require(fit["events"] as? [[String: Any]])
        #expect(!events.isEmpty && NSArray(array: events) == copy["events"] as? NSArray)
        for key in ["dataset", "index", "ra", "dec", "log10_energy", "sigma", "psi", "ratio", "weight"] {
            #expect(events.allSatisfy { $0[key] != nil }, "\(key)")
        }
        let intervals = try #require(fit["intervals"] as? [String: Any])
        for key in ["ns", "gamma", "flux_norm"] {
            #expect(intervals[key] as? [Double] == (copy["intervals"] as? [String: Any])?[key] as? [Double])
        }

        // The fit's numbers, formatted: terminal, summary, page, LaTeX.
        for (name, number) in [("TS", "ts"), ("n_s", "ns"), ("gamma", "gamma"), ("flux", "flux_norm")] {
            let row = try #require(summary.first { $0["name"] as? String == name }, "\(name)")
            let value = try #require(row["value"] as? String)
            let line = try #require(terminal.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
            #expect(line.contains(value), "\(line): \(value)")
            let plain = try #require(fit[number] as? Double)
            #expect(abs(leading(value) / plain - 1) < 0.02, "\(value) \(plain)")
        }
        // Every row of the summary.
        #expect(summary.count >= 14)
        for row in summary {
            let (name, value) = (row["name"] as? String ?? "", row["value"] as? String ?? "")
            #expect(html.contains("<td class=\"value\">\(onPage(value))</td>"), "\(name): \(onPage(value))")
            #expect(tex.contains("& \(inTeX(value)) &"), "\(name): \(inTeX(value))")
        }
        // Events of the terminal's table and of the page's.
        let first = try #require(events.first)
        let weight = String(format: "%.3f", try #require(first["weight"] as? Double))
        #expect(terminal.contains(" \(weight)\n") && html.contains(">\(weight)</td>"))

        // The other commands say the same.
        let sensitivity = try run(.trialmerge, ["sensitivity", "t.h5"])
        let limits = try run(.trialmerge, ["limits", "t.h5", "--unblind", "unblind.json"])
        for (name, output) in [("sensitivity", sensitivity), ("90 % upper limit", limits)] {
            let index = try #require(summary.firstIndex { $0["name"] as? String == name })
            for row in summary[index...(index + 1)] {
                let value = try #require(row["value"] as? String)
                #expect(output.contains(value), "\(name): \(value)")
            }
        }
        let background = try run(.trialmerge, ["background", "t.h5", "--unblind", "unblind.json"])
        let p = try #require(summary.first { $0["name"] as? String == "local p-value" }?["value"] as? String)
        for number in p.split(whereSeparator: { " [],<".contains($0) }) {
            #expect(background.contains(number), "\(number)")
        }
    }

    /// The number with which a text begins, with a common power of ten: "(1.2 +0.1 -0.1)e-15".
    private func leading(_ text: String) -> Double {
        let number = text.split(separator: " ")[0].replacing("(", with: "")
        let power = text.firstMatch(of: /e(-?[0-9]+)$/).map { "e\($0.1)" } ?? ""
        return Double(number + (number.contains("e") ? "" : power)) ?? .nan
    }

    private func onPage(_ text: String) -> String {
        text.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing(/(?<v>[0-9)])e(?<e>-?[0-9]+)/) { "\($0.v) × 10<sup>\($0.e)</sup>" }
            .replacing(/-(?<digit>[0-9])/) { "−\($0.digit)" }
    }

    private func inTeX(_ text: String) -> String {
        func errors(_ text: String) -> String {
            text.replacing(/\ \+(?<u>[0-9.]+) -(?<d>[0-9.]+)/) { "^{+\($0.u)}_{-\($0.d)}" }
        }
        if let match = text.wholeMatch(of: /(\(.*\))e(-?[0-9]+)/) {
            return "$\(errors(String(match.1))) \\times 10^{\(match.2)}$"
        }
        if text.contains(" +") && !text.contains("°") { return "$\(errors(text))$" }
        return text.replacing(/(?<v>[0-9.]+)e(?<e>-?[0-9]+)/) { "$\($0.v) \\times 10^{\($0.e)}$" }
            .replacing(/-(?<digit>[0-9])/) { "$-$\($0.digit)" }.replacing("°", with: "$^\\circ$")
            .replacing("′", with: "$'$").replacing("″", with: "$''$").replacing("−", with: "$-$")
            .replacing("<", with: "$<$").replacing(">", with: "$>$")
    }
}
