import Diagnostics
import Digests
import Files
import Foundation

/// The checksums of a release: a file in its folder with the checksum of every other, which `md5sum --check` (for a toy:
/// `sha256sum --check`) understands as well.
package struct ReleaseRecord: Sendable, Equatable {
    /// The file's name in the release's folder.
    package static let fileName = "trialgen.checksums"

    /// The command that wrote the release.
    package enum Maker: String, Sendable, CaseIterable {
        case fetch, toy

        fileprivate var mark: String { "# trialgen \(rawValue): " }
    }

    package let maker: Maker
    /// The origin of the release: sample, identifier, version. Empty if the record does not say.
    package let origin: String
    /// The requested files, as patterns; empty if all were requested.
    package let patterns: [String]
    package let entries: [Entry]

    package struct Entry: Sendable, Equatable {
        package let path: ReleasePath
        /// The sum that the release's server states.
        package let checksum: Checksum
        /// SHA-256 of the same bytes, which every read computes: 64 lower-case hexadecimal digits; nil in records of earlier
        /// versions.
        package let sha256: String?

        package init(path: ReleasePath, checksum: Checksum, sha256: String? = nil) {
            self.path = path
            self.checksum = checksum
            self.sha256 = checksum.algorithm == .sha256 ? checksum.value : sha256
        }
    }

    private static let patternMark = "# only files that match: "
    /// A comment for `md5sum`, since that refuses other sums.
    private static let digestMark = "# SHA256 ("

    /// Comments, one for each pattern, then for each file a line `MD5 (events/IC40_exp.csv) = d41d8cd98f00b204e9800998ecf8427e`
    /// and, if that is not a SHA-256, a comment with the SHA-256.
    package var text: String {
        var lines = [maker.mark + origin]
        lines += patterns.map { Self.patternMark + $0 }
        for entry in entries {
            lines.append("\(entry.checksum.algorithm.tag) (\(entry.path)) = \(entry.checksum.value)")
            guard entry.checksum.algorithm != .sha256, let sha256 = entry.sha256 else { continue }
            lines.append("\(Self.digestMark)\(entry.path)) = \(sha256)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    package init(maker: Maker = .fetch, origin: String, patterns: [String] = [], entries: [Entry]) {
        self.maker = maker
        self.origin = origin
        self.patterns = patterns
        self.entries = entries
    }
}

extension ReleaseRecord {
    /// Whether a file's path or name matches a shell pattern.
    package static func matches(_ pattern: String, _ file: String) -> Bool {
        fnmatch(pattern, file, 0) == 0 || fnmatch(pattern, String(file.split(separator: "/").last ?? ""), 0) == 0
    }

    /// Whether a file of the release must be in the record: all must, or those that match the patterns.
    package func covers(_ file: String) -> Bool {
        patterns.isEmpty || patterns.contains { Self.matches($0, file) }
    }

    /// Files that the record should list but does not; the record was then cut or edited.
    ///
    /// - Parameter expected: the files that the catalogue knows of the release.
    package func unlisted(of expected: [String]) -> [String] {
        let listed = Set(entries.map(\.path.description))
        return expected.filter { covers($0) && !listed.contains($0) }
    }

    /// The same record with the SHA-256 of all files as they are now.
    ///
    /// - Parameter place: where a file is.
    package func withDigests(_ place: (ReleasePath) -> String) throws -> ReleaseRecord {
        let entries = try entries.map { entry in
            guard entry.checksum.algorithm != .sha256 else { return entry }
            return Entry(
                path: entry.path, checksum: entry.checksum,
                sha256: try Checksum.hexadecimal(of: place(entry.path), .sha256))
        }
        return ReleaseRecord(maker: maker, origin: origin, patterns: patterns, entries: entries)
    }
}

extension ReleaseRecord.Entry {
    /// The entry of a file, from all its bytes.
    package init(path: String, contents: [UInt8]) throws(Fault) {
        guard let checksum = Checksum(.sha256, SHA256.hash(contents).hexadecimal) else {
            throw Fault(.badData, at: .file(path), "has no checksum", remedy: "report this: it should not happen")
        }
        self.init(path: try ReleasePath(path, from: ReleaseRecord.fileName), checksum: checksum)
    }
}

extension ReleaseRecord {
    /// Reads a record.
    ///
    /// - Parameter file: its path, for messages.
    /// - Throws: a `Fault` of kind badData that names the line: one that is not a checksum, a path that leads out of the
    ///   release, a file that is listed twice, a SHA-256 of a file that is not listed.
    package init(parsing text: String, file: String) throws(Fault) {
        var (maker, origin, patterns, entries) = (Maker.fetch, "", [String](), [Entry]())
        var places: [String: Int] = [:]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.isEmpty {
            func fault(_ problem: String) -> Fault {
                Fault(
                    .badData, at: .line(file: file, line: index + 1), "\(quotedForMessage(String(line))) \(problem)",
                    remedy: "remove this file and fetch the release again: existing files are kept")
            }
            if let mark = Maker.allCases.first(where: { line.hasPrefix($0.mark) }) {
                (maker, origin) = (mark, String(line.dropFirst(mark.mark.count)))
            } else if line.hasPrefix(Self.patternMark) {
                patterns.append(String(line.dropFirst(Self.patternMark.count)))
            } else if line.hasPrefix(Self.digestMark) {
                guard let digest = Self.entry(line.dropFirst(2)) else { throw fault("is not a checksum") }
                guard let place = places[digest.path.description], entries[place].sha256 == nil else {
                    throw fault("belongs to no listed file")
                }
                entries[place] = Entry(
                    path: digest.path, checksum: entries[place].checksum, sha256: digest.checksum.value)
            } else if !line.hasPrefix("#") {
                guard let entry = Self.entry(line) else { throw fault("is not a checksum") }
                guard places.updateValue(entries.count, forKey: entry.path.description) == nil else {
                    throw fault("lists a file for the second time")
                }
                entries.append(entry)
            }
        }
        self.init(maker: maker, origin: origin, patterns: patterns, entries: entries)
    }

    /// Nil for a line that is not a checksum of a file in the release.
    private static func entry(_ line: Substring) -> Entry? {
        guard let open = line.range(of: " ("), let close = line.range(of: ") = ", options: .backwards),
            open.upperBound <= close.lowerBound,
            let algorithm = Checksum.Algorithm.allCases.first(where: { $0.tag == line[..<open.lowerBound] }),
            let checksum = Checksum(algorithm, String(line[close.upperBound...])),
            let path = try? ReleasePath(String(line[open.upperBound..<close.lowerBound]), from: fileName)
        else { return nil }
        return Entry(path: path, checksum: checksum)
    }

    /// The record of a release's folder; nil if it has none.
    ///
    /// - Throws: a `Fault` if it cannot be read or understood.
    package static func read(in folder: String) throws(Fault) -> ReleaseRecord? {
        let path = "\(folder)/\(fileName)"
        guard exists(path) else { return nil }
        let file = try OpenFile(path)
        let bytes = try file.read(min(Int(try file.length), 1 << 24), at: 0)
        return try ReleaseRecord(parsing: String(decoding: bytes, as: UTF8.self), file: path)
    }
}
