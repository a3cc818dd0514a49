import Diagnostics
import Foundation

/// The folder of a path's last component: `.` for a bare name, `/` for a name in the root.
///
/// (`deletingLastPathComponent` of Foundation's NSString traps on a name of one letter.)
public func parentFolder(of path: String) -> String {
    var bytes = Array(path.utf8)[...]
    let slash = UInt8(ascii: "/")
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    guard let last = bytes.lastIndex(of: slash) else { return "." }
    bytes = bytes[..<last]
    while bytes.last == slash { bytes.removeLast() }
    return bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
}

/// Whether anything, even a symbolic link to nothing, has a name.
package func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
}

/// Whether a path leads to a folder.
package func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether a path leads to a regular file: not to a folder, a pipe or a device.
package func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// The running program's file, regardless of the name, link or `PATH` by which it was started.
package var programFile: String { URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path }

/// The folder of ``programFile``.
public var programFolder: String { parentFolder(of: programFile) }

/// The file that a path leads to, following a symbolic link in its last component.
///
/// Two names of one file then share the same lock and journal. Links among the folders do not matter for this and are
/// kept.
///
/// - Throws: ``Fault`` of kind ``Fault/Kind/cannotCreate`` for a link to nothing, or an endless chain of links.
package func followingLinks(_ path: String) throws(Fault) -> String {
    var followed = path
    for _ in 0..<40 {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink(followed, &buffer, buffer.count - 1)
        guard length > 0 else {
            guard followed == path || exists(followed) else { break }
            return followed
        }
        let target = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        followed = target.hasPrefix("/") ? target : parentFolder(of: followed) + "/" + target
    }
    throw Fault(
        .cannotCreate, at: .file(path), "is a symbolic link that leads to no file",
        remedy: "remove the link, or give the file itself")
}
