import Foundation

/// What `body` makes of a file with the given contents, which is removed afterwards.
func withScratchFile<Result>(_ contents: String, _ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString)").path
    try Data(contents.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}
