import Diagnostics
import Files
import Foundation
import IceTracks

/// Downloads from a server.
extension ReleaseDownload {
    /// Downloads the requested files that are missing.
    ///
    /// Files are requested one by one, since any part of a file can be requested again after an interruption. If the
    /// server only has a zip file of the whole dataset, that is requested.
    ///
    /// - Parameters:
    ///   - server: the address of a Dataverse server; Harvard's if nil.
    ///   - stallTimeout: a connection is closed after this many seconds with less than ``Curl/slowestSpeed``.
    /// - Throws: a `Fault`; see ``Downloader/fetch(_:)``, ``DatasetListing`` and ``StagingFolder``. The release's folder is
    ///   then unchanged, and downloaded bytes are kept for the next attempt.
    public func download(
        from server: String? = nil, retry: RetryPolicy, stallTimeout: Int = 60
    ) throws -> Outcome {
        guard (1...3600).contains(stallTimeout) else {
            throw Fault(
                .usage, at: .field("--stall-timeout"), "\(stallTimeout) is out of range",
                remedy: "give seconds from 1 to 3600")
        }
        let dataverse = try Dataverse(server: server ?? Dataverse.harvard, sample: sample)
        if let outcome = try existing() { return outcome }
        let staging = try StagingFolder(parent: parent, name: sample.defaultFolder)
        let downloader = Downloader(
            curl: Curl(stallTimeout: stallTimeout, headFile: staging.path + "/head"), retry: retry, observer: observer,
            offlineRemedy: offlineRemedy)

        let before = try record()
        let listing = try listing(dataverse, downloader, staging)
        let patterns = patterns(with: before)
        let wanted = try select(listing.files, patterns, from: dataverse.listingAddress) { $0.path }
        if let file = wanted.first(where: \.isRestricted) {
            throw Fault(
                .missingInput, at: .file(dataverse.address(of: file)), "access to \(file.path) is restricted",
                remedy: "check --server: the public releases have no restricted files")
        }
        let record = ReleaseRecord(
            origin: sample.origin, patterns: patterns,
            entries: wanted.map { .init(path: $0.path, checksum: $0.checksum) })
        let missing = try wanted.filter { try !isRight(.init(path: $0.path, checksum: $0.checksum), in: folder) }
        if before == nil, FileManager.default.fileExists(atPath: folder), !missing.isEmpty {
            staging.discard()
            throw foreignFolder(
                "\(missing.count) of its files are not those of \(sample.origin), such as \(missing[0].path)")
        }
        let copied = try copyLocal(missing, to: staging)
        try gather(missing, dataverse, downloader, staging)
        let newer = newerVersion(dataverse, downloader, staging)
        let isNew = Set(missing.map(\.path))
        try staging.publish(
            record.withDigests { isNew.contains($0) ? "\(staging.release)/\($0)" : "\(folder)/\($0)" })
        return outcome(record, new: missing.count - copied, copied: copied, newerVersion: newer)
    }

    private var offlineRemedy: String {
        let cache = ReleaseCache.folder() ?? "~/.cache/trialgen"
        return "check the network; behind a proxy, set https_proxy. On a machine without network: run trialgen fetch "
            + "\(sample.name) --into . on another machine and copy the folder \(sample.defaultFolder) to \(cache)/, or to any "
            + "folder given with --data"
    }

    private func listing(
        _ dataverse: Dataverse, _ downloader: Downloader, _ staging: StagingFolder
    ) throws -> DatasetListing {
        let (address, part) = (dataverse.listingAddress, staging.path + "/listing.json")
        unlink(part)
        try unwrapping {
            try downloader.fetch(
                Downloader.Order(
                    url: address, name: "the list of files", part: part, byteCount: nil, limit: 1 << 25,
                    check: { _ in nil }))
        }
        let json = FileManager.default.contents(atPath: part) ?? Data()
        return try DatasetListing(parsing: Array(json), from: address, expected: expectedFiles)
    }

    /// The newest version on the server, if it is newer than this one. A server that does not answer at once is not asked
    /// again: the release is complete without it.
    private func newerVersion(
        _ dataverse: Dataverse, _ downloader: Downloader, _ staging: StagingFolder
    ) -> DatasetVersion? {
        var answer: [UInt8] = []
        let curl = Curl(stallTimeout: min(downloader.curl.stallTimeout, 10), headFile: downloader.curl.headFile)
        let outcome = try? curl.get(dataverse.newestVersionAddress, shouldStop: observer.shouldStop) { piece in
            answer += piece
            return answer.count < 1 << 25
        }
        guard case .complete = outcome, let newest = DatasetListing.version(parsing: answer),
            let own = DatasetVersion(sample.version), newest > own
        else { return nil }
        return newest
    }

    /// Copies files that another release on this machine has: most files of a new version are those of the last one.
    ///
    /// - Returns: the number of copied files, which have their checksums.
    private func copyLocal(_ files: [DatasetListing.File], to staging: StagingFolder) throws -> Int {
        let local = LocalFiles(
            in: [parent.isEmpty ? "." : parent, ReleaseCache.folder()].compactMap { $0 }, except: folder)
        var copied = 0
        for file in files {
            guard let source = local.path(of: file.checksum), !observer.shouldStop(),
                try !isRight(.init(path: file.path, checksum: file.checksum), in: staging.release)
            else { continue }
            let part = staging.part(file.checksum)
            unlink(part)
            guard (try? FileManager.default.copyItem(atPath: source, toPath: part)) != nil,
                try file.checksum.matches(part)
            else {
                unlink(part)
                continue
            }
            try keep(file, staging)
            copied += 1
        }
        return copied
    }

    private func gather(
        _ files: [DatasetListing.File], _ dataverse: Dataverse, _ downloader: Downloader, _ staging: StagingFolder
    ) throws {
        var missing: [DatasetListing.File] = []
        for file in files where try !isRight(.init(path: file.path, checksum: file.checksum), in: staging.release) {
            missing.append(file)
        }
        let remaining = missing.reduce(0) { sum, file in
            var status = stat()
            let present = stat(staging.part(file.checksum), &status) == 0 ? Int(status.st_size) : 0
            return sum + max(0, (file.byteCount ?? 0) - present)
        }
        if let free = staging.freeBytes, free < remaining {
            throw Fault(
                .inputOutput, at: .file(folder), "\(remaining) bytes are missing, and its disk has space for \(free)",
                remedy: "free some space, or choose another folder with --into")
        }
        observer.expect(remaining)
        for (index, file) in missing.enumerated() {
            do {
                try downloader.fetch(order(file, dataverse, staging))
            } catch let refusal as Downloader.NotServed {
                guard index == 0 else { throw refusal.fault }
                observer.note(
                    "the server does not send \(file.path) separately; requesting the zip file of the dataset")
                do {
                    return try gatherFromZip(missing, dataverse, downloader, staging)
                } catch is Downloader.NotServed {
                    throw refusal.fault
                }
            }
            try keep(file, staging)
        }
    }

    private func order(
        _ file: DatasetListing.File, _ dataverse: Dataverse, _ staging: StagingFolder
    ) -> Downloader.Order {
        // The stated size may not be that of the original, so the checksum decides; but there is a limit.
        let limit = min(DatasetListing.largestFile, (file.byteCount ?? DatasetListing.largestFile) * 2 + 1 << 20)
        return Downloader.Order(
            url: dataverse.address(of: file), name: file.path.description, part: staging.part(file.checksum),
            byteCount: file.byteCount, limit: limit, check: { try problem(of: $0, file) })
    }

    /// What is wrong with a file after its download.
    private func problem(of part: String, _ file: DatasetListing.File) throws -> String? {
        let sum = try Checksum.hexadecimal(of: part, file.checksum.algorithm)
        guard sum != file.checksum.value else { return nil }
        var status = stat()
        let count = stat(part, &status) == 0 ? Int(status.st_size) : 0
        let stated = file.byteCount.map { "\($0) bytes with " } ?? ""
        return "has \(count) bytes with \(file.checksum.algorithm.rawValue) \(sum), but the dataset states "
            + "\(stated)\(file.checksum)"
    }

    private func keep(_ file: DatasetListing.File, _ staging: StagingFolder) throws {
        try Publication.move(staging.part(file.checksum), to: try staging.place(of: file.path))
    }

    private func gatherFromZip(
        _ files: [DatasetListing.File], _ dataverse: Dataverse, _ downloader: Downloader, _ staging: StagingFolder
    ) throws {
        let part = staging.path + "/dataset.zip"
        var archive: ZipArchive?
        try downloader.fetch(
            Downloader.Order(
                url: dataverse.zipAddress, name: "the zip of the dataset", part: part, byteCount: nil,
                limit: DatasetListing.largestRelease,
                check: { part in
                    do {
                        archive = try ZipArchive(part, named: dataverse.zipAddress, link: staging.path + "/link.zip")
                        return nil
                    } catch let fault as Fault where fault.kind == .badData {
                        return fault.problem
                    }
                }))
        guard let archive else { return }
        let prefix = commonFolder(of: archive.listing.files.map(\.path), expected: expectedFiles)
        for file in files {
            guard let entry = archive.listing.files.first(where: { $0.path.dropping(prefix) == file.path.description })
            else {
                throw Fault(
                    .badData, at: .file(dataverse.zipAddress), "the zip lacks \(file.path)",
                    remedy: "its MANIFEST.TXT may give the reason; servers leave out files that are too large")
            }
            try archive.extract(entry, to: staging.part(file.checksum), shouldStop: observer.shouldStop)
            if observer.shouldStop() { throw Fault.stopped(dataverse.zipAddress) }
            if let problem = try problem(of: staging.part(file.checksum), file) {
                throw Fault(
                    .badData, at: .file(dataverse.zipAddress), "\(file.path) \(problem)",
                    remedy: "try again later; if it fails again, tell the dataset's authors")
            }
            try keep(file, staging)
        }
    }

    /// Rethrows a refusal as a fault.
    private func unwrapping(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let refusal as Downloader.NotServed {
            throw refusal.fault
        }
    }
}
