import ArgumentParser
import Diagnostics
import Files
import Foundation
import TrialStore

/// The chunks that a command reads: given one by one, as a folder, or in a list. The names of a campaign's 70,000
/// chunks do not fit on a command line.
struct InputFiles: ParsableArguments {
    @Argument(
        help: "Chunks and merged files, in any order; a folder stands for all files *.h5 in it.", completion: .file())
    var files: [String] = []

    @Option(
        help: ArgumentHelp("Read more names from this file, one per line; - is standard input.", valueName: "list"),
        completion: .file())
    var filesFrom: String?

    /// The files; those of a folder are sorted by name.
    ///
    /// - Throws: `Fault` (missing input) for a list or a folder that cannot be read.
    func paths() throws(Fault) -> [String] {
        var paths: [String] = []
        for path in files + (try listed()) {
            if !isFolder(path) {
                paths.append(path)
                continue
            }
            do {
                let names = try FileManager.default.contentsOfDirectory(atPath: path)
                paths += names.filter { $0.hasSuffix(ChunkName.fileExtension) }.sorted().map { "\(path)/\($0)" }
            } catch {
                throw Self.unreadable(path, error)
            }
        }
        return paths
    }

    private func listed() throws(Fault) -> [String] {
        guard let filesFrom else { return [] }
        let most = 256 << 20
        let bytes =
            filesFrom == "-"
            ? try OpenFile.standardInput(atMost: most, "a list of files")
            : try OpenFile.contents(of: filesFrom, atMost: most, "a list of files")
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func unreadable(_ path: String, _ error: any Error) -> Fault {
        Fault(
            .missingInput, at: .file(path), "cannot be read (\(error.localizedDescription))",
            remedy: "check the path and its permissions")
    }
}
