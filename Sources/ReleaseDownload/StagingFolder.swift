import Diagnostics
import Files
import Foundation
import IceTracks

/// The folder beside a release in which its files gather until all are there: kept when a download is cut short,
/// and gone when the release stands under its name.
///
///     .icecube_14year_ps_v2.partial/   lock, parts/ (files under way), release/ (files that are whole and checked)
final class StagingFolder {
    let path: String
    /// Where the checked files gather.
    var release: String { path + "/release" }
    /// The final place.
    let target: String
    /// Held for as long as this object lives.
    private let lock: OpenFile

    /// Makes the folder, or continues the one of an earlier attempt.
    ///
    /// - Parameters:
    ///   - parent: the folder that the release's folder is to stand in; made if it does not exist.
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
                remedy: "wait until that one ends")
        }
        try? LockFile.sign(lock, String(getpid()))
    }

    /// Where a file gathers while it is incomplete; by its checksum, so that it can be continued regardless of its name.
    func part(_ checksum: Checksum) -> String { "\(path)/parts/\(checksum.value)" }

    /// The place of a checked file, its folders made.
    func place(of file: ReleasePath) throws -> String { try Self.place(of: file, in: release) }

    private static func place(of file: ReleasePath, in folder: String) throws -> String {
        let place = "\(folder)/\(file)"
        try OutputFolder.makeAll(parentFolder(of: place))
        return place
    }

    /// Bytes that the file system has left for us.
    var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? nil : Int(clamping: bytes)
    }

    /// Gives the release its name and removes this folder. Into a release that is there already, its files are moved one
    /// by one, the record of them last.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when the system refuses; nothing is lost then.
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
            // The device keeps the names of the files before the whole gets its own.
            for folder in Set(record.entries.map { parentFolder(of: "\(release)/\($0.path)") } + [release]) {
                try? OutputFolder.synchronize(folder, for: target)
            }
            try Publication.move(release, to: target)
        }
        discard()
    }

    /// Removes the folder with all that is in it.
    func discard() { try? FileManager.default.removeItem(atPath: path) }
}
