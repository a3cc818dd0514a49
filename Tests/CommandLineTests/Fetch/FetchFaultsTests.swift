import Foundation
import TestSupport
import Testing

/// Whatever a server, a network or a disk does: the right bytes, or a sentence with the right code and no release.
@Suite("trialgen fetch: injected faults")
struct FetchFaultsTests {
    private let folder: FetchFolder

    init() throws { folder = try FetchFolder() }

    @Test(
        "Faults that pass: the right bytes",
        arguments: [
            "good", "files-only", "in-a-folder", "sha256", "cut-0", "cut-1", "cut-1000", "cut-late", "cut-often",
            "cut-list", "503", "list-503", "429", "no-range", "bad-range", "no-length", "damaged-once", "stall",
            "redirect", "size-too-large", "size-too-small", "zip-only",
        ])
    func passing(scenario: String) throws {
        let run = try folder.fetch(scenario, ["--attempts", "4"])
        #expect(run.code == 0, "\(run.error)")
        try folder.expectFiles(FetchFolder.few)
        let again = try folder.fetch("404")
        #expect(again.code == 0 && again.output.contains("already complete"), "\(again.output)\(again.error)")
    }

    @Test(
        "Faults that stay: a sentence, the code, no release",
        arguments: [
            ("cut-always", 75, "gave up after 2 attempts"), ("503-always", 75, "the server answered 503"),
            ("drip", 75, "gave up after 2 attempts"), ("trickle", 75, "gave up after 2 attempts"),
            ("429-long", 75, "it asks to wait 86400 s"), ("stall-always", 75, "1000 bytes of this file"),
            ("404", 66, "the server answered 404 (not found)"), ("403", 66, "the server answered 403 (access denied)"),
            ("list-404", 66, "the list of files: the server answered 404"), ("loop", 66, "redirects"),
            ("challenge", 66, "--from"), ("garbage", 66, "HTTP/0.9"), ("html-list", 65, "a web page instead"),
            ("truncated-list", 65, "ends early"), ("no-id", 65, "data.files[0].dataFile lacks \"id\""),
            ("no-checksum", 65, "data.files[0].dataFile: the checksum is missing"),
            ("odd-checksum", 65, "\"17\" is not a checksum of the kind \"CRC-9\""),
            ("negative-size", 65, "-1 is not a valid file size"), ("huge", 65, "more than any release"),
            ("restricted", 66, "is restricted"), ("twice", 65, "is listed twice"),
            ("escape", 65, "leads out of the release's folder"), ("absolute", 65, "is an absolute path"),
            ("wrong-checksum", 65, "but the dataset states"), ("damaged", 65, "twice in a row"),
            ("html", 65, "has 22 bytes"), ("shorter", 65, "has 1000 bytes"), ("longer", 65, "has more than"),
            ("zip-truncated", 65, "not a complete zip archive"), ("zip-damaged", 65, "bad CRC"),
        ])
    func lasting(scenario: String, code: Int32, text: String) throws {
        let run = try folder.fetch(scenario, ["--attempts", "2"])
        #expect(run.code == code, "\(run.error)")
        #expect(run.error.contains(text), "\(text) is not in: \(run.error)")
        #expect(run.error.contains("error: ") && run.output.isEmpty)
        #expect(!folder.isPublished)
        // What was left behind is no obstacle.
        #expect(try folder.fetch("good").code == 0)
        try folder.expectFiles(FetchFolder.few)
    }

    @Test("A byte a connection: as many connections as attempts, not one a byte; whether or not a list says the size")
    func drip() throws {
        let run = try folder.fetch("drip", ["--attempts", "5"])
        #expect(run.code == 75 && run.error.contains("brought less than"), "\(run.error)")
        #expect(try folder.server.requests(folder.token).count == 1 + 5)
        let list = try folder.fetch("drip-list", ["--attempts", "5"])
        #expect(list.code == 75 && list.error.contains("the list of files"), "\(list.error)")
        #expect(try folder.server.requests(folder.token).count == 6 + 5)
    }

    @Test("A release that lacks a file is none")
    func incompleteDataset() throws {
        let run = try folder.fetch("lacks-a-file", files: [])
        #expect(run.code == 65 && run.error.contains("irfs/IC40_smearing.csv"), "\(run.error)")
        #expect(!folder.isPublished)
    }

    @Test("Nobody there: 75, and how to do without a network; a dead proxy is named")
    func unreachable() throws {
        let run = try folder.fetch("good", ["--server", "http://127.0.0.1:9"])
        #expect(run.code == 75, "\(run.error)")
        for text in ["127.0.0.1:9", "cannot be reached", "--into .", "copy the folder icecube_14year_ps_v2"] {
            #expect(run.error.contains(text), "\(run.error)")
        }
        let proxy = try folder.fetch(
            "good", ["--server", "http://dataverse.invalid"], shell: "http_proxy=http://127.0.0.1:9 exec \"$@\"")
        #expect(proxy.code == 75 && proxy.error.contains("127.0.0.1 port 9"), "\(proxy.error)")
        #expect(!folder.isPublished)
    }

    @Test("A full disk: 74, and what is there is gone on with")
    func fullDisk() throws {
        // A limit on the size of files stands in for the disk: 64 blocks of 512 or 1024 bytes.
        let full = try folder.fetch("good", files: Self.large, shell: "trap '' XFSZ; ulimit -f 64; exec \"$@\"")
        #expect(full.code == 74 && full.error.contains("cannot be written"), "\(full.error)")
        #expect(!folder.isPublished)
        #expect(try folder.fetch("good", files: Self.large).code == 0)
        try folder.expectFiles(Self.large)
        #expect(try folder.server.requests(folder.token).last { $0.contains("/datafile/") }?.contains("bytes=") == true)
    }

    @Test("A folder that cannot be made or written to: 73")
    func unwritable() throws {
        let run = try folder.fetch("good", ["--into", "/proc/releases"])
        #expect(run.code == 73 && run.error.contains("/proc/releases"), "\(run.error)")
        try Data().write(to: URL(filePath: folder.path + "/file"))
        let file = try folder.fetch("good", ["--into", folder.path + "/file"])
        #expect(file.code == 73 && file.error.contains("/file"), "\(file.error)")
    }

    @Test("Programs that are not there: 66, with what to install")
    func missingPrograms() throws {
        let run = try folder.fetch("good", shell: "PATH=/nowhere exec \"$@\"")
        #expect(run.code == 66 && run.error.contains("apt-get install curl"), "\(run.error)")
    }

    @Test("Killed and stopped half way: the next run asks for the rest only", arguments: [SIGKILL, SIGINT, SIGTERM])
    func killed(signal: Int32) throws {
        let (process, error) = try begin("hold")
        #expect(kill(process.processIdentifier, signal) == 0)
        process.waitUntilExit()
        #expect(!folder.isPublished)
        if signal == SIGKILL {
            #expect(process.terminationReason == .uncaughtSignal)
        } else {
            #expect(process.terminationStatus == 75)
            let text = try String(contentsOfFile: error, encoding: .utf8)
            #expect(text.contains("Run the same command again to continue"), "\(text)")
        }
        #expect(try folder.fetch("good", files: Self.large).code == 0)
        try folder.expectFiles(Self.large)
        #expect(
            try folder.server.requests(folder.token).last { $0.contains("/datafile/") }?.hasSuffix("bytes=1000-")
                == true)
    }

    @Test("Two at once: the second says so, 75; the first is not disturbed")
    func twoAtOnce() throws {
        let (first, _) = try begin("hold")
        let second = try folder.fetch("good", files: Self.large)
        #expect(second.code == 75 && second.error.contains("is being fetched by another process"), "\(second.error)")
        #expect(second.error.contains("(\(first.processIdentifier))"), "\(second.error)")
        try folder.server.go(folder.token)
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        try folder.expectFiles(Self.large)
    }

    private static let large = ["irfs/IC40_smearing.csv"]

    /// Starts to fetch a file of which 1000 bytes come and then no more; returns when they are there.
    private func begin(_ scenario: String) throws -> (Process, error: String) {
        let error = folder.path + "/error"
        try Data().write(to: URL(filePath: error))
        let process = Process()
        process.executableURL = BuiltTool.trialgen.url
        process.arguments = folder.arguments(scenario, files: Self.large, ["--stall-timeout", "30"])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: error))
        try process.start()
        let parts = folder.path + "/.icecube_14year_ps_v2.partial/parts"
        for _ in 0..<1000 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: parts)) ?? []
            let sizes = names.map { (try? Data(contentsOf: URL(filePath: "\(parts)/\($0)")).count) ?? 0 }
            if sizes.contains(1000) { break }
            usleep(20_000)
        }
        return (process, error)
    }
}
