import Foundation

/// The files that these tests were built from.
enum Repository {
    /// A file or folder of the repository, by its path in it.
    static func file(_ path: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../\(path)").standardizedFileURL
    }
}
