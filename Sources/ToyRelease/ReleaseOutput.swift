import Diagnostics
import Files
import Foundation

/// A release folder under construction: written under a temporary name, renamed when it is complete.
struct ReleaseOutput {
    /// A file that marks a release as a toy, which may be replaced.
    static let toyMarker = "toy.txt"

    private let final: String
    private let temporary: String

    /// Makes the temporary folder with `events/`, `irfs/` and `uptime/`.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when something that is no toy release has the name, or a folder cannot
    ///   be made.
    init(directory: String, name: String) throws {
        let parent = directory.isEmpty ? "." : directory
        final = parent + "/" + name
        temporary = parent + "/.\(name).\(ProcessInfo.processInfo.processIdentifier).partial"
        let manager = FileManager.default
        if manager.fileExists(atPath: final), !manager.fileExists(atPath: final + "/" + Self.toyMarker) {
            throw Fault(
                .cannotCreate, at: .file(final), "this exists and is no toy release (it has no \(Self.toyMarker))",
                remedy: "choose another output folder; nothing was changed"
            )
        }
        try OutputFolder.makeAll(parent)
        try? manager.removeItem(atPath: temporary)
        for folder in ["", "/events", "/irfs", "/uptime"] { try OutputFolder.make(temporary + folder) }
    }

    /// Writes one file of the release.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when it cannot be opened, inputOutput when the disk is full.
    func write(_ bytes: [UInt8], to file: String) throws {
        let path = temporary + "/" + file
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw Fault.cannotWrite(final + "/" + file, "cannot be created", errno, kind: .cannotCreate)
        }
        var failure: CInt = 0
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count, let base = buffer.baseAddress {
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, base + written, buffer.count - written)
                #else
                    let count = Glibc.write(descriptor, base + written, buffer.count - written)
                #endif
                if count < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                written += count
            }
        }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        guard failure == 0 else { throw Fault.cannotWrite(final + "/" + file, "cannot be written", failure) }
    }

    /// Gives the folder its name, in place of an earlier toy release.
    ///
    /// - Returns: the folder.
    /// - Throws: a `Fault` of kind cannotCreate when it cannot be renamed.
    func publish() throws -> String {
        let old = temporary + ".old"
        if FileManager.default.fileExists(atPath: final), rename(final, old) != 0 {
            let code = errno
            discard()
            throw Fault.cannotWrite(final, "the earlier toy release cannot be replaced", code, kind: .cannotCreate)
        }
        guard rename(temporary, final) == 0 else {
            let code = errno
            // Put the earlier one back, so that nothing is lost.
            _ = rename(old, final)
            discard()
            throw Fault.cannotWrite(final, "cannot be created", code, kind: .cannotCreate)
        }
        try? FileManager.default.removeItem(atPath: old)
        return final
    }

    /// Removes what was written.
    func discard() { try? FileManager.default.removeItem(atPath: temporary) }
}
