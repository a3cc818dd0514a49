import Diagnostics

/// Lock files: at most one process holds the lock of one.
package enum LockFile {
    /// Opens a lock file, creating it if needed, and locks it.
    ///
    /// - Parameters:
    ///   - path: the lock file.
    ///   - file: the protected file, for faults.
    ///   - prepare: called before each attempt, to create the lock's folder.
    ///   - refusal: makes the fault while another process holds the lock, from the lock file's text.
    /// - Returns: the lock file, which holds the lock until it is closed.
    /// - Throws: ``Fault``: `refusal`; ``Fault/Kind/temporary`` if others keep removing the lock file; as ``OpenFile``
    ///   if it cannot be opened.
    package static func hold(
        _ path: String, of file: String, prepare: () throws(Fault) -> Void = {},
        refusal: (_ text: String) -> Fault
    ) throws(Fault) -> OpenFile {
        let folder = parentFolder(of: path)
        // Repeated if the former owner removed the lock file, or its folder, before we locked it.
        for _ in 0..<16 {
            try prepare()
            let lock: OpenFile
            do {
                lock = try OpenFile(
                    path, .appending, named: file, problem: "its folder \(folder) cannot be written to")
            } catch {
                guard exists(folder) else { continue }
                throw error
            }
            guard lock.lock() else { throw refusal(try text(of: lock)) }
            if lock.stands(at: path) { return lock }
        }
        throw Fault(
            .temporary, at: .file(file), "several processes want to write it at the same time",
            remedy: "run only one of them")
    }

    /// The text in a lock file.
    package static func text(of lock: OpenFile) throws(Fault) -> String {
        String(decoding: try lock.read(1 << 20, at: 0), as: UTF8.self)
    }

    /// Replaces the text in a lock file; it is on the device when this returns.
    package static func sign(_ lock: OpenFile, _ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        try lock.write(bytes, at: 0)
        try lock.truncate(to: Int64(bytes.count))
        try lock.synchronize()
    }
}
