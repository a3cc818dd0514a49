import Foundation
import Testing

/// The files of a release are compared with its record of checksums, `trialgen.checksums`, at every read.
@Suite("trialgen: a release and its record")
struct RecordTests {
    private let toy: ToyFolder
    private let release: String
    private var record: String { release + "/trialgen.checksums" }
    private static let events = "events/IC40_exp.csv"

    init() throws {
        toy = try ToyFolder.shared.get()
        release = try toy.copy()
    }

    private func run(_ command: [String], _ more: [String] = []) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(
            command + ["--data", release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"] + more)
    }

    private func expect(
        _ code: Int32, _ texts: [String], _ command: [String] = ["describe"], _ more: [String] = [],
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try run(command, more)
        #expect(run.code == code, "\(run.error)", sourceLocation: location)
        for text in texts { #expect(run.error.contains(text), "\(run.error)", sourceLocation: location) }
        if code != 0 { #expect(run.output.isEmpty, sourceLocation: location) }
        if texts.isEmpty { #expect(run.error.isEmpty, "\(run.error)", sourceLocation: location) }
    }

    /// Changes the lines of a file; the last is empty.
    private func edit(_ file: String, _ change: (inout [Substring]) -> Void) throws {
        let text = try String(contentsOfFile: "\(release)/\(file)", encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        change(&lines)
        try lines.joined(separator: "\n").write(toFile: "\(release)/\(file)", atomically: false, encoding: .utf8)
    }

    @Test("A file cut at a line's end: 65 in every command that reads it; --accept-changed makes it a warning")
    func changedFile() throws {
        try expect(0, [])
        try edit(Self.events) { $0.remove(at: $0.count - 2) }
        let sentence = "\(release)/\(Self.events): differs from the file that trialgen toy wrote (trialgen.checksums)"
        let output = try toy.scratch()
        let commands = [
            ["describe"], ["unblind"], ["scan", "--ns-values", "1", "--gamma-values", "2"],
            ["inspect", "--trial", "0"],
            ["run", "--trials", "1", "--output", output + "/a.h5"], ["prepare", "--output", output + "/a.prepared"],
            ["sensitivity"], ["flux", "--mu", "1", "--energy-range", "100", "1e6"],
        ]
        for command in commands { try expect(65, [sentence, "--accept-changed"], command) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).isEmpty)
        try expect(0, ["warning", sentence, "used as it is"], ["describe"], ["--accept-changed"])
        // What is not read is not compared.
        try expect(0, [], ["flux", "--mu", "1"])
    }

    @Test("Responses and uptimes: 65; more than one file is counted", arguments: [true, false])
    func otherFiles(isAccepted: Bool) throws {
        try edit("uptime/IC40_exp.csv") { $0.insert($0[1], at: 2) }
        try edit("irfs/IC40_effectiveArea.csv") { $0[1] = $0[1] + " " }
        let more = isAccepted ? ["--accept-changed"] : []
        let code: Int32 = isAccepted ? 0 : 65
        try expect(
            code, ["uptime/IC40_exp.csv: differs", "(and 1 more: irfs/IC40_effectiveArea.csv)"], ["describe"], more)
        try expect(code, ["uptime/IC40_exp.csv: differs"], ["flux", "--mu", "1"], more)
    }

    @Test("Changes in files of other datasets do not matter")
    func otherDataset() throws {
        try edit("events/IC59_exp.csv") { $0.removeLast(3) }
        try expect(0, [])
    }

    @Test("A file that is listed and missing: 66, with what the record says")
    func missingFile() throws {
        try FileManager.default.removeItem(atPath: "\(release)/\(Self.events)")
        for more in [[], ["--accept-changed"]] {
            try expect(66, [Self.events, "although trialgen.checksums lists it", "trialgen toy"], ["describe"], more)
        }
    }

    @Test("A record that was cut at a line's end, before its first line, or within a line: 65")
    func cutRecord() throws {
        try edit("trialgen.checksums") { $0.removeSubrange(1...) }
        try expect(
            65,
            ["events/IC40_exp.csv", "is not listed in trialgen.checksums, which was cut or edited", "--accept-changed"])
        try expect(0, ["warning", "is not listed", "used as it is"], ["describe"], ["--accept-changed"])

        try edit("trialgen.checksums") { $0[0] = $0[0].prefix(12) }
        try expect(65, ["trialgen.checksums: does not say which release it belongs to"])
        try Data().write(to: URL(filePath: record))
        try expect(65, ["trialgen.checksums: does not say which release it belongs to"])
    }

    @Test(
        "A damaged record: 65 with the line; --accept-changed reads the files with a warning",
        arguments: [
            ("SHA256 (events/IC40_exp.csv) = 12ab", "is not a checksum"), ("\0\0\0\0\0\0", "is not a checksum"),
            ("SHA256 (../IC40_exp.csv) = " + String(repeating: "0", count: 64), "is not a checksum"),
            ("SHA256 (events/IC40_exp.csv) = " + String(repeating: "0", count: 64), "for the second time"),
            ("# SHA256 (events/IC41_exp.csv) = " + String(repeating: "0", count: 64), "belongs to no listed file"),
        ])
    func damagedRecord(line: String, problem: String) throws {
        try edit("trialgen.checksums") { $0.insert(line[...], at: $0.count - 1) }
        let lines = try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n").count
        try expect(65, ["trialgen.checksums:\(lines): ", problem, "--accept-changed"])
        try expect(0, ["warning", problem, "were not compared"], ["describe"], ["--accept-changed"])
    }

    @Test("A line for a file that is not of the release, or comments, do no harm; no record: nothing to compare")
    func harmless() throws {
        try edit("trialgen.checksums") {
            $0.insert("MD5 (notes.txt) = \(String(repeating: "0", count: 32))", at: $0.count - 1)
            $0.insert("# a comment", at: 1)
        }
        try expect(0, [])
        try edit(Self.events) { $0.remove(at: $0.count - 2) }
        try expect(65, [Self.events])
        try FileManager.default.removeItem(atPath: record)
        try expect(0, [])
    }

    @Test("A record of another sample, one without SHA-256, one of only some files: warnings")
    func partialRecord() throws {
        let sums = [
            "events/IC40_exp.csv", "irfs/IC40_effectiveArea.csv", "irfs/IC40_smearing.csv", "uptime/IC40_exp.csv",
        ]
        let old = sums.map { "MD5 (\($0)) = \(String(repeating: "0", count: 32))\n" }.joined()
        func write(_ text: String) throws { try text.write(toFile: record, atomically: false, encoding: .utf8) }
        try write("# trialgen fetch: IceTracks-DR2, version 2.0 of doi:10.7910/DVN/MMIIZA\n" + old)
        try expect(0, ["warning", "has no SHA-256 of 4 files", "trialgen fetch adds them"])
        try write("# trialgen fetch: IceTracks-DR2-v1, version 1.0 of doi:10.7910/DVN/MMIIZA\n" + old)
        try expect(0, ["says that this is IceTracks-DR2-v1, version 1.0", "check --sample"])
        try write(
            "# trialgen fetch: IceTracks-DR2, version 2.0 of doi:10.7910/DVN/MMIIZA\n# only files that match: irfs/*\n"
                + old)
        try expect(0, ["has no SHA-256 of 4 files"])
        try write(
            "# trialgen fetch: IceTracks-DR2, version 2.0 of doi:10.7910/DVN/MMIIZA\n# only files that match: irfs/*\n")
        try expect(65, ["irfs/IC40_effectiveArea.csv: is not listed", "(and 1 more: irfs/IC40_smearing.csv)"])
        try expect(0, ["events/IC40_exp.csv: was not fetched (and 1 more"], ["describe"], ["--accept-changed"])
    }

    @Test("--accept-changed is refused where it has no effect")
    func withoutEffect() throws {
        let prepared = try toy.scratch() + "/a.prepared"
        #expect(try run(["prepare", "--output", prepared]).code == 0)
        let campaign = release + "/c.yaml"
        try "source: {ra: 40.67, dec: -0.01}\ntrials: [{mu: 0, count: 10}]\n".write(
            toFile: campaign, atomically: false, encoding: .utf8)
        for arguments in [
            ["run", "--prepared", prepared, "--trials", "1", "--output", release + "/a.h5"], ["config", "--show"],
            ["config", "--check", campaign], ["plan", "--config", campaign, "--jobs", "2", "--data", release],
            [
                "plan", "--config", campaign, "--jobs", "2", "--data", release, "--format", "slurm", "--output-folder",
                release + "/plan",
            ],
        ] {
            let run = try BuiltTool.trialgen.run(arguments + ["--accept-changed"])
            #expect(run.code == 64 && run.error.contains("--accept-changed"), "\(arguments): \(run.error)")
        }
    }

    @Test("describe shows the share of each season's events within its uptime")
    func seasons() throws {
        let json = try run(["describe", "--json"]).object()
        let datasets = try #require(json["datasets"] as? [[String: Any]])
        let season = try #require((datasets[0]["seasons"] as? [[String: Any]])?.first)
        #expect(season["name"] as? String == "IC40" && season["n_events"] as? Int == datasets[0]["n_events"] as? Int)
        #expect(season["share_in_uptime"] as? Double == 1)

        // Events from before the detector was built.
        var count = 0
        try edit(Self.events) { lines in
            for line in lines[1...4] {
                var fields = line.split(separator: " ")
                fields[3] = "50000.0"
                lines.insert(fields.joined(separator: " ")[...], at: 1)
            }
            count = lines.count - 2
        }
        let changed = try run(["describe", "--json"], ["--accept-changed"])
        #expect(changed.error.contains("4 of \(count) events lie outside the season's uptime"), "\(changed.error)")
        let all = try #require(try changed.object()["datasets"] as? [[String: Any]])
        let share = try #require((all[0]["seasons"] as? [[String: Any]])?.first?["share_in_uptime"] as? Double)
        #expect(abs(share - (1 - 4 / Double(count))) < 1e-12)
        let text = try run(["describe"], ["--accept-changed"]).output
        let row = try #require(text.split(separator: "\n").last { $0.contains("IC40") })
        #expect(row.contains(String(format: "%.2f", 100 * share)) && text.contains("in its uptime"), "\(text)")
    }
}
