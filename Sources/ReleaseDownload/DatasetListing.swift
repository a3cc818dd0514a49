import Diagnostics
import Foundation
import IceTracks

/// The files of one version of a dataset, as listed by its Dataverse server.
///
/// The server's answer to `/api/datasets/:persistentId/versions/V` is an object whose `data.files` has an entry per
/// file; `/versions/V/files` has the same list as `data`. Both are accepted
/// (https://guides.dataverse.org/en/latest/api/native-api.html).
struct DatasetListing: Sendable, Equatable {
    struct File: Sendable, Equatable {
        let path: ReleasePath
        /// The number that identifies the file on the server.
        let identifier: Int64
        /// As stated by the server, which may be wrong for files that it converted; nil if not stated.
        let byteCount: Int?
        let checksum: Checksum
        /// Whether downloading requires permission.
        let isRestricted: Bool
    }

    let files: [File]

    /// The largest accepted file and release: several times those of the public releases.
    static let largestFile = 4 << 30
    static let largestRelease = 16 << 30
    static let largestCount = 5000

    /// Reads a server's answer.
    ///
    /// - Parameters:
    ///   - address: the source of the answer, for messages.
    ///   - expected: files that the release should have; folders that contain all of them are removed from the paths.
    /// - Throws: a `Fault` of kind badData that names the missing or invalid field.
    init(parsing json: [UInt8], from address: String, expected: [String]) throws(Fault) {
        let entries = try Self.entries(json, address)
        guard entries.count <= Self.largestCount else {
            throw Self.fault(address, "data.files has \(entries.count) entries, more than any release has")
        }
        var named: [(path: ReleasePath, entry: Entry)] = []
        for entry in entries { named.append((try ReleasePath(entry.path, from: address), entry)) }
        let prefix = commonFolder(of: named.map(\.path), expected: expected)
        var files: [File] = []
        var seen: Set<String> = []
        for (index, (path, entry)) in named.enumerated() {
            let inside = try ReleasePath(path.dropping(prefix), from: address)
            let field = "data.files[\(index)]"
            guard seen.insert(inside.description).inserted else {
                throw Self.fault(address, "\(field): the file \"\(inside)\" is listed twice")
            }
            files.append(
                File(
                    path: inside, identifier: entry.dataFile.id, byteCount: try entry.size(field, address),
                    checksum: try entry.checksum(field, address), isRestricted: entry.restricted ?? false))
        }
        let total = files.reduce(0) { $0 + ($1.byteCount ?? 0) }
        guard total <= Self.largestRelease else {
            throw Self.fault(address, "the files have \(total) bytes in total, more than any release has")
        }
        self.files = files
    }

    private static func entries(_ json: [UInt8], _ address: String) throws(Fault) -> [Entry] {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(json)).data.files
        } catch let error as DecodingError {
            // The answer of a portal, a proxy or a browser check instead of the server.
            if let first = json.first(where: { !" \t\r\n".utf8.contains($0) }), first == UInt8(ascii: "<") {
                throw Fault(
                    .badData, at: .file(address), "answered with a web page instead of the dataset's list of files",
                    remedy:
                        "open the address in a browser: a login page or a proxy may be the reason; a zip file "
                        + "downloaded there can be unpacked with --from FILE")
            }
            throw fault(address, error.place)
        } catch {
            throw fault(address, "the list of files cannot be read (\(error))")
        }
    }

    /// The version that a server's answer describes; nil if it names none.
    static func version(parsing json: [UInt8]) -> DatasetVersion? {
        struct Answer: Decodable {
            struct Description: Decodable {
                let versionNumber: Int
                let versionMinorNumber: Int?
            }
            let data: Description
        }
        guard let data = try? JSONDecoder().decode(Answer.self, from: Data(json)).data else { return nil }
        return DatasetVersion(major: data.versionNumber, minor: data.versionMinorNumber ?? 0)
    }

    private static func fault(_ address: String, _ problem: String) -> Fault {
        Fault(
            .badData, at: .file(address), problem,
            remedy: "try again later; if it fails again, the server's format has changed")
    }
}

extension DatasetListing {
    /// The parts of the answer that are needed.
    private struct Answer: Decodable {
        let data: Version
    }

    private struct Version: Decodable {
        let files: [Entry]

        private enum Key: CodingKey { case files }

        init(from decoder: any Decoder) throws {
            if (try? decoder.unkeyedContainer()) != nil {
                files = try [Entry](from: decoder)
            } else {
                files = try decoder.container(keyedBy: Key.self).decode([Entry].self, forKey: .files)
            }
        }
    }

    private struct Entry: Decodable {
        let label: String
        let directoryLabel: String?
        let restricted: Bool?
        let dataFile: DataFile

        /// Folder and name of the uploaded file.
        ///
        /// A table that the server converted has the extension `.tab`; with `format=original` the server sends the
        /// uploaded file. `originalFileName` alone is not sufficient: it does not change when a file is renamed.
        var path: String {
            var name = label
            if dataFile.isConverted, name.hasSuffix(".tab") {
                let original = (dataFile.originalFileName ?? "").split(separator: ".", omittingEmptySubsequences: false)
                name =
                    String(name.dropLast(4)) + "."
                    + (original.count > 1 ? original.last.map(String.init) ?? "csv" : "csv")
            }
            guard let directoryLabel, !directoryLabel.isEmpty else { return name }
            return directoryLabel + "/" + name
        }

        func size(_ field: String, _ address: String) throws(Fault) -> Int? {
            let count = dataFile.isConverted ? dataFile.originalFileSize : dataFile.filesize
            guard let count else { return nil }
            guard (0...Int64(DatasetListing.largestFile)).contains(count) else {
                throw fault(address, "\(field): \(count) is not a valid file size")
            }
            return Int(count)
        }

        func checksum(_ field: String, _ address: String) throws(Fault) -> Checksum {
            let (name, value) = (dataFile.checksum?.type ?? "MD5", dataFile.checksum?.value ?? dataFile.md5)
            guard let value else { throw fault(address, "\(field).dataFile: the checksum is missing") }
            guard let algorithm = Checksum.Algorithm(rawValue: name), let checksum = Checksum(algorithm, value) else {
                throw fault(
                    address,
                    "\(field).dataFile: \(quotedForMessage(value)) is not a checksum of the kind \(quotedForMessage(name))"
                )
            }
            return checksum
        }
    }

    private struct DataFile: Decodable {
        struct Sum: Decodable {
            let type: String
            let value: String
        }

        let id: Int64
        let filesize: Int64?
        let md5: String?
        let checksum: Sum?
        let originalFileName: String?
        let originalFileFormat: String?
        let originalFileSize: Int64?

        /// Whether the server stores the table in its own form besides the original.
        var isConverted: Bool { originalFileFormat != nil || originalFileName != nil }
    }
}

extension DecodingError {
    /// The place of the error, and what is wrong: "data.files[3].dataFile.id: …".
    fileprivate var place: String {
        func path(_ context: Context) -> String {
            var path = ""
            for key in context.codingPath {
                path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? key.stringValue : ".\(key.stringValue)")
            }
            return path.isEmpty ? "the answer" : path
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(path(context)) lacks \"\(key.stringValue)\""
        case .typeMismatch(_, let context): return "\(path(context)) is of another type than expected"
        case .valueNotFound(_, let context): return "\(path(context)) is null"
        case .dataCorrupted: return "the answer is not valid JSON, or ends early"
        @unknown default: return "the answer cannot be read"
        }
    }
}
