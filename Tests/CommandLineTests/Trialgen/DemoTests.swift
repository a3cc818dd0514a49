import Foundation
import Testing

@Suite("trialgen demo")
struct DemoTests {
    private let folder: String

    init() throws { folder = try ToyFolder.shared.get().scratch() }

    private func demo(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(["demo"] + arguments, in: folder)
    }

    @Test("From nothing to a report, twice: the second run makes no trial again")
    func demonstration() throws {
        let options = ["--output", "here", "--trials", "400", "--scale", "0.004", "--threads", "2"]
        let first = try BuiltTool.trialgen.run(["demo"] + options, in: folder)
        try #require(first.code == 0, "\(first.error)")
        for line in [
            "$ cd here", "$ trialgen toy --output . --seed 7 --scale 0.004",
            "$ trialgen unblind --config analysis.yaml",
            "$ trialgen run --config analysis.yaml --threads 2", "$ trialmerge discovery trials.h5 --sigma 5",
            "weighted threshold, monotone interpolation", "== Next",
        ] {
            #expect(first.output.contains("\n\(line)\n") || first.output.hasPrefix("\(line)\n"), "\(line)")
        }
        // What the demonstration itself prints fits a terminal.
        let settings = try String(contentsOfFile: "\(folder)/here/analysis.yaml", encoding: .utf8)
        #expect(settings.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(first.output.split(separator: "\n").allSatisfy { !$0.hasPrefix("$ ") || $0.count <= 80 })
        let page = "\(folder)/here/report.html"
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("5σ discovery"))
        try FileManager.default.removeItem(atPath: page)
        let second = try BuiltTool.trialgen.run(["demo"] + options, in: folder)
        #expect(second.code == 0 && FileManager.default.fileExists(atPath: page), "\(second.error)")
        #expect(!second.output.contains("$ trialgen toy"))
        #expect(second.output.contains(#/0–399 +400 +0 /#))
        // The commands that it proposes are commands.
        let next = second.output.components(separatedBy: "== Next")[1]
        let proposed = next.split(separator: "\n").filter { $0.hasPrefix("$ ") }
        #expect(proposed.count >= 4)
        for command in proposed where !command.contains("fetch") {
            let run = try ConsoleSession.shell(
                String(command.dropFirst(2)).replacing("sensitivity", with: "sensitivity --sigma 3 --target 0.9"),
                in: folder + "/here")
            #expect(run.code == 0, "\(command): \(run.error)")
        }
    }

    @Test func faults() throws {
        try "mine".write(toFile: folder + "/mine.txt", atomically: false, encoding: .utf8)
        let foreign = try demo("--output", folder)
        #expect(foreign.code == 73 && foreign.error.contains("has other files than those of a demonstration"))
        let few = try demo("--trials", "3")
        #expect(few.code == 64 && few.error.contains("--trials: 3 is not a valid number"), "\(few.error)")
        let scale = try demo("--output", "new", "--scale", "-1")
        #expect(scale.code == 64 && scale.error.contains("trialgen toy failed with exit code 64"), "\(scale.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["mine.txt", "new"])
    }
}
