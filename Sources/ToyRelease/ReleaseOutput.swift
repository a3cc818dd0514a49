import Diagnostics
import Files
import Foundation
import IceTracks

/// A release folder under construction: written under a temporary name, renamed when it is complete.
struct ReleaseOutput {
    /// A file that marks a release as a toy, which may be replaced.
    static let toyMarker = "toy.txt"

    private let final: String
    private let temporary: String
    private var entries: [ReleaseRecord.Entry] = []

    /// Creates the temporary folder with `events/`, `irfs/` and `uptime/`.
    ///
    /// - Throws: a `Fault` of kind cannotCreate if the name belongs to something other than a toy release, or a folder
    ///   cannot be created.
    init(directory: String, name: String) throws {
        let parent = directory.isEmpty ? "." : directory
        final = parent + "/" + name
        temporary = parent + "/.\(name).\(ProcessInfo.processInfo.processIdentifier).partial"
        if exists(final), !exists(final + "/" + Self.toyMarker) {
            throw Fault(
                .cannotCreate, at: .file(final),
                "already exists and is not a toy release (it has no \(Self.toyMarker))",
                remedy: "choose another output folder; nothing was changed"
            )
        }
        try OutputFolder.makeAll(parent)
        discard()
        for folder in ["", "/events", "/irfs", "/uptime"] { try OutputFolder.make(temporary + folder) }
    }

    /// Writes one file of the release, and keeps its checksum.
    ///
    /// - Throws: a `Fault` of kind cannotCreate if it cannot be opened, inputOutput if the disk is full.
    mutating func write(_ bytes: [UInt8], to file: String) throws {
        try put(bytes, to: file)
        entries.append(try ReleaseRecord.Entry(path: file, contents: bytes))
    }

    /// Writes the record of all files that were written.
    ///
    /// - Parameter origin: the name of the release in the record.
    func writeRecord(origin: String) throws {
        try put(
            Array(ReleaseRecord(maker: .toy, origin: origin, entries: entries).text.utf8), to: ReleaseRecord.fileName)
    }

    private func put(_ bytes: [UInt8], to file: String) throws {
        let output = try OpenFile(temporary + "/" + file, .replacing, named: final + "/" + file)
        try output.append(bytes)
        try output.close()
    }

    /// Gives the folder its name, replacing an earlier toy release.
    ///
    /// - Returns: the folder.
    /// - Throws: a `Fault` of kind cannotCreate if it cannot be renamed.
    func publish() throws -> String {
        let old = temporary + ".old"
        do {
            if exists(final) { try Publication.move(final, to: old) }
            do {
                try Publication.move(temporary, to: final)
            } catch {
                // Restore the earlier one, so that nothing is lost.
                try? Publication.move(old, to: final)
                throw error
            }
        } catch {
            discard()
            throw error
        }
        try? FileManager.default.removeItem(atPath: old)
        return final
    }

    /// Removes what was written.
    func discard() { try? FileManager.default.removeItem(atPath: temporary) }
}
