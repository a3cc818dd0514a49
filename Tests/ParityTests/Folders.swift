import Foundation

/// Where the tests find and put their files.
enum Folders {
    /// Tests/ParityTests/Reference.
    static let reference = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Reference")

    /// ../shared of the package: the model, the oracle and the public data, which are not part of the repository.
    static let shared = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("../../../shared").standardizedFileURL

    static func exists(_ path: URL) -> Bool { FileManager.default.fileExists(atPath: path.path) }

    /// The references of a folder whose names begin in a given way, in order.
    static func references(in folder: URL, beginning prefix: String) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.sorted().map(
            folder.appendingPathComponent)
    }
}
