import Diagnostics
import Files
import Foundation

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
    private var lock: CInt = -1

    /// Makes the folder, or takes over the one of an earlier attempt.
    ///
    /// - Parameters:
    ///   - parent: the folder that the release's folder shall stand in; made if need be.
    ///   - name: the release's folder.
    /// - Throws: a `Fault`: cannotCreate, inputOutput for a full disk, temporary if another process is at it.
    init(parent: String, name: String) throws {
        let parent = parent.isEmpty ? "." : parent
        target = "\(parent)/\(name)"
        path = "\(parent)/.\(name).partial"
        try OutputFolder.makeAll(parent)
        // Again if the process before us removed the folder between our opening its lock and holding it.
        for _ in 0..<16 {
            for folder in [path, path + "/parts", path + "/release"] { try OutputFolder.make(folder) }
            if try takeLock() { return }
        }
        throw Fault(.temporary, at: .file(target), "is fetched by several processes", remedy: "let one of them do it")
    }

    deinit { if lock >= 0 { close(lock) } }

    /// Where a file gathers while it is incomplete; by its checksum, so that it can go on whatever it is called.
    func part(_ checksum: Checksum) -> String { "\(path)/parts/\(checksum.value)" }

    /// The place of a checked file, its folders made.
    func place(of file: ReleasePath) throws -> String {
        var folder = release
        for component in file.folders {
            folder += "/" + component
            try OutputFolder.make(folder)
        }
        return "\(release)/\(file)"
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
        let recordFile = try PartialFile("\(release)/\(ReleaseRecord.fileName)", isNew: true)
        try recordFile.append(ArraySlice(record.text.utf8))
        try recordFile.synchronize()
        if FileManager.default.fileExists(atPath: target) {
            for entry in record.entries where access("\(release)/\(entry.path)", F_OK) == 0 {
                var folder = target
                for component in entry.path.folders {
                    folder += "/" + component
                    try OutputFolder.make(folder)
                }
                try move("\(release)/\(entry.path)", to: "\(target)/\(entry.path)")
            }
            try move(recordFile.path, to: "\(target)/\(ReleaseRecord.fileName)")
        } else {
            synchronizeFolders()
            try move(release, to: target)
        }
        discard()
    }

    /// Removes the folder with all that is in it.
    func discard() { try? FileManager.default.removeItem(atPath: path) }

    private func move(_ source: String, to destination: String) throws(Fault) {
        guard rename(source, destination) == 0 else {
            throw .cannotWrite(destination, "cannot be created", errno, kind: .cannotCreate)
        }
    }

    /// Has the device keep the names of the files before the whole gets its own.
    private func synchronizeFolders() {
        let names = FileManager.default.enumerator(atPath: release)?.compactMap { $0 as? String } ?? []
        for folder in [""] + names.map({ "/" + $0 }) {
            let descriptor = open(release + folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// - Returns: false if the lock file is no longer the one at its path.
    private func takeLock() throws(Fault) -> Bool {
        let file = path + "/lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            if errno == ENOENT { return false }
            throw .cannotWrite(file, "cannot be created", errno, kind: .cannotCreate)
        }
        // File systems without locks (ENOLCK, ENOSYS, ENOTSUP) leave it to the user to fetch once at a time.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            close(descriptor)
            let owner = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            throw Fault(
                .temporary, at: .file(target),
                "is being fetched by another process" + (owner.isEmpty ? "" : " (\(owner))"),
                remedy: "wait until that one ends")
        }
        var (opened, atPath) = (stat(), stat())
        guard fstat(descriptor, &opened) == 0, stat(file, &atPath) == 0, opened.st_ino == atPath.st_ino else {
            close(descriptor)
            return false
        }
        let owner = Array(String(ProcessInfo.processInfo.processIdentifier).utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, owner, owner.count, 0) }
        lock = descriptor
        return true
    }
}
