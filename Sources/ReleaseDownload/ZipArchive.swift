import Diagnostics
import Files
import Foundation
import IceTracks

/// A zip archive, read by the program unzip, which only writes to a pipe, so that an archive cannot decide where bytes
/// go or how many there are.
struct ZipArchive: Sendable {
    /// The user's name of the archive, for messages.
    private let path: String
    /// The name given to unzip, which interprets the last component of a name as a pattern.
    private let link: String
    let listing: ZipListing

    /// Reads and checks the archive's listing.
    ///
    /// - Parameters:
    ///   - name: the archive's name in messages; its path if nil.
    ///   - link: an unused path, for a link to the archive.
    /// - Throws: a `Fault`: missingInput if the file or unzip does not exist; badData as ``ZipListing``, or if the file
    ///   is not a complete archive.
    init(_ path: String, named name: String? = nil, link: String) throws {
        self.path = name ?? path
        self.link = link
        _ = try OpenFile(path)
        unlink(link)
        try systemCall(.writing, link, "cannot be created") { () throws(SystemFailure) in
            guard symlink(URL(filePath: path).standardizedFileURL.path, link) == 0 else { throw .last }
        }
        var text: [UInt8] = []
        let limit = DatasetListing.largestCount * 1024
        let ending = try HelperProgram.unzip.run(["-Z", "-s", "-T", "--h-t", link]) { piece in
            text += piece
            return text.count <= limit
        }
        guard text.count <= limit else {
            throw Fault(
                .badData, at: .file(self.path), "has a listing of more than \(limit) bytes",
                remedy: "do not use this archive")
        }
        guard ending.code == 0 || ending.code == 1 else {
            let complaint = ending.complaint.replacing("[\(link)] ", with: "").prefix { $0 != "." }
            throw Fault(
                .badData, at: .file(self.path), "is not a complete zip archive (\(complaint))",
                remedy: "download it again")
        }
        listing = try ZipListing(parsing: text, of: self.path)
        guard !listing.files.isEmpty else {
            throw Fault(.badData, at: .file(self.path), "is an empty archive", remedy: "download it again")
        }
    }

    /// Extracts one of the listed files to a new path; its CRC-32 is checked.
    ///
    /// - Throws: a `Fault`: badData if it is damaged or has more bytes than stated, inputOutput if the disk is full.
    func extract(_ file: ZipListing.File, to target: String, shouldStop: () -> Bool) throws {
        let output = try OpenFile(target, .replacing)
        var isTooLong = false
        let ending = try HelperProgram.unzip.run(["-p", "-P", "", link, file.path.description], shouldStop: shouldStop)
        {
            isTooLong = Int(output.position) + $0.count > file.byteCount
            if !isTooLong { try output.append($0) }
            return !isTooLong
        }
        if shouldStop() { return }
        func damaged(_ problem: String) -> Fault {
            Fault(.badData, at: .file(path), "\"\(file.path)\" \(problem)", remedy: "download the archive again")
        }
        if isTooLong { throw damaged("has more bytes than the \(file.byteCount) that the archive states") }
        guard ending.code == 0 else { throw damaged("is damaged (\(ending.complaint.prefix(200)))") }
        guard output.position == file.byteCount else {
            throw damaged("has \(output.position) bytes, not the \(file.byteCount) that the archive states")
        }
        try output.synchronize()
    }
}
