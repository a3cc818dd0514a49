import Diagnostics
import Foundation

/// Folders for output.
package enum OutputFolder {
    /// Makes a folder and those above it, unless they are there.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when the system refuses.
    package static func makeAll(_ path: String) throws(Fault) {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue { return }
        let parent = parentFolder(of: path)
        if parent != path { try makeAll(parent) }
        try make(path)
    }

    /// Makes a folder unless it is there.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when the system refuses.
    package static func make(_ path: String) throws(Fault) {
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        var isDirectory: ObjCBool = false
        if code == EEXIST, FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
            isDirectory.boolValue
        {
            return
        }
        throw .cannotWrite(path, "the folder cannot be made", code, kind: .cannotCreate)
    }
}
