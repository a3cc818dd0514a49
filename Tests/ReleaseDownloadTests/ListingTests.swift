import Diagnostics
import Testing

@testable import IceTracks
@testable import ReleaseDownload

/// What servers and archives say about files, judged before anything is written.
@Suite("Listings of datasets and archives")
struct ListingTests {
    private static let md5 = "d41d8cd98f00b204e9800998ecf8427e"

    private func listing(_ files: String, expected: [String] = ["uptime/IC40_exp.csv"]) throws -> DatasetListing {
        let json = "{\"status\": \"OK\", \"data\": {\"files\": [\(files)]}}"
        return try DatasetListing(parsing: Array(json.utf8), from: "server", expected: expected)
    }

    private func entry(_ label: String, _ folder: String = "uptime", _ more: String = "\"filesize\": 5") -> String {
        "{\"label\": \"\(label)\", \"directoryLabel\": \"\(folder)\", \"dataFile\": {\"id\": 7, \"md5\": \"\(Self.md5)\", \(more)}}"
    }

    @Test("A file that the server converted goes by the name it was given, with the original's ending and size")
    func convertedFiles() throws {
        let converted = "\"filesize\": 9, \"originalFileSize\": 11, \"originalFileFormat\": \"text/csv\""
        let named = converted + ", \"originalFileName\": \"old_name.csv\""
        let text = converted + ", \"originalFileName\": \"old_name.txt\""
        let files = try listing(
            [
                entry("a.tab", "x", named), entry("b.tab", "x", converted), entry("c.tab", "x", text),
                entry("d.tab", "x"),
            ]
            .joined(separator: ",")
        ).files
        #expect(files.map(\.path.description) == ["x/a.csv", "x/b.csv", "x/c.txt", "x/d.tab"])
        #expect(files.map(\.byteCount) == [11, 11, 11, 5])
        #expect(files.allSatisfy { $0.identifier == 7 && $0.checksum.algorithm == .md5 && !$0.isRestricted })
    }

    @Test("Folders around the release are left out")
    func prefix() throws {
        let files = try listing(
            [entry("IC40_exp.csv", "a/b/uptime"), entry("readme.txt", "a/b"), entry("x", "c")].joined(separator: ","))
        #expect(files.files.map(\.path.description) == ["uptime/IC40_exp.csv", "readme.txt", "c/x"])
        #expect(try listing(entry("IC40_exp.csv")).files[0].path.description == "uptime/IC40_exp.csv")
    }

    @Test("An answer cut anywhere is no listing, and never a trap")
    func truncatedAnswers() throws {
        let json = Array("{\"data\": {\"files\": [\(entry("IC40_exp.csv"))]}}".utf8)
        for length in json.indices {
            #expect(throws: Fault.self) {
                try DatasetListing(parsing: Array(json[..<length]), from: "server", expected: [])
            }
        }
        #expect(try DatasetListing(parsing: json, from: "server", expected: []).files.count == 1)
    }

    @Test(
        "Paths that lead elsewhere",
        arguments: [
            "", "/a", "../a", "a/../b", "a/..", "a//b", "a/", ".a", "a/.b", "-a", "a\\b", "a\nb", "ä", "a*b", "a[0]",
            "./a",
        ])
    func badPaths(path: String) {
        #expect(throws: Fault.self) { try ReleasePath(path, from: "archive") }
    }

    @Test("Paths of releases", arguments: ["readme.txt", "events/IC40_exp.csv", "irfs/IC86 (old).pdf", "a/b/c..d"])
    func goodPaths(path: String) throws {
        #expect(try ReleasePath(path, from: "archive").description == path)
    }

    private func zip(_ lines: String...) throws -> ZipListing {
        try ZipListing(parsing: Array((lines.joined(separator: "\n") + "\n").utf8), of: "a.zip")
    }

    @Test("unzip's listing: files with their sizes, names with spaces; folders are no files")
    func zipListing() throws {
        let listing = try zip(
            "drwxrwxr-x  2.0 unx        0 b- defN 20261122.222536 events/",
            "?rw-------  2.0 unx     4000 b- defN 20261122.222536 events/IC40 exp.csv",
            "-rw-a--     2.0 fat        1 tl stor 19800101.000000 readme.txt")
        #expect(listing.files.map(\.path.description) == ["events/IC40 exp.csv", "readme.txt"])
        #expect(listing.byteCount == 4001)
        #expect(try zip().files.isEmpty)
    }

    @Test(
        "Entries that are refused",
        arguments: [
            "lrwxrwxrwx  2.0 unx       11 b- stor 19800101.000000 link",
            "crw-r--r--  2.0 unx        0 b- stor 19800101.000000 device",
            "-rw-------  2.0 unx        1 B- defN 20261122.222536 secret",
            "-rw-------  2.0 unx        1 b- defN 20261122.222536 ../x",
            "-rw-------  2.0 unx       -1 b- defN 20261122.222536 x",
            "-rw-------  2.0 unx 99999999999999999999 b- defN 20261122.222536 x",
            "-rw-------  2.0 unx 9223372036854775807 b- defN 20261122.222536 x",
            "-rw-------  2.0 unx        1 b- defN 20261122.222536", "-rw------- 2.0 unx", "Archive:  a.zip", " ",
        ])
    func refusedEntries(line: String) {
        #expect(throws: Fault.self) { try zip("-rw-r--r--  2.0 unx 1 b- defN 20261122.222536 good.txt", line) }
    }

    @Test("Sizes add up without overflow")
    func hugeSizes() {
        let line = "-rw-r--r--  2.0 unx 4000000000 b- defN 20261122.222536 "
        #expect(throws: Fault.self) { try zip(line + "a", line + "b", line + "c", line + "d", line + "e") }
    }
}
