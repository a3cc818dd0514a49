import Diagnostics
import Files
import Foundation

/// The checksums of a downloaded release: a file in its folder with the checksum of every other file, which
/// `md5sum --check` understands as well.
struct ReleaseRecord: Sendable, Equatable {
    /// The file's name in the release's folder.
    static let fileName = "trialgen.checksums"

    /// The origin of the release: sample, identifier, version.
    let origin: String
    /// The requested files, as patterns; empty if all were requested.
    let patterns: [String]
    let entries: [Entry]

    struct Entry: Sendable, Equatable {
        let path: ReleasePath
        let checksum: Checksum
    }

    private static let originMark = "# trialgen fetch: "
    private static let patternMark = "# only files that match: "

    /// Comments, one for each pattern, then a line per file: `MD5 (events/IC40_exp.csv) =
    /// d41d8cd98f00b204e9800998ecf8427e`.
    var text: String {
        var lines = [Self.originMark + origin]
        lines += patterns.map { Self.patternMark + $0 }
        lines += entries.map { "\($0.checksum.algorithm.tag) (\($0.path)) = \($0.checksum.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    init(origin: String, patterns: [String], entries: [Entry]) {
        self.origin = origin
        self.patterns = patterns
        self.entries = entries
    }

    /// Reads a record.
    ///
    /// - Parameter file: its path, for messages.
    /// - Throws: a `Fault` of kind badData that names the line.
    init(parsing text: String, file: String) throws(Fault) {
        var (origin, patterns, entries) = ("", [String](), [Entry]())
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            if line.hasPrefix(Self.originMark) {
                origin = String(line.dropFirst(Self.originMark.count))
            } else if line.hasPrefix(Self.patternMark) {
                patterns.append(String(line.dropFirst(Self.patternMark.count)))
            } else if !line.hasPrefix("#") {
                guard let entry = try Self.entry(line, file) else {
                    throw Fault(
                        .badData, at: .line(file: file, line: index + 1),
                        "\(quotedForMessage(String(line))) is not a checksum",
                        remedy: "remove this file and fetch the release again: existing files are kept")
                }
                entries.append(entry)
            }
        }
        self.init(origin: origin, patterns: patterns, entries: entries)
    }

    private static func entry(_ line: Substring, _ file: String) throws(Fault) -> Entry? {
        guard let open = line.range(of: " ("), let close = line.range(of: ") = ", options: .backwards),
            open.upperBound <= close.lowerBound,
            let algorithm = Checksum.Algorithm.allCases.first(where: { $0.tag == line[..<open.lowerBound] }),
            let checksum = Checksum(algorithm, String(line[close.upperBound...]))
        else { return nil }
        return Entry(
            path: try ReleasePath(String(line[open.upperBound..<close.lowerBound]), from: file), checksum: checksum)
    }

    /// The record of a release's folder; nil if it has none.
    ///
    /// - Throws: a `Fault` if it cannot be read or understood.
    static func read(in folder: String) throws -> ReleaseRecord? {
        let path = "\(folder)/\(fileName)"
        guard exists(path) else { return nil }
        let file = try OpenFile(path)
        let bytes = try file.read(min(Int(try file.length), 1 << 24), at: 0)
        return try ReleaseRecord(parsing: String(decoding: bytes, as: UTF8.self), file: path)
    }
}
