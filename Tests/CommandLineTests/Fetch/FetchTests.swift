import Foundation
import TestSupport
import Testing

@Suite("trialgen fetch")
struct FetchTests {
    private let folder: FetchFolder

    init() throws { folder = try FetchFolder() }

    /// All files of the toy release.
    private var all: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: folder.toy.release).filter { $0.hasSuffix(".csv") }
        }
    }

    @Test("A whole release goes into the cache, and the other commands find it there")
    func cache() throws {
        let cached = "TRIALGEN_CACHE='\(folder.path)' exec \"$@\""
        let source = ["unblind", "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01", "--json"]
        let before = try BuiltTool.trialgen.run(source, shell: cached)
        #expect(before.code == 64 && before.error.contains("trialgen fetch IceTracks-DR2"), "\(before.error)")

        let fetch = ["fetch", "IceTracks-DR2", "--json", "--server", folder.server.address("good", folder.token)]
        let run = try BuiltTool.trialgen.run(fetch, shell: cached)
        try #require(run.code == 0, "\(run.error)")
        let (object, names) = try (run.object(), all)
        #expect(object["folder"] as? String == folder.release && object["new_files"] as? Int == names.count)
        try folder.expectFiles(names)

        let fit = try BuiltTool.trialgen.run(source, shell: cached)
        let direct = try BuiltTool.trialgen.run(source + ["--data", folder.toy.release])
        #expect(fit.code == 0 && fit.output == direct.output, "\(fit.error)")

        let show = try BuiltTool.trialgen.run(["config", "--show", "--json"], shell: cached).object()
        let settings = try #require(show["settings"] as? [[String: Any]])
        let data = try #require(settings.first { $0["key"] as? String == "data" })
        #expect(data["value"] as? String == folder.release && data["from"] as? String == "cache")

        let (campaign, jobs) = (folder.path + "/c.yaml", folder.path + "/jobs")
        try "source: {ra: 40.67, dec: -0.01}\ntrials: [{mu: 0, count: 10}]"
            .write(toFile: campaign, atomically: true, encoding: .utf8)
        let plan = try BuiltTool.trialgen.run(
            ["plan", "--config", campaign, "--jobs", "2", "--format", "slurm", "--output-folder", jobs], shell: cached)
        #expect(plan.code == 0, "\(plan.error)")
        #expect(try String(contentsOfFile: jobs + "/campaign.yaml", encoding: .utf8).contains(folder.release))
    }

    @Test("A part first, then all; what is damaged later is downloaded again, alone")
    func extensionAndRepair() throws {
        #expect(try folder.fetch("good").code == 0)
        try folder.expectFiles(FetchFolder.few)
        #expect(try folder.fetch("good", files: []).code == 0)
        try folder.expectFiles(try all)
        let count = try folder.server.requests(folder.token).count
        // The list of files and the newest version, twice, and every file once.
        let names = try all
        #expect(count == names.count + 4)

        let damaged = folder.release + "/uptime/IC59_exp.csv"
        try "MJD".write(toFile: damaged, atomically: false, encoding: .utf8)
        let repair = try folder.fetch("good", files: [])
        #expect(repair.code == 0 && repair.error.contains("uptime/IC59_exp.csv"), "\(repair.error)")
        #expect(repair.output.contains("1 downloaded"), "\(repair.output)")
        try folder.expectFiles(try all)
        #expect(try folder.server.requests(folder.token).count == count + 3)
    }

    @Test("The record of checksums is one that md5sum understands")
    func record() throws {
        #expect(try folder.fetch("good").code == 0)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["md5sum", "--check", "--strict", "--quiet", "trialgen.checksums"]
        process.currentDirectoryURL = URL(filePath: folder.release)
        try process.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        try "nonsense\n".write(toFile: folder.release + "/trialgen.checksums", atomically: false, encoding: .utf8)
        let run = try folder.fetch("good")
        #expect(run.code == 65 && run.error.contains("trialgen.checksums:1: \"nonsense\""), "\(run.error)")
    }

    @Test("A record cut to its first line, or without its patterns, is not complete: all files are checked again")
    func cutRecord() throws {
        let record = folder.release + "/trialgen.checksums"
        func lines() throws -> [Substring] {
            try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n")
        }
        #expect(try folder.fetch("good", files: []).code == 0)
        let whole = try lines()
        for kept in [1, 2, whole.count - 1, whole.count - 2] {
            try (whole[..<kept].joined(separator: "\n") + "\n").write(
                toFile: record, atomically: false, encoding: .utf8)
            let run = try folder.fetch("good", files: [])
            #expect(run.code == 0 && run.output.contains("nothing was downloaded"), "\(run.error)")
            let files = try all.count
            #expect(run.output.contains("\(files) files, "), "\(run.output)")
            // A SHA-256 alone is added again; a file that is not listed is one too few.
            #expect(
                run.error.contains(kept == whole.count - 1 ? "now has the SHA-256" : "was cut or edited"),
                "\(run.error)")
            #expect(try lines() == whole)
        }
        // Nothing of it without the server, and nothing is lost.
        try (whole[0] + "\n").write(toFile: record, atomically: false, encoding: .utf8)
        let offline = try folder.fetch("good", files: [], ["--server", "http://127.0.0.1:9"])
        #expect(offline.code == 75 && !offline.output.contains("complete"), "\(offline.output)")
        #expect(try folder.fetch("good", files: []).code == 0)
        try folder.expectFiles(try all)
    }

    @Test("A cut record of some files is not complete")
    func cutPartialRecord() throws {
        let record = folder.release + "/trialgen.checksums"
        #expect(try folder.fetch("good", files: ["irfs/*"]).code == 0)
        let lines = try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n")
        try (lines[..<4].joined(separator: "\n") + "\n").write(toFile: record, atomically: false, encoding: .utf8)
        let run = try folder.fetch("good", files: ["irfs/*"])
        #expect(run.code == 0 && run.output.contains("8 files, "), "\(run.output)")
        #expect(run.error.contains("was cut or edited"), "\(run.error)")
    }

    @Test(
        "What fetch left is compared at every read; a record of an earlier version gets its SHA-256 without the network"
    )
    func comparison() throws {
        #expect(try folder.fetch("good", files: []).code == 0)
        let record = folder.release + "/trialgen.checksums"
        let whole = try String(contentsOfFile: record, encoding: .utf8)
        #expect(whole.contains("\n# SHA256 (events/IC40_exp.csv) = "))
        let describe = ["describe", "--data", folder.release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"]
        let sound = try BuiltTool.trialgen.run(describe)
        #expect(sound.code == 0 && sound.error.isEmpty, "\(sound.error)")

        let old = whole.split(separator: "\n").filter { !$0.hasPrefix("# SHA256") }.joined(separator: "\n") + "\n"
        try old.write(toFile: record, atomically: false, encoding: .utf8)
        let unknown = try BuiltTool.trialgen.run(describe)
        #expect(unknown.code == 0 && unknown.error.contains("has no SHA-256 of 4 files"), "\(unknown.error)")
        let upgrade = try folder.fetch("good", files: [], ["--server", "http://127.0.0.1:9"])
        #expect(upgrade.code == 0 && upgrade.error.contains("now has the SHA-256 of all files"), "\(upgrade.error)")
        #expect(try String(contentsOfFile: record, encoding: .utf8) == whole)

        let events = folder.release + "/events/IC40_exp.csv"
        let lines = try String(contentsOfFile: events, encoding: .utf8).split(separator: "\n")
        try (lines.dropLast(20).joined(separator: "\n") + "\n").write(
            toFile: events, atomically: false, encoding: .utf8)
        let changed = try BuiltTool.trialgen.run(describe)
        #expect(changed.code == 65, "\(changed.error)")
        #expect(changed.error.contains("trialgen fetch IceTracks-DR2 --into \(folder.path)"), "\(changed.error)")
        #expect(try folder.fetch("good", files: []).output.contains("1 downloaded"))
        #expect(try BuiltTool.trialgen.run(describe).code == 0)
    }

    @Test(
        "A newer version on the server: told once; fetched as a sample of its own, and only what changed is downloaded")
    func newerVersion() throws {
        let first = try folder.fetch("newer", files: [])
        #expect(first.code == 0, "\(first.error)")
        let told = first.error.components(separatedBy: "\n").filter { $0.contains("version 3.1") }
        #expect(told.count == 1 && told[0].contains("IceTracks-DR2-v3.1"), "\(first.error)")
        let silent = try folder.fetch("newer", files: [])
        #expect(silent.code == 0 && silent.error.isEmpty, "complete: no network, \(silent.error)")

        let before = try folder.server.requests(folder.token).count
        let run = try folder.fetch("newer", files: [], ["--dataset-version", "3.1", "--json"])
        try #require(run.code == 0, "\(run.error)")
        let (object, names) = try (run.object(), all)
        let versioned = folder.path + "/icecube_14year_ps_v3.1"
        #expect(object["sample"] as? String == "IceTracks-DR2-v3.1" && object["version"] as? String == "3.1")
        #expect(object["folder"] as? String == versioned && object["newer_version"] is NSNull)
        #expect(object["new_files"] as? Int == 1 && object["copied_files"] as? Int == names.count - 1)
        // The list, the changed file, the newest version.
        #expect(try folder.server.requests(folder.token).count == before + 3)
        try folder.expectFiles(names)
        for name in names {
            let (old, new) = (folder.release + "/" + name, versioned + "/" + name)
            #expect(FileManager.default.contentsEqual(atPath: old, andPath: new) == (name != "events/IC40_exp.csv"))
        }

        func events(_ sample: String) throws -> Int? {
            let run = try BuiltTool.trialgen.run([
                "describe", "--data", folder.path, "--sample", sample, "--datasets", "IC40", "--ra", "40.67", "--dec",
                "-0.01",
                "--json",
            ])
            #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
            return try (run.object()["datasets"] as? [[String: Any]])?.first?["n_events"] as? Int
        }
        let (old, new) = try (events("IceTracks-DR2"), events("IceTracks-DR2-v3.1"))
        #expect(old != nil && new == old.map { $0 - 1 })
        #expect(try events("IceTracks-DR2-v2.0") == old)

        // A damaged copy is downloaded instead.
        try FileManager.default.removeItem(atPath: versioned)
        try "MJD".write(toFile: folder.release + "/uptime/IC59_exp.csv", atomically: false, encoding: .utf8)
        let repaired = try folder.fetch("newer", files: [], ["--dataset-version", "3.1", "--json"]).object()
        #expect(repaired["new_files"] as? Int == 2 && repaired["copied_files"] as? Int == names.count - 2)
    }

    @Test("A server that does not tell its newest version is no obstacle")
    func unknownNewestVersion() throws {
        let run = try folder.fetch("no-newest")
        #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
    }

    @Test("A folder of that name that fetch did not make: taken over if it is right, else left alone")
    func foreignFolder() throws {
        try FileManager.default.copyItem(atPath: folder.toy.release, toPath: folder.release)
        try "mine".write(toFile: folder.release + "/notes.txt", atomically: false, encoding: .utf8)
        let right = try folder.fetch("good", files: [])
        #expect(right.code == 0 && right.output.contains("nothing was downloaded"), "\(right.error)")
        let record = folder.release + "/trialgen.checksums"
        #expect(FileManager.default.fileExists(atPath: record))
        #expect(FileManager.default.fileExists(atPath: folder.release + "/notes.txt"))

        try FileManager.default.removeItem(atPath: record)
        try "mine".write(toFile: folder.release + "/uptime/IC40_exp.csv", atomically: false, encoding: .utf8)
        let wrong = try folder.fetch("good", files: [])
        #expect(wrong.code == 73 && wrong.error.contains("as uptime/IC40_exp.csv"), "\(wrong.error)")
        #expect(try String(contentsOfFile: folder.release + "/uptime/IC40_exp.csv", encoding: .utf8) == "mine")
    }

    @Test("Proxies of the environment are used, and left out where no_proxy says so")
    func proxies() throws {
        let proxied = try folder.fetch(
            "good", ["--server", "http://dataverse.invalid/good/\(folder.token)"],
            shell: "http_proxy=http://127.0.0.1:\(folder.server.port) exec \"$@\"")
        #expect(proxied.code == 0, "\(proxied.error)")
        #expect(try folder.server.requests(folder.token).allSatisfy { $0.hasPrefix("proxy ") })
        try FileManager.default.removeItem(atPath: folder.release)
        let direct = try folder.fetch(
            "good", shell: "http_proxy=http://127.0.0.1:9 no_proxy=127.0.0.1 exec \"$@\"")
        #expect(direct.code == 0, "\(direct.error)")
    }

    @Test(
        "Options without meaning: 64",
        arguments: [
            (["IceTracks-DR3"], "Did you mean \"IceTracks-DR"),
            (["IceTracks-DR2", "--files", "*IC41*"], "matches none"),
            (["IceTracks-DR2", "--files", ""], "--files"), (["IceTracks-DR2", "--server", "dataverse"], "--server"),
            (["IceTracks-DR2", "--server", "file:///etc"], "--server"),
            (["IceTracks-DR2", "--attempts", "0"], "--attempts"),
            (["IceTracks-DR2", "--retry-delay", "-1"], "--retry-delay"),
            (["IceTracks-DR2", "--retry-delay", "nan"], "--retry-delay"),
            (["IceTracks-DR2", "--stall-timeout", "0"], "--stall-timeout"), ([], "sample"),
            (["IceTracks-DR2", "--dataset-version", "3"], "as in 3.1"),
            (["IceTracks-DR2", "--dataset-version", "03.1"], "as in 3.1"),
            (["IceTracks-DR2", "--dataset-version", "3.-1"], "as in 3.1"),
        ])
    func usage(arguments: [String], text: String) throws {
        var options = ["fetch"] + arguments + ["--into", folder.path]
        if !arguments.contains("--server") { options += ["--server", folder.server.address("good", folder.token)] }
        let run = try BuiltTool.trialgen.run(options)
        #expect(run.code == 64 && run.error.contains(text), "\(run.error)")
        #expect(!folder.isPublished && run.output.isEmpty)
    }
}
