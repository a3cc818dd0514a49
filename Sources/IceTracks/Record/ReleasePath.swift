import Diagnostics

/// The path of a file inside a release folder, from a dataset or an archive: it cannot lead outside.
package struct ReleasePath: Hashable, Sendable, CustomStringConvertible {
    /// Such as `events/IC40_exp.csv`.
    package let description: String

    /// The longest accepted path, in bytes; every file system supports it.
    package static let longest = 200

    /// - Throws: a `Fault` of kind badData that names the archive or server, and what is wrong with the path.
    package init(_ path: String, from origin: String) throws(Fault) {
        if let problem = Self.problem(path) {
            throw Fault(
                .badData, at: .file(origin), "the file name \(quotedForMessage(path)) \(problem)",
                remedy: "do not use this source; nothing was unpacked"
            )
        }
        description = path
    }

    /// The last component.
    package var name: String { description.split(separator: "/").last.map(String.init) ?? description }

    /// The folders above the file, outermost first.
    package var folders: [String] { description.split(separator: "/").dropLast().map(String.init) }

    /// The path without outermost folders, if it begins with them.
    package func dropping(_ prefix: String) -> String {
        description.hasPrefix(prefix) ? String(description.dropFirst(prefix.count)) : description
    }

    /// Why a path is invalid; nil for a valid one.
    private static func problem(_ path: String) -> String? {
        guard !path.isEmpty else { return "is empty" }
        guard path.utf8.count <= longest else { return "is longer than \(longest) bytes" }
        // Including characters that a program receiving the name could interpret as a pattern.
        guard path.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && !"\\:*?\"<>|[]^".utf8.contains($0) }) else {
            return "has characters that file names of a release do not have"
        }
        if path.hasPrefix("/") { return "is an absolute path" }
        for component in path.split(separator: "/", omittingEmptySubsequences: false) {
            if component == ".." { return "leads out of the release's folder" }
            if component.isEmpty || component.hasPrefix(".") || component.hasPrefix("-") {
                return "has a component that is empty or begins with a dot or a dash"
            }
        }
        return nil
    }
}

/// A text in quotation marks for a message: at most 100 characters, with unprintable characters replaced.
package func quotedForMessage(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(100).map { scalar in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : String(scalar)
    }
    return "\"" + shown.joined() + (text.unicodeScalars.count > 100 ? "…" : "") + "\""
}
