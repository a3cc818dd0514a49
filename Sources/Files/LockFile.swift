import Diagnostics

/// Lock files: at most one process holds one at a time.
package enum LockFile {
    /// Opens a lock file, making it if need be, and locks it.
    ///
    /// - Parameters:
    ///   - path: the lock file.
    ///   - file: what it protects, for faults.
    ///   - prepare: called before each attempt, to make the lock's folder.
    ///   - refusal: the fault while another process holds the lock, made from the lock file's text.
    /// - Returns: the lock file, which holds the lock until it is closed.
    /// - Throws: ``Fault``: `refusal`; ``Fault/Kind/temporary`` if others remove the lock file all the time; as
    ///   ``OpenFile`` if it cannot be opened.
    package static func hold(
        _ path: String, of file: String, prepare: () throws(Fault) -> Void = {},
        refusal: (_ text: String) -> Fault
    ) throws(Fault) -> OpenFile {
        let folder = parentFolder(of: path)
        // Again if the former owner removed the lock file, or its folder, between our opening and our locking it.
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
            remedy: "let one of them do it")
    }

    /// What a lock file holds.
    package static func text(of lock: OpenFile) throws(Fault) -> String {
        String(decoding: try lock.read(1 << 20, at: 0), as: UTF8.self)
    }

    /// Replaces what a lock file holds; it is on the device when this returns.
    package static func sign(_ lock: OpenFile, _ text: String) throws(Fault) {
        let bytes = Array(text.utf8)
        try lock.write(bytes, at: 0)
        try lock.truncate(to: Int64(bytes.count))
        try lock.synchronize()
    }
}
