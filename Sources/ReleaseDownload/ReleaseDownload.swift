import Diagnostics
import Foundation
import IceTracks

/// The transfer of a release from a Dataverse server, or from a zip file of it, into its folder.
///
/// Files are collected in a ``StagingFolder`` and checked there; the release appears under its name when all of them
/// are correct. Existing files are not downloaded again.
public struct ReleaseDownload: Sendable {
    public let sample: Sample
    /// The folder that will contain the release's folder.
    public let parent: String
    /// The requested files, as shell patterns for their paths or names; all if empty.
    public let patterns: [String]
    let observer: DownloadObserver

    /// The result.
    public struct Outcome: Sendable, Equatable {
        /// The release's folder.
        public let folder: String
        public let fileCount: Int
        public let byteCount: Int
        /// Files that were downloaded or unpacked.
        public let newFileCount: Int
        /// Files that were copied from another release on this machine, which has the same bytes.
        public let copiedFileCount: Int
        /// A version of the dataset that the server has and that is newer than the downloaded one; nil if there is none, or
        /// the server was not asked or did not answer.
        public let newerVersion: DatasetVersion?
    }

    /// - Throws: a usage `Fault` for a pattern that is empty or has control characters.
    public init(
        of sample: Sample, into parent: String, patterns: [String] = [], observer: DownloadObserver = DownloadObserver()
    ) throws(Fault) {
        self.sample = sample
        self.parent = parent
        self.patterns = patterns
        self.observer = observer
        for pattern in patterns where pattern.isEmpty || pattern.utf8.contains(where: { $0 < 0x20 }) {
            throw Fault(
                .usage, at: .field("--files"), "\(quotedForMessage(pattern)) is not a pattern of file names",
                remedy: "give patterns as in 'irfs/*' or '*IC40*'")
        }
    }

    /// The release's folder.
    public var folder: String { "\(parent.isEmpty ? "." : parent)/\(sample.defaultFolder)" }

    /// The files of the release in the catalogue.
    var expectedFiles: [String] { Release.files(of: sample.datasets) }
}

extension ReleaseDownload {
    /// The existing release, if it has all requested files and each file has its checksum.
    ///
    /// - Throws: a `Fault` if the record of its files cannot be read.
    public func existing() throws -> Outcome? {
        guard let record = try record() else { return nil }
        let isCovered = record.patterns.isEmpty || !patterns.isEmpty && patterns.allSatisfy(record.patterns.contains)
        guard isCovered else { return nil }
        let unlisted = record.unlisted(of: expectedFiles)
        if !unlisted.isEmpty {
            observer.note(
                "\(folder)/\(ReleaseRecord.fileName) was cut or edited: it does not list \(unlisted.count) files, such as "
                    + "\(unlisted[0]); all files are checked again")
            return nil
        }
        for entry in record.entries where try !isRight(entry, in: folder) {
            observer.note("\(folder)/\(entry.path) is missing, or was changed after the download")
            return nil
        }
        let digested = try record.withDigests { "\(folder)/\($0)" }
        if digested != record {
            let staging = try StagingFolder(parent: parent, name: sample.defaultFolder)
            try staging.publish(digested)
            observer.note("\(folder)/\(ReleaseRecord.fileName) now has the SHA-256 of all files")
        }
        return outcome(record, new: 0)
    }

    /// The record of a release downloaded by this program; nil if there is none.
    func record() throws -> ReleaseRecord? {
        guard let record = try ReleaseRecord.read(in: folder), record.origin == sample.origin else { return nil }
        return record
    }

    /// The patterns for the release's files, including those of earlier downloads; empty (all files) if either is
    /// empty.
    func patterns(with record: ReleaseRecord?) -> [String] {
        guard let record, !patterns.isEmpty else { return patterns }
        return record.patterns.isEmpty ? [] : record.patterns + patterns.filter { !record.patterns.contains($0) }
    }

    /// The files that match, in their order.
    ///
    /// - Throws: a usage `Fault` for a pattern that no file matches; badData if a complete release lacks a file.
    func select<File>(
        _ files: [File], _ patterns: [String], from source: String, path: (File) -> ReleasePath
    ) throws(Fault) -> [File] {
        func matches(_ pattern: String, _ file: File) -> Bool {
            ReleaseRecord.matches(pattern, path(file).description)
        }
        guard patterns.isEmpty else {
            for pattern in patterns where !files.contains(where: { matches(pattern, $0) }) {
                throw Fault(
                    .usage, at: .field("--files"),
                    "\"\(pattern)\" matches none of the \(files.count) files of \(sample.name)",
                    remedy: "give patterns as in 'irfs/*' or '*IC40*'")
            }
            return files.filter { file in patterns.contains { matches($0, file) } }
        }
        let names = Set(files.map { path($0).description })
        let missing = expectedFiles.filter { !names.contains($0) }
        guard missing.isEmpty else {
            throw Fault(
                .badData, at: .file(source),
                "it lacks \(missing.count) of the files of \(sample.name): \(missing.prefix(3).joined(separator: ", "))"
                    + (missing.count > 3 ? ", …" : ""),
                remedy: "check that this is \(sample.origin)")
        }
        return files
    }

    func isRight(_ entry: ReleaseRecord.Entry, in folder: String) throws -> Bool {
        let path = "\(folder)/\(entry.path)"
        return access(path, F_OK) == 0 ? try entry.checksum.matches(path) : false
    }

    func outcome(
        _ record: ReleaseRecord, new: Int, copied: Int = 0, newerVersion: DatasetVersion? = nil
    ) -> Outcome {
        let bytes = record.entries.reduce(0) { sum, entry in
            var status = stat()
            return sum + (stat("\(folder)/\(entry.path)", &status) == 0 ? Int(status.st_size) : 0)
        }
        return Outcome(
            folder: folder, fileCount: record.entries.count, byteCount: bytes, newFileCount: new,
            copiedFileCount: copied,
            newerVersion: newerVersion)
    }

    /// The fault for a folder with that name that this program did not create.
    func foreignFolder(_ what: String) -> Fault {
        Fault(
            .cannotCreate, at: .file(folder), "already exists, and \(what)",
            remedy: "move it away, or choose another folder with --into; nothing was changed")
    }
}
