import Foundation
import TestSupport
import Testing

/// What somebody downloaded in a browser, or what pretends to be that.
@Suite("trialgen fetch: zips")
struct FetchZipTests {
    private let folder: FetchFolder
    private let zips: String

    private static let made = Result {
        let toy = try ToyFolder.shared.get()
        let zips = try toy.scratch()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = Repository.file("Tests/CommandLineTests/Fetch/zips.py").path
        process.arguments = ["python3", script, toy.release, zips]
        try process.start()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return zips
    }

    init() throws {
        folder = try FetchFolder()
        zips = try Self.made.get()
    }

    private func unpack(_ zip: String, files: [String] = []) throws -> BuiltTool.Outcome {
        // No proxy and no server could be reached.
        try folder.fetch(
            "", files: files, ["--from", "\(zips)/\(zip).zip"], shell: "http_proxy=http://127.0.0.1:9 exec \"$@\"")
    }

    @Test(
        "A zip is unpacked without a network; folders around the release are left out",
        arguments: ["good", "in-a-folder"])
    func good(zip: String) throws {
        let run = try unpack(zip)
        #expect(run.code == 0 && run.output.contains("unpacked"), "\(run.error)")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.toy.release).filter {
            $0.hasSuffix(".csv")
        }
        try folder.expectFiles(names)
        #expect(try unpack(zip).output.contains("already complete"))
    }

    @Test("A part of a zip")
    func part() throws {
        #expect(try unpack("good", files: FetchFolder.few).code == 0)
        try folder.expectFiles(FetchFolder.few)
        #expect(try unpack("good", files: ["*IC41*"]).code == 64)
    }

    @Test(
        "Zips that are refused: 65, the entry named, nothing unpacked anywhere",
        arguments: [
            ("parent", "\"events/../../evil.txt\" leads out"), ("absolute", "\"/tmp/evil.txt\" is an absolute path"),
            ("backslash", "evil.txt"), ("hidden", "\"events/.bashrc\" has a component"), ("dash", "\"-rf\""),
            ("control", "characters"), ("pattern", "\"events/*.csv\""), ("long", "longer than 200 bytes"),
            ("link", "\"events/link.csv\" is a link"), ("device", "neither file nor folder"),
            ("file-and-folder", "\"events\" is both a file and a folder"),
            ("twice", "\"events/IC40_exp.csv\" is listed twice"), ("lacks", "irfs/IC40_smearing.csv"),
            ("many", "more than 5000 files"), ("bomb", "more than any release"),
            ("liar", "has more bytes than the 100"),
            ("encrypted", "is encrypted"), ("damaged", "bad CRC"), ("truncated", "not a complete zip archive"),
            ("empty", "zip"), ("page", "not a complete zip archive"),
        ])
    func refused(zip: String, text: String) throws {
        let run = try unpack(zip)
        #expect(run.code == 65, "\(run.error)")
        #expect(run.error.hasPrefix("error: \(zips)/\(zip).zip: "), "\(run.error)")
        #expect(run.error.contains(text), "\(text) is not in: \(run.error)")
        #expect(run.output.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        for place in ["/tmp/evil.txt", folder.path + "/evil.txt", folder.toy.path + "/evil.txt"] {
            #expect(!FileManager.default.fileExists(atPath: place))
        }
    }

    @Test("A zip that is not there: 66; a full disk: 74; no unzip: 66")
    func surroundings() throws {
        let absent = try unpack("absent")
        #expect(absent.code == 66 && absent.error.contains("absent.zip"), "\(absent.error)")
        let arguments = ["--from", "\(zips)/good.zip"]
        let full = try folder.fetch("", files: [], arguments, shell: "trap '' XFSZ; ulimit -f 8; exec \"$@\"")
        #expect(full.code == 74 && full.error.contains("cannot be written"), "\(full.error)")
        let bare = try folder.fetch("", files: [], arguments, shell: "PATH=/nowhere exec \"$@\"")
        #expect(bare.code == 66 && bare.error.contains("apt-get install unzip"), "\(bare.error)")
        #expect(!folder.isPublished)
    }
}
