import Foundation
import TestSupport
import Testing

/// The server of dataverse.py, started once for all tests; it ends with this process.
final class DataverseServer: Sendable {
    let port: Int
    /// Kept open: the server ends when it closes.
    private let input: Pipe

    static let shared = Result { try DataverseServer(release: try ToyFolder.shared.get().release) }

    private init(release: String) throws {
        let script = Repository.file("Tests/CommandLineTests/Fetch/dataverse.py").path
        let process = Process()
        // Debian's own starts at once, which one that a user's shims stand before does not.
        let systems = "/usr/bin/python3"
        let python = FileManager.default.isExecutableFile(atPath: systems) ? systems : "/usr/bin/env"
        process.executableURL = URL(filePath: python)
        process.arguments = (python == systems ? [] : ["python3"]) + [script, release]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.start()
        self.input = input
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let piece = output.fileHandleForReading.availableData
            try #require(!piece.isEmpty, "the server did not start; is python3 installed?")
            line += piece
        }
        port = try #require(Int(String(decoding: line.dropLast(), as: UTF8.self)))
    }

    /// The address of a server that misbehaves in a certain way.
    func address(_ scenario: String, _ token: String) -> String { "http://127.0.0.1:\(port)/\(scenario)/\(token)" }

    /// What was asked under a token, a line "PATH RANGE" for each request.
    func requests(_ token: String) throws -> [String] {
        try ask("/log/\(token)").split(separator: "\n").map(String.init)
    }

    /// Lets a server go on that holds a file back.
    func go(_ token: String) throws { _ = try ask("/go/\(token)") }

    private func ask(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "--silent", "http://127.0.0.1:\(port)\(path)"]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        try process.start()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
