import Diagnostics
import IceTracks

/// The contents of a zip archive, as listed by `unzip -Z -s -T`.
///
/// One line per entry: type and permissions, version, system, size in bytes, kind (capital if encrypted), method, time,
/// and the name, which is the rest of the line (zipinfo(1)).
struct ZipListing: Sendable, Equatable {
    struct File: Sendable, Equatable {
        let path: ReleasePath
        /// As stated by the archive.
        let byteCount: Int
    }

    let files: [File]

    /// Bytes of all files, as stated by the archive.
    var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// Checks a listing before anything is unpacked.
    ///
    /// - Parameter archive: the archive's path, for messages.
    /// - Throws: a `Fault` of kind badData that names the archive and the entry: a path that leads out of the folder, a
    ///   link, a device, an encrypted file, a duplicate name or one that is both file and folder, sizes beyond those of
    ///   any release, an invalid line.
    init(parsing text: some Sequence<UInt8>, of archive: String) throws(Fault) {
        var files: [File] = []
        var total = 0
        var names: Set<String> = []
        var folders: Set<String> = []
        func refuse(_ problem: String) -> Fault {
            Fault(.badData, at: .file(archive), problem, remedy: "do not use this archive; nothing was unpacked")
        }
        for line in Array(text).split(separator: UInt8(ascii: "\n")) {
            let (fields, name) = Self.split(line)
            guard fields.count == 7, let type = fields[0].first, let byteCount = Int(fields[3]), byteCount >= 0 else {
                throw refuse("\(quotedForMessage(String(decoding: line, as: UTF8.self))) is not a valid entry")
            }
            let shown = quotedForMessage(name)
            switch type {
            case "d":
                var path = name
                while path.hasSuffix("/") { path.removeLast() }
                folders.insert(try ReleasePath(path, from: archive).description)
                continue
            case "-", "?": break
            case "l": throw refuse("\(shown) is a link")
            default: throw refuse("\(shown) is neither file nor folder")
            }
            let path = try ReleasePath(name, from: archive)
            guard fields[4].first?.isLowercase == true else { throw refuse("\(shown) is encrypted") }
            guard names.insert(path.description).inserted else { throw refuse("\(shown) is listed twice") }
            total += min(byteCount, DatasetListing.largestRelease)
            guard byteCount <= DatasetListing.largestFile else {
                throw refuse("\(shown) has \(byteCount) bytes, more than any file of a release has")
            }
            guard total <= DatasetListing.largestRelease else {
                throw refuse(
                    "its files have more than \(DatasetListing.largestRelease) bytes in total, more than any release has"
                )
            }
            guard files.count < DatasetListing.largestCount else {
                throw refuse("it contains more than \(DatasetListing.largestCount) files, more than any release has")
            }
            files.append(File(path: path, byteCount: byteCount))
        }
        for file in files {
            var folder = ""
            for component in file.path.folders {
                folder += (folder.isEmpty ? "" : "/") + component
                folders.insert(folder)
            }
        }
        if let both = files.first(where: { folders.contains($0.path.description) }) {
            throw refuse("\"\(both.path)\" is both a file and a folder")
        }
        self.files = files
    }

    /// The seven fields before the name, and the name.
    private static func split(_ line: ArraySlice<UInt8>) -> (fields: [String], name: String) {
        var fields: [String] = []
        var rest = line
        while fields.count < 7 {
            rest = rest.drop { $0 == UInt8(ascii: " ") }
            let field = rest.prefix { $0 != UInt8(ascii: " ") }
            if field.isEmpty { break }
            fields.append(String(decoding: field, as: UTF8.self))
            rest = rest.dropFirst(field.count)
        }
        return (fields, String(decoding: rest.dropFirst(), as: UTF8.self))
    }
}
