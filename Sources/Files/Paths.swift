import Foundation

/// The folder that the last component of a path stands in: `.` for a name alone, `/` for one below the root.
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

/// The folder of the running program's file, regardless of the name, link or `PATH` that it was called by.
public var programFolder: String { parentFolder(of: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path) }
