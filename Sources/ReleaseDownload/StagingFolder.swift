import Diagnostics
import Files
import Foundation
import IceTracks

/// The folder beside a release that collects its files until it is complete: kept after an interruption, and removed
/// when the release has its final name.
///
///     .icecube_14year_ps_v2.partial/   lock, parts/ (incomplete files), release/ (complete and checked files)
final class StagingFolder {
    let path: String
    /// The folder of the checked files.
    var release: String { path + "/release" }
    /// The final place.
    let target: String
    /// Held during the lifetime of this object.
    private let lock: OpenFile

    /// Creates the folder, or continues an earlier one.
    ///
    /// - Parameters:
    ///   - parent: the folder that will contain the release's folder; created if needed.
    ///   - name: the release's folder.
    /// - Throws: a `Fault`: cannotCreate, inputOutput for a full disk, temporary if another process downloads it.
    init(parent: String, name: String) throws {
        let parent = parent.isEmpty ? "." : parent
        let (target, path) = ("\(parent)/\(name)", "\(parent)/.\(name).partial")
        (self.target, self.path) = (target, path)
        try OutputFolder.makeAll(parent)
        lock = try LockFile.hold("\(path)/lock", of: target) { () throws(Fault) in
            for folder in [path, path + "/parts", path + "/release"] { try OutputFolder.make(folder) }
        } refusal: { owner in
            Fault(
                .temporary, at: .file(target),
                "is being fetched by another process" + (owner.isEmpty ? "" : " (\(owner))"),
                remedy: "wait until that process ends")
        }
        try? LockFile.sign(lock, String(getpid()))
    }

    /// The incomplete file with a checksum, so that it can be continued regardless of its name.
    func part(_ checksum: Checksum) -> String { "\(path)/parts/\(checksum.value)" }

    /// The path of a checked file, after creating its folders.
    func place(of file: ReleasePath) throws -> String { try Self.place(of: file, in: release) }

    private static func place(of file: ReleasePath, in folder: String) throws -> String {
        let place = "\(folder)/\(file)"
        try OutputFolder.makeAll(parentFolder(of: place))
        return place
    }

    /// Free bytes of the file system.
    var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? nil : Int(clamping: bytes)
    }

    /// Gives the release its name and removes this folder. If the release exists, files are moved into it one by one,
    /// the record of them last.
    ///
    /// - Throws: a `Fault` of kind cannotCreate if the system refuses; nothing is lost then.
    func publish(_ record: ReleaseRecord) throws {
        let recordFile = try OpenFile("\(release)/\(ReleaseRecord.fileName)", .replacing)
        try recordFile.append(Array(record.text.utf8))
        try recordFile.synchronize()
        if exists(target) {
            for entry in record.entries where exists("\(release)/\(entry.path)") {
                try Publication.move("\(release)/\(entry.path)", to: try Self.place(of: entry.path, in: target))
            }
            try Publication.move(recordFile.path, to: "\(target)/\(ReleaseRecord.fileName)")
        } else {
            // The names of the files are on the device before the folder gets its own.
            for folder in Set(record.entries.map { parentFolder(of: "\(release)/\($0.path)") } + [release]) {
                try? OutputFolder.synchronize(folder, for: target)
            }
            try Publication.move(release, to: target)
        }
        discard()
    }

    /// Removes the folder with its contents.
    func discard() { try? FileManager.default.removeItem(atPath: path) }
}
