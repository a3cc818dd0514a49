import Foundation
import Testing

/// A folder that a release is fetched into, and how to do it.
struct FetchFolder {
    let toy: ToyFolder
    let server: DataverseServer
    let path: String
    /// What tells this test's requests from others'.
    let token = UUID().uuidString

    /// The files that most tests fetch: one that the server keeps as it is, one that it converted.
    static let few = ["irfs/IC40_effectiveArea.csv", "uptime/IC40_exp.csv"]

    init() throws {
        toy = try ToyFolder.shared.get()
        server = try DataverseServer.shared.get()
        path = try toy.scratch()
    }

    var release: String { path + "/icecube_14year_ps_v2" }

    /// Whether anything stands under the release's name.
    var isPublished: Bool { FileManager.default.fileExists(atPath: release) }

    /// Runs `trialgen fetch IceTracks-DR2` without waiting between attempts.
    ///
    /// - Parameters:
    ///   - files: patterns; all files if empty.
    ///   - shell: as for `BuiltTool.run`.
    func fetch(
        _ scenario: String, files: [String] = few, _ more: [String] = [], shell: String = "exec \"$@\""
    ) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(arguments(scenario, files: files, more), in: path, shell: shell)
    }

    func arguments(_ scenario: String, files: [String] = few, _ more: [String] = []) -> [String] {
        var arguments = ["fetch", "IceTracks-DR2", "--into", path, "--retry-delay", "0", "--stall-timeout", "1"]
        if !more.contains("--server"), !more.contains("--from") {
            arguments += ["--server", server.address(scenario, token)]
        }
        return arguments + more + (files.isEmpty ? [] : ["--files"] + files)
    }

    /// Checks that the release holds these files, to the last byte, and no others.
    func expectFiles(_ files: [String], at location: SourceLocation = #_sourceLocation) throws {
        let found = FileManager.default.enumerator(atPath: release)?.compactMap { $0 as? String } ?? []
        let names = found.filter { $0.contains("/") }
        #expect(Set(names) == Set(files), sourceLocation: location)
        for file in files {
            let (ours, theirs) = try (contents("\(release)/\(file)"), contents("\(toy.release)/\(file)"))
            #expect(ours == theirs, "\(file)", sourceLocation: location)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".partial") }
        #expect(left.isEmpty, "what was under way is gone", sourceLocation: location)
    }

    private func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }
}
