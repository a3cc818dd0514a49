import Diagnostics
import Foundation
import IceTracks

/// Unpacks a downloaded zip file.
extension ReleaseDownload {
    /// Unpacks the requested files, without network.
    ///
    /// Files can only be checked against the archive's own CRC-32; that none is missing is checked as well.
    ///
    /// - Throws: a `Fault`; see ``ZipArchive`` and ``StagingFolder``. The release's folder is then unchanged.
    public func unpack(_ archive: String) throws -> Outcome {
        if let outcome = try existing() { return outcome }
        let before = try record()
        guard before != nil || !FileManager.default.fileExists(atPath: folder) else {
            throw foreignFolder("its contents cannot be compared without the server")
        }
        let staging = try StagingFolder(parent: parent, name: sample.defaultFolder)
        // Unlike a download, unpacking can simply be repeated.
        defer { staging.discard() }
        let zip = try ZipArchive(archive, link: staging.path + "/link.zip")
        let prefix = commonFolder(of: zip.listing.files.map(\.path), expected: expectedFiles)
        var files: [(path: ReleasePath, file: ZipListing.File)] = []
        for file in zip.listing.files where prefix.isEmpty || file.path.description.hasPrefix(prefix) {
            files.append((try ReleasePath(file.path.dropping(prefix), from: archive), file))
        }
        let wanted = try select(files, patterns(with: before), from: archive) { $0.path }
        let total = wanted.reduce(0) { $0 + $1.file.byteCount }
        if let free = staging.freeBytes, free < total {
            throw Fault(
                .inputOutput, at: .file(folder), "\(total) bytes must be unpacked, and its disk has space for \(free)",
                remedy: "free some space, or choose another folder with --into")
        }
        observer.expect(total)
        var entries: [ReleaseRecord.Entry] = []
        for (path, file) in wanted {
            let place = try staging.place(of: path)
            try zip.extract(file, to: place, shouldStop: observer.shouldStop)
            if observer.shouldStop() { throw Fault.stopped(archive) }
            observer.advance(file.byteCount)
            let sum = try Checksum.hexadecimal(of: place, .sha256)
            if let checksum = Checksum(.sha256, sum) { entries.append(.init(path: path, checksum: checksum)) }
        }
        let record = ReleaseRecord(origin: sample.origin, patterns: patterns(with: before), entries: entries)
        try staging.publish(record)
        return outcome(record, new: entries.count)
    }
}
