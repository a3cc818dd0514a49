import Console
import Results
import Settings
import TrialStore

extension ReportPage {
    /// The provenance of the numbers, and whether trials are missing.
    var provenanceSection: HTML {
        var parts = [facts.html, trialTable.html, fileTable.html, hostTable.html]
        parts += report.files.compactMap { file in
            file.missing.map { "<p class=\"note\">Missing when \(file.path) was merged: \($0.text)</p>" }
        }
        if let header = report.files.first?.header {
            parts.append(
                """
                <details><summary>The campaign in the files</summary>
                <pre>\(header.campaign)</pre></details>
                """)
        }
        return section("Provenance and completeness", "provenance", parts)
    }

    private var facts: HTMLTable {
        var table = HTMLTable("The campaign.", [.name(""), .name("")])
        guard let header = report.files.first?.header else { return table }
        table.add(["fingerprint", header.fingerprint])
        table.add(["model version", header.modelVersion])
        let versions = Set(report.files.map(\.header.softwareVersion)).sorted().joined(separator: ", ")
        table.add(["trialgen that made the trials", versions])
        table.add(["trialmerge that wrote this page", report.softwareVersion])
        if !header.probes.isEmpty {
            table.add(["ln Λ stored at nₛ : γ", header.probes.map(\.description).joined(separator: ", ")])
        }
        return table
    }

    /// All files together: the trials of each hypothesis, and those missing below its largest.
    private var trialTable: HTMLTable {
        var coverage = Coverage()
        for file in report.files { coverage.formUnion(file.coverage) }
        var table = HTMLTable(
            "Trials. Missing are those below the largest trial number present.",
            [.number("μ"), .number("seed"), .number("trials"), .name("present"), .name("missing")])
        for hypothesis in coverage.hypotheses {
            let trials = coverage[hypothesis]
            table.add([
                hypothesis.muText, String(hypothesis.seed),
                NumberFormat.count(trials.count), listed(trials), listed(trials.gaps),
            ])
        }
        return table
    }

    private var fileTable: HTMLTable {
        var table = HTMLTable("Files.", [.name("file"), .name("made"), .name("on"), .name("SHA-256 of the rows")])
        for file in report.files {
            table.add([
                file.path, file.header.provenance["created"] ?? "", file.header.provenance["host"] ?? "",
                file.tableDigest ?? "a chunk",
            ])
        }
        return table
    }

    private var hostTable: HTMLTable {
        var ledger = HostLedger()
        for file in report.files { ledger.add(file.ledger) }
        return HTMLTable("Hosts.", VerifySummary.table(of: ledger))
    }

    private func listed(_ trials: TrialRanges) -> String { trials.ranges.isEmpty ? "none" : trials.listed }
}
