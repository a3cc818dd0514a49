import Diagnostics
import Files

extension OpenFile {
    /// Opens a file of a release for reading.
    ///
    /// - Parameter purpose: the contents of the file, for the fault if it does not exist, such as `events of IC40`.
    /// - Throws: a `Fault` of kind missingInput if the file does not exist or cannot be opened.
    static func ofRelease(_ path: String, purpose: String) throws(Fault) -> OpenFile {
        do {
            return try OpenFile(path)
        } catch {
            guard error.kind == .missingInput, !exists(path) else { throw error }
            if let packed = ["gz", "bz2", "xz", "zst", "zip"].map({ "\(path).\($0)" }).first(where: exists) {
                throw Fault(
                    .missingInput, at: .file(path), "there is no such file, but there is \"\(packed)\"",
                    remedy: "unpack it: compressed files are not read")
            }
            let tabFile = path.hasSuffix(".csv") ? String(path.dropLast(3)) + "tab" : path + ".tab"
            throw exists(tabFile)
                ? Fault(
                    .missingInput, at: .file(path), "the file does not exist, but \"\(tabFile)\" does",
                    remedy: "download the release in its original format (format=original), which has .csv files")
                : Fault(
                    .missingInput, at: .file(path), "the file does not exist; it should contain the \(purpose)",
                    remedy: "check --data and --sample, or add the file")
        }
    }
}
