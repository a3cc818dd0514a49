import Foundation
import TestSupport
import Testing

@Suite("tools/torture")
struct TortureTests {
    /// A few kills, to know that the tool works; docs/reliability.md has what a thousand showed.
    @Test("Kills cost nothing that was safe", arguments: ["source", "catalogue"])
    func fewKills(search: String) throws {
        let repository = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        let bin = BuiltTool.trialgen.url.deletingLastPathComponent().path
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: String(repository.dropFirst()) + "/tools/torture")
        process.arguments = [
            "--kills", "15", "--trials", "3000", "--bin", bin, "--folder", NSTemporaryDirectory(), "--search", search,
        ]
        process.standardOutput = output
        try process.start()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("killed 15 processes") && text.contains("lost 0, doubled 0, differs 0"), "\(text)")
    }
}
