import Foundation

/// A temporary folder for one test. It is removed with everything in it when the last reference goes.
public final class ScratchFolder: Sendable {
    public let path: String

    public init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "trialgen-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    /// A folder for all tests of a process. A static is never released, so this one is removed when the process ends.
    public static func untilExit() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        FoldersToRemove.add(folder.path)
        return folder
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in the folder, whether it exists or not.
    public func file(_ name: String) -> String { path + "/" + name }

    /// The names of what the folder holds, in order.
    public var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    /// Writes a text file and the folders above it; returns its path.
    @discardableResult
    public func write(_ text: String, to name: String = "table.csv") throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes a file and the folders above it; returns its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String = "table.csv") throws -> String {
        let url = URL(filePath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }
}

/// Calls `body` with a temporary folder; removes it afterwards.
public func withScratchFolder<Result>(_ body: (ScratchFolder) throws -> Result) throws -> Result {
    let folder = try ScratchFolder()
    return try withExtendedLifetime(folder) { try body(folder) }
}

/// Calls `body` with the path of a temporary file that has the given contents; removes the file afterwards.
public func withScratchFile<Result>(_ contents: String, _ body: (String) throws -> Result) throws -> Result {
    try withScratchFolder { try body($0.write(contents, to: "file")) }
}

/// Removes folders when the process ends.
private enum FoldersToRemove {
    nonisolated(unsafe) private static var paths: [String] = []
    private static let lock = NSLock()

    static func add(_ path: String) {
        lock.withLock {
            if paths.isEmpty { atexit { FoldersToRemove.removeAll() } }
            paths.append(path)
        }
    }

    private static func removeAll() {
        for path in lock.withLock({ paths }) { try? FileManager.default.removeItem(atPath: path) }
    }
}
