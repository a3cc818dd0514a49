import Foundation

/// A file for readers, which take paths; tools/fuzz starts the program in a folder that is in memory.
struct ScratchFile {
    let path: String

    /// Of this process.
    static let shared = ScratchFile("file-\(getpid())")

    init(_ path: String) { self.path = path }

    /// The path, after the file was made to hold just these bytes.
    func path(holding bytes: Slice<UnsafeRawBufferPointer>) -> String {
        path(holding: UnsafeRawBufferPointer(rebasing: bytes))
    }

    /// The path, after the file was made to hold just these bytes.
    func path(holding bytes: UnsafeRawBufferPointer) -> String {
        guard let file = fopen(path, "wb") else { fatalError("\(path) cannot be written") }
        defer { fclose(file) }
        guard fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count else { fatalError("\(path) is full") }
        return path
    }

    func remove() { unlink(path) }
}
