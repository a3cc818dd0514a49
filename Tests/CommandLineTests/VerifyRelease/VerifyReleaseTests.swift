import Foundation
import TestSupport
import Testing

/// tools/verify-release on the toy release, with numbers of that (toy-numbers.txt) in place of the published ones.
@Suite("tools/verify-release")
struct VerifyReleaseTests {
    private let toy: ToyFolder
    private let numbers: String

    init() throws {
        toy = try ToyFolder.shared.get()
        numbers = try String(
            contentsOf: Repository.file("Tests/CommandLineTests/VerifyRelease/toy-numbers.txt"), encoding: .utf8)
    }

    private func verify(_ folder: String, table: String) throws -> (code: Int32, output: String, error: String) {
        let scratch = try toy.scratch()
        try table.write(toFile: scratch + "/table.txt", atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = Repository.file("tools/verify-release").path
        process.arguments = [
            "python3", script, "--trialgen", BuiltTool.trialgen.url.path, "--table", scratch + "/table.txt", folder,
        ]
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.start()
        // Both are short: a pipe holds either.
        let texts = [output, error].map {
            String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }

    @Test("All numbers agree: 0, in the folder that holds the release and in the release itself")
    func agreement() throws {
        for folder in [toy.path, toy.release] {
            let run = try verify(folder, table: numbers)
            #expect(run.code == 0 && run.output.hasSuffix("\n6 of 6 numbers agree\n"), "\(run.output)\(run.error)")
            #expect(run.output.contains("IceTracks-DR1: not compared"))
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
        }
    }

    @Test("A number that is off by more than is allowed: 1, and FAIL stands beside it")
    func disagreement() throws {
        let wrong = numbers.replacing("| gamma | 2.45", with: "| gamma | 2.46")
        try #require(wrong != numbers)
        let run = try verify(toy.path, table: wrong)
        #expect(run.code == 1 && run.output.contains("5 of 6 numbers agree"), "\(run.output)\(run.error)")
        #expect(run.output.split(separator: "\n").filter { $0.hasSuffix("FAIL") }.count == 1)
    }

    @Test("What cannot be compared: a sentence and its code")
    func faults() throws {
        let cases: [(folder: String, table: String, code: Int32, text: String)] = [
            ("/nowhere", numbers, 66, "/nowhere: holds none of"),
            (toy.path, "IceTracks-DR2 | flux | x | 1\n", 65, "table.txt:1:"),
            (toy.path, "\nIceTracks-DR2 | flux | x | nan | 1\n", 65, "table.txt:2:"),
            (toy.path, "IceTracks-DR2 | flux --ra 1 --dec 2 | beauty | 1 | 1\n", 65, "no number \"beauty\""),
            (toy.path, "IceTracks-DR2 | flux --ra 1 | flux_per_event | 1 | 1\n", 64, "--dec"),
        ]
        for (folder, table, code, text) in cases {
            let run = try verify(folder, table: table)
            #expect(run.code == code && run.error.contains(text), "\(run.error)")
        }
    }
}
