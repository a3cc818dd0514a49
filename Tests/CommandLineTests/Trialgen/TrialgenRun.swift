import Foundation
import Testing

/// One run of the built `trialgen`: what it printed and how it ended.
struct TrialgenRun {
    let status: Int32
    let output: String
    let errors: String

    /// Runs the command and waits for its end.
    ///
    /// - Parameters:
    ///   - shell: a line for `sh` in which "$@" stands for the command, to give it limits or another standard output.
    init(_ arguments: [String], in folder: String, shell: String = "exec \"$@\"") throws {
        let scratch = folder + "/." + UUID().uuidString
        let (outputPath, errorPath) = (scratch + ".out", scratch + ".err")
        defer { for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) } }
        for path in [outputPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }

        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", shell, "sh", try Self.executable()] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errorPath))
        try process.run()
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        output = try String(contentsOfFile: outputPath, encoding: .utf8)
        errors = try String(contentsOfFile: errorPath, encoding: .utf8)
    }

    /// The built command: it lies beside the test bundle, or in the package's build folder.
    private static func executable() throws -> String {
        var folders = [Bundle.main.bundlePath, (CommandLine.arguments[0] as NSString).deletingLastPathComponent]
        if let own = Bundle.main.executablePath { folders.append((own as NSString).deletingLastPathComponent) }
        var package = URL(filePath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        folders += ["debug", "release"].map { package.appending(path: ".build/\($0)").path }
        let candidates = folders.map { $0 + "/trialgen" }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
            "trialgen is not built; looked for \(candidates.joined(separator: ", "))")
    }

    /// The number behind the first key of that name on standard output, to the last bit (which `JSONSerialization`
    /// may lose).
    func number(_ key: String) throws -> Double {
        let line = try #require(output.split(separator: "\n").first { $0.contains("\"\(key)\": ") }, "no \(key)")
        let text = line.split(separator: ":").last.map { $0.filter { $0 != " " && $0 != "," } } ?? ""
        return try #require(Double(text), "\(line)")
    }

    /// The JSON object on standard output.
    var json: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any])
        }
    }
}
