import CHDF5
import Diagnostics
import Files
import Foundation

/// HDF5's record of the last call that failed on this thread, from the interface function inwards.
struct ErrorStack {
    var messages: [String] = []

    /// Copies HDF5's stack. Call it with the library's lock held, on the thread whose call failed.
    static func current() -> ErrorStack {
        var stack = ErrorStack()
        withUnsafeMutablePointer(to: &stack) { pointer in
            _ = H5Ewalk2(
                chdf5_e_default(), H5E_WALK_DOWNWARD,
                { _, entry, stack in
                    guard let entry, let text = entry.pointee.desc else { return 0 }
                    stack?.assumingMemoryBound(to: ErrorStack.self).pointee.messages.append(String(cString: text))
                    return 0
                }, pointer)
        }
        return stack
    }

    /// The stack as text: the innermost reasons first, which are the most specific, without repeated sentences.
    var words: String {
        var seen = Set<String>()
        let lines = messages.reversed().map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        let distinct = lines.filter { seen.insert($0).inserted }
        return distinct.isEmpty ? "no reason given" : distinct.prefix(3).joined(separator: "; ")
    }

    /// The system's error number, if the stack quotes one ("errno = 28").
    var systemError: Int32? {
        for message in messages.reversed() {
            guard let mark = message.range(of: "errno = ") else { continue }
            if let number = Int32(message[mark.upperBound...].prefix { $0.isNumber }), number > 0 { return number }
        }
        return nil
    }

    /// The fault for the stack: the system's refusal, in its words; otherwise of the given kind.
    func fault(_ attempt: String, on path: String, as kind: Fault.Kind) -> Fault {
        func says(_ text: String) -> Bool { messages.contains { $0.localizedStandardContains(text) } }
        if let systemError {
            let use: FileUse = kind == .badData || kind == .missingInput ? .reading : .writing
            return SystemFailure(code: systemError).fault(use, at: path, attempt)
        }
        if says("memory allocation failed") {
            return SystemFailure(code: ENOMEM).fault(.reading, at: path, attempt)
        }
        if says("file consistency flags") {
            return Fault(
                .temporary, at: .file(path), "\(attempt): it is being written, or its writer was killed",
                remedy: "wait for the writer; if it was killed, continue the file with the program that wrote it")
        }
        if says("already open for") {
            return Fault(
                .temporary, at: .file(path), "\(attempt): this process has it open for other access",
                remedy: "close it first")
        }
        if kind == .badData, says("version number") || says("unknown version") {
            return Fault(
                kind, at: .file(path),
                "\(attempt): it has a version of HDF5's format that this program's HDF5 does not "
                    + "know (\(words))",
                remedy:
                    "use a newer HDF5 or the one that wrote it, or convert it with h5repack; if this HDF5 wrote it, it "
                    + "is damaged")
        }
        return Fault(kind, at: .file(path), "\(attempt) (HDF5: \(words))", remedy: remedy(for: kind))
    }

    private func remedy(for kind: Fault.Kind) -> String? {
        kind == .badData ? "the file is damaged or was written by another program; use a sound copy" : nil
    }
}
