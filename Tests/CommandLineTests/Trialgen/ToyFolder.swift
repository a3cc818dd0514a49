import Foundation
import TestSupport
import Testing

/// A folder with one small toy release, made by the command itself; everything in it is shared by all tests but for
/// what `scratch()` hands out.
final class ToyFolder: Sendable {
    private let folder: ScratchFolder
    var path: String { folder.path }
    /// The release's folder.
    let release: String

    static let shared = Result { try ToyFolder() }

    private init() throws {
        folder = try ScratchFolder.untilExit()
        release = folder.file("icecube_14year_ps_v2")
        let toy = try BuiltTool.trialgen.run(
            ["toy", "--output", folder.path, "--scale", "0.004", "--bins", "4"], in: folder.path)
        try #require(toy.code == 0, "\(toy.error)")
    }

    /// A new empty folder.
    func scratch() throws -> String {
        let folder = path + "/scratch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        return folder
    }

    /// A new folder with a configuration `c.yaml` of the smallest dataset.
    ///
    /// - Parameter campaign: the lines besides those of the data.
    func scratch(campaign: String) throws -> String {
        let folder = try scratch()
        try "data: \(release)\ndatasets: [IC40]\n\(campaign)".write(
            toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
        return folder
    }

    /// The options of an analysis of the smallest dataset.
    var source: [String] { ["--data", release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"] }

    /// A copy of the release, with its record of checksums.
    func copy() throws -> String {
        let copy = try scratch() + "/icecube_14year_ps_v2"
        try FileManager.default.copyItem(atPath: release, toPath: copy)
        return copy
    }

    /// A release without a record of checksums in which one file is changed; the others are links.
    ///
    /// - Parameter edit: takes the file's lines, the heading first.
    func release(changing file: String, _ edit: (inout [String]) -> Void) throws -> String {
        let copy = try scratch()
        for folder in ["events", "irfs", "uptime"] {
            try FileManager.default.createDirectory(atPath: "\(copy)/\(folder)", withIntermediateDirectories: false)
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(release)/\(folder)") {
                let path = "\(folder)/\(name)"
                if path == file { continue }
                try FileManager.default.createSymbolicLink(
                    atPath: "\(copy)/\(path)", withDestinationPath: "\(release)/\(path)")
            }
        }
        var lines = try String(contentsOfFile: "\(release)/\(file)", encoding: .utf8).split(separator: "\n").map(
            String.init)
        edit(&lines)
        try (lines.joined(separator: "\n") + "\n").write(toFile: "\(copy)/\(file)", atomically: false, encoding: .utf8)
        return copy
    }
}
