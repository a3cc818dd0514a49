import Foundation
import Testing

/// Every bad input gives one sentence on standard error, the exit code of its kind, and nothing on standard output.
@Suite("trialgen: bad input")
struct BadInputTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func expect(
        _ code: Int32, _ texts: [String], _ arguments: [String], shell: String = "exec \"$@\"",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try BuiltTool.trialgen.run(arguments, in: folder, shell: shell)
        #expect(run.code == code, "\(run.error)", sourceLocation: location)
        #expect(run.error.hasPrefix("error: "), "\(run.error)", sourceLocation: location)
        #expect(run.output.isEmpty, sourceLocation: location)
        for text in texts {
            #expect(run.error.contains(text), "\(text) is not in: \(run.error)", sourceLocation: location)
        }
    }

    @Test(
        "Options without meaning: 64, before any data are read",
        arguments: [
            (["--dec", "95"], "--dec: declination 95 is"), (["--dec", "nan"], "--dec"), (["--ra", "-5"], "--ra"),
            (["--gamma-min", "4", "--gamma-max", "1"], "reversed"), (["--gamma", "7"], "--gamma: 7 lies"),
            (["--ns-max", "-1"], "--ns-max"), (["--ecut", "0"], "--ecut"),
            (["--box-half-width", "0"], "--box-half-width"),
            (["--energy-range", "1e6", "1e3"], "--energy-range"), (["--energy-range", "5"], "--energy-range"),
            (["--energy-range", "-1", "1e4"], "--energy-range: \"-1\" is negative"),
            (["--energy-range", "1e3", "-5"], "--energy-range: \"-5\" is negative"),
            (["--datasets", "IC41"], "Did you mean \"IC40\""), (["--datasets", ""], "--datasets"),
            (["--datasets", "IC86_I-XI,IC86_II"], "IC86_II"),
            (["--sample", "IceTrack-DR2"], "Did you mean \"IceTracks-DR2\""),
            (["--compat", "skyllh"], "--compat"), (["--mu", "-1"], "--mu: -1 is not a valid mean"),
            (["--mu", "nan"], "--mu"),
            (["--trials", "0"], "--trials"), (["--first-trial", "-1"], "--first-trial"),
            (["--first-trial", "9223372036854775805"], "--first-trial"), (["--threads", "0"], "--threads"),
            (["--probe", "5"], "NS:GAMMA"), (["--probe", "5:9"], "5:9"), (["--probe", "-5:2"], "-5:2"),
            (["--probe", "1e10:2"], "10000000000:2"), (["--commit-every", "0"], "--commit-every"),
            (["--log-level", "loud"], "--log-level"), (["--trials", "many"], "many"), (["--threads"], "--threads"),
            (["--frobnicate"], "--frobnicate"), (["--output", ""], "--output"),
        ])
    func usage(options: [String], text: String) throws {
        // The folder does not exist: reading it first would give another code.
        let base = [
            "run", "--data", "/no/such/folder", "--ra", "40", "--dec", "0", "--trials", "5", "--output", "c.h5",
        ]
        try expect(64, [text], base + options)
    }

    @Test("What a command cannot do without: 64")
    func missingOptions() throws {
        try expect(64, ["--ra", "position"], ["unblind", "--data", toy.release])
        try expect(
            64, ["--data", "trialgen fetch IceTracks-DR2"], ["unblind", "--ra", "1", "--dec", "2"],
            shell: "TRIALGEN_CACHE=/nowhere exec \"$@\"")
        try expect(64, ["--trials"], ["run", "--output", "c.h5"] + toy.source)
        try expect(64, ["--output"], ["run", "--trials", "1"] + toy.source)
        try expect(64, ["--ns-values"], ["scan", "--ns-values", "1,x", "--gamma-values", "2"] + toy.source)
        try expect(64, ["--ns-values"], ["scan", "--ns-values", "-1", "--gamma-values", "2"] + toy.source)
        try expect(
            64, ["--gamma-values", "4.5"], ["scan", "--ns-values", "1", "--gamma-values", "2,4.5"] + toy.source)
        try expect(
            64, ["--ns-values: 10000000000"], ["scan", "--ns-values", "1e10", "--gamma-values", "2"] + toy.source)
        try expect(64, ["\"1 0\" is no"], ["scan", "--ns-values", "1 0", "--gamma-values", "2"] + toy.source)
        try expect(64, ["--mu"], ["flux", "--mu", "-1"] + toy.source)
        try expect(64, ["--energy-range: 1e+20"], ["unblind", "--energy-range", "1e20", "1e21"] + toy.source)
        try expect(64, ["\"unblnd\" is not a command", "Did you mean \"unblind\""], ["unblnd"] + toy.source)
        try expect(64, ["--trial"], ["inspect", "--trial", "-1"] + toy.source)
        try expect(64, ["--scale"], ["toy", "--output", folder, "--scale", "0"])
        try expect(
            64, ["--source: needs four values, not 3"], ["toy", "--output", folder, "--source", "40", "-5", "3"])
        try expect(64, ["--source: \"x\""], ["toy", "--output", folder, "--source", "40", "-5", "3", "x"])
        try expect(64, ["--source: -95"], ["toy", "--output", folder, "--source", "40", "-95", "3", "2"])
        try expect(64, ["--no-source"], ["toy", "--output", folder, "--no-source", "--source", "4", "5", "3", "2"])
        try expect(64, ["--exposure: the data cannot be fitted"], ["unblind", "--exposure", "2"] + toy.source)
        try expect(
            64, ["--exposure-years: the data cannot be fitted for an exposure of 20 years"],
            ["scan", "--exposure-years", "20", "--ns-values", "1", "--gamma-values", "2"] + toy.source)
        try expect(
            64, ["--tail: weighted"],
            ["run", "--exposure", "2", "--tail", "5", "--trials", "9", "-o", "c.h5"] + toy.source)
        try expect(64, ["0.01 times", "IC40"], ["describe", "--exposure", "0.01"] + toy.source)
        try expect(66, ["no.yaml", "sample's definition"], ["describe", "--sample", "no.yaml"] + toy.source)
        try expect(64, ["--expected: needs a flux"], ["describe", "--expected"] + toy.source)
        try expect(64, ["--mean-n-sig-0"], ["sensitivity", "--mean-n-sig-0", "5"] + toy.source)
        try expect(
            64, ["--ra <deg>", "62 minutes"], ["unblind", "--data", toy.release, "--ra", "02h62m", "--dec", "1"])
    }

    @Test("A configuration: 64 with line, column and the nearest key; 66 if it is not there")
    func configuration() throws {
        let file = folder + "/a.yaml"
        try "source:\n  ra: 5\n  dek: 3\n".write(toFile: file, atomically: true, encoding: .utf8)
        try expect(64, ["a.yaml:3:3", "\"dek\"", "Did you mean \"dec\""], ["unblind", "--config", "a.yaml"])
        try expect(66, ["b.yaml"], ["unblind", "--config", "b.yaml"])
    }

    @Test("Release files that are not there: 66")
    func missingFiles() throws {
        try expect(66, ["/no/such/folder"], ["unblind"] + toy.source + ["--data", "/no/such/folder"])
        let release = try toy.release(changing: "irfs/IC40_smearing.csv") { _ in }
        try FileManager.default.removeItem(atPath: release + "/irfs/IC40_smearing.csv")
        try expect(66, ["irfs/IC40_smearing.csv"], ["unblind"] + toy.source + ["--data", release])
    }

    /// Replaces a field of a line of a table.
    private static func replace(_ field: Int, of line: Int, by text: String) -> (inout [String]) -> Void {
        { lines in
            var fields = lines[line].split(whereSeparator: \.isWhitespace).map(String.init)
            fields[field] = text
            lines[line] = fields.joined(separator: " ")
        }
    }

    @Test("Release files that say what cannot be: 65, with file and line")
    func badFiles() throws {
        func check(_ file: String, _ texts: [String], _ edit: (inout [String]) -> Void) throws {
            let release = try toy.release(changing: file, edit)
            let name = (file as NSString).lastPathComponent
            try expect(65, [name] + texts, ["unblind"] + toy.source + ["--data", release])
        }
        let events = "events/IC40_exp.csv"
        try check(events, []) { $0[$0.count - 1] = String($0[$0.count - 1].prefix(20)) }
        try check(events, [":3:", "north"], Self.replace(7, of: 2, by: "north"))
        try check(events, [":3:", "nan"], Self.replace(6, of: 2, by: "nan"))
        try check(events, [":3:", "-0.5"], Self.replace(5, of: 2, by: "-0.5"))
        try check(events, [":3:", "91"], Self.replace(7, of: 2, by: "91"))
        try check("uptime/IC40_exp.csv", [":2"]) { lines in
            lines[1] = lines[1].split(whereSeparator: \.isWhitespace).reversed().joined(separator: " ")
        }
        try check("irfs/IC40_smearing.csv", []) { $0.remove(at: 10) }
        try check("irfs/IC40_smearing.csv", []) { $0.swapAt($0.count / 2, $0.count / 2 + 1) }
        try check("irfs/IC40_effectiveArea.csv", []) { $0.removeLast() }
    }

    @Test("An empty bin in sin(dec): 65, naming the bin")
    func emptyBin() throws {
        // IC40's lowest bin is sin(dec) in [-1, -0.925].
        let release = try toy.release(changing: "events/IC40_exp.csv") { lines in
            lines = lines.filter { line in
                let fields = line.split(whereSeparator: \.isWhitespace)
                return line.hasPrefix("#") || fields.count < 8 || (Double(fields[7]) ?? 0) > -66
            }
        }
        try expect(65, ["IC40", "-1", "-0.92"], ["unblind"] + toy.source + ["--data", release])
    }

    @Test("Outputs: a chunk that is none, one of another campaign, other probes")
    func chunks() throws {
        try "no HDF5".write(toFile: folder + "/text.h5", atomically: true, encoding: .utf8)
        try expect(65, ["text.h5", "not an HDF5 file"], ["run", "--trials", "2", "--output", "text.h5"] + toy.source)
        let run = ["run", "--trials", "2", "--output", "c.h5"] + toy.source
        #expect(try BuiltTool.trialgen.run(run, in: folder).code == 0)
        try expect(65, ["c.h5", "flux.gamma is 3", "2 in the file"], run + ["--gamma", "3"])
        try expect(65, ["c.h5", "probes"], run + ["--probe", "5:2"])
        // Nothing was done to it.
        #expect(try BuiltTool.trialgen.run(run, in: folder).code == 0)
    }

    @Test("Outputs that cannot be created: 73")
    func uncreatable() throws {
        try expect(73, ["no/such/c.h5", "folder"], ["run", "--trials", "2", "--output", "no/such/c.h5"] + toy.source)
        try expect(73, ["is a folder"], ["run", "--trials", "2", "--output", folder] + toy.source)
        // A name of one letter, over which Foundation's paths stumble.
        try expect(73, ["d/c.h5", "folder"], ["run", "--trials", "2", "--output", "d/c.h5"] + toy.source)
        #expect(
            try BuiltTool.trialgen.run(["run", "--trials", "2", "--output", "k"] + toy.source, in: folder).code == 0)
        try expect(73, ["/proc"], ["run", "--trials", "2", "--output", "/proc/c.h5"] + toy.source)
    }

    @Test("A read-only folder: 73", .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyFolder() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
        let run = try BuiltTool.trialgen.run(
            ["run", "--trials", "2", "--output", folder + "/c.h5"] + toy.source, in: toy.path)
        #expect(run.code == 73 && run.error.contains("cannot be written to"))
    }

    @Test("A full disk: 74, for standard output and for the chunk")
    func fullDisk() throws {
        try expect(74, ["standard output"], ["flux"] + toy.source, shell: "exec \"$@\" > /dev/full")
        // A limit on the size of files stands in for the disk: 16 blocks of 512 or 1024 bytes.
        try expect(
            74, ["full.h5", "cannot be written"], ["run", "--trials", "2000", "--output", "full.h5"] + toy.source,
            shell: "trap '' XFSZ; ulimit -f 16; exec \"$@\"")
    }

    @Test("Hexadecimal numbers are refused by every option that takes a number")
    func hexadecimal() throws {
        let folder = try toy.scratch()
        for arguments in [
            ["flux", "--mu", "0x10"], ["flux", "--flux", "0x1p3"], ["toy", "--output", folder, "--scale", "0x1"],
            ["sensitivity", "--target", "0x1p-4"], ["sensitivity", "--guess", "0x1"], ["plan", "--hours", "0x1"],
            ["run", "--trials", "1", "--checkpoint-every", "0x10"], ["run", "--trials", "0x10"],
            ["fetch", "IceTracks-DR2", "--retry-delay", "0x1"], ["inspect", "--trial", "0", "--mu", "0x1"],
        ] {
            let run = try BuiltTool.trialgen.run(arguments, in: folder)
            #expect(run.code == 64 && run.error.contains("0x1"), "\(arguments): \(run.code) \(run.error)")
        }
        for arguments in [
            ["background", "a.h5", "--ts", "0x10"],
            ["export", "a.h5", "--format", "csv", "--mu", "0x3", "-o", "a.csv"],
            ["curve", "a.h5", "--power", "0x1p-1"], ["suggest", "a.h5", "--target", "0x1p-4"],
            ["sensitivity", "a.h5", "--quantile", "0x1p-1"], ["discovery", "a.h5", "--sigma", "0x3"],
            ["curve", "a.h5", "--discovery", "0x1p-1"],
        ] {
            let run = try BuiltTool.trialmerge.run(arguments, in: folder)
            #expect(run.code == 64 && run.error.contains("0x"), "\(arguments): \(run.code) \(run.error)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("An option that cannot be read is named with its value and with what to give instead")
    func unreadableOptions() throws {
        let trials = ["run", "--trials", "1", "--output", "a.h5"]
        for (arguments, remedy) in [
            (trials + ["--threads", "x"], "give a number of threads from 1 to 1024, or auto"),
            (trials + ["--threads", "1.5"], "give a number of threads"),
            (trials + ["--commit-every", "0"], "give a number of trials from 1"),
            (trials + ["--commit-every", "0s"], "give a number of trials from 1"),
            (["sensitivity", "--sigma", "five"], "give a significance in decimal digits, such as 5"),
        ] {
            let run = try BuiltTool.trialgen.run(arguments + toy.source)
            #expect(run.code == 64 && run.error.contains(remedy), "\(arguments): \(run.code) \(run.error)")
            #expect(run.error.contains("'\(arguments.last ?? "")' is invalid for"), "\(run.error)")
        }
    }

    @Test("A compressed file beside the missing one is named; the limit of --trials, too")
    func words() throws {
        let release = try toy.copy()
        let file = release + "/events/IC40_exp.csv"
        try FileManager.default.removeItem(atPath: release + "/trialgen.checksums")
        for suffix in ["gz", "xz", "zip"] {
            try FileManager.default.moveItem(atPath: file, toPath: "\(file).\(suffix)")
            let run = try BuiltTool.trialgen.run([
                "describe", "--data", release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01",
            ])
            #expect(run.code == 66 && run.error.contains("but there is \"\(file).\(suffix)\""), "\(run.error)")
            try FileManager.default.moveItem(atPath: "\(file).\(suffix)", toPath: file)
        }
        let run = try BuiltTool.trialgen.run(
            ["run", "--trials", "9223372036854775807", "--output", release + "/a.h5"] + toy.source)
        #expect(run.code == 64 && run.error.contains("from 1 to 9223372036854775806"), "\(run.error)")
    }
}
