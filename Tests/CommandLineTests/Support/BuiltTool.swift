import Foundation
import TestSupport
import Testing

/// One of our commands as it was built with these tests.
struct BuiltTool {
    let name: String

    /// What a run left behind.
    struct Outcome {
        let code: Int32
        let output: String
        let error: String

        /// Standard output as a JSON object.
        func object() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any], "\(output)")
        }

        /// The number behind the first key of that name on standard output, to the last bit (which
        /// `JSONSerialization` may lose).
        func number(_ key: String) throws -> Double {
            let line = try #require(output.split(separator: "\n").first { $0.contains("\"\(key)\": ") }, "no \(key)")
            let text = line.split(separator: ":").last.map { $0.filter { $0 != " " && $0 != "," } } ?? ""
            return try #require(Double(text), "\(line)")
        }
    }

    static let trialgen = BuiltTool(name: "trialgen")
    static let trialmerge = BuiltTool(name: "trialmerge")

    /// The built tools stand beside the bundle of the tests.
    var url: URL {
        let tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments.first ?? "")
        return tests.deletingLastPathComponent().appending(path: name)
    }

    /// Runs the tool to its end.
    ///
    /// Output that it writes is caught in files of a folder of its own, since a pipe that nobody reads fills up.
    ///
    /// - Parameters:
    ///   - folder: where it runs.
    ///   - shell: a line for `sh` in which "$@" stands for the command, to give it limits or another standard output.
    func run(_ arguments: [String], in folder: String? = nil, shell: String = "exec \"$@\"") throws -> Outcome {
        let caught = FileManager.default.temporaryDirectory.appending(path: "caught-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: caught, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: caught) }
        let files = ["output", "error"].map { caught.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        let handles = try files.map { try FileHandle(forWritingTo: $0) }

        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", shell, "sh", url.path] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handles[0]
        process.standardError = handles[1]
        try process.start()
        process.waitUntilExit()
        for handle in handles { try handle.close() }
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        // A process that a signal ends has the code that a shell would give it, and so none of ours.
        let code = process.terminationStatus + (process.terminationReason == .exit ? 0 : 128)
        return Outcome(code: code, output: texts[0], error: texts[1])
    }

    func run(_ arguments: String..., in folder: String? = nil) throws -> Outcome {
        try run(arguments, in: folder)
    }
}

extension BuiltTool {
    /// Runs a command that must end with an exit code.
    @discardableResult
    func require(_ arguments: [String], code: Int32 = 0, in folder: String) throws -> Outcome {
        let outcome = try run(arguments, in: folder)
        try #require(outcome.code == code, "\(arguments): \(outcome.error)")
        return outcome
    }

    /// The digest of the table into which chunks are merged, as `merged.h5`.
    static func tableDigest(of chunks: [String], _ options: [String] = [], in folder: String) throws -> String {
        let merged = try trialmerge.require(
            ["merge", "-o", "merged.h5", "--replace", "--json"] + options + chunks, in: folder)
        return try #require(try merged.object()["table_sha256"] as? String)
    }
}
