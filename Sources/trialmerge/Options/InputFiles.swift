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
            let names = try systemCall(.reading, path) { () throws(SystemFailure) in
                guard access(path, R_OK | X_OK) == 0 else { throw .last }
                return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            }
            paths += names.filter { $0.hasSuffix(ChunkName.fileExtension) }.sorted().map { "\(path)/\($0)" }
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
        // An editor of another system may have written the list.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
        }
        if let line = lines.firstIndex(where: { $0.contains(0) }) {
            throw Fault(
                .badData, at: .line(file: filesFrom, line: line + 1), "the line contains a NUL character",
                remedy: "give a text with the name of one file per line")
        }
        return lines.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The list, as a file that no output may replace.
    var lists: [String] { [filesFrom].compactMap { $0 == "-" ? nil : $0 } }

    /// The fault of a command that has no file to read.
    func noFiles(example: String) -> Fault {
        let empty =
            files.first.map { ($0, "is a folder without files *\(ChunkName.fileExtension)") }
            ?? filesFrom.map { ($0, "lists no file") }
        guard let (place, problem) = empty else { return TrialInputs.noFiles(example: example) }
        return Fault(.missingInput, at: .file(place), problem, remedy: "give files of trials, as in \(example)")
    }
}
