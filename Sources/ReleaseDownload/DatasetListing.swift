import Diagnostics
import Foundation
import IceTracks

/// The files of one version of a dataset, as its Dataverse server lists them.
///
/// The server's answer to `/api/datasets/:persistentId/versions/V` is an object whose `data.files` has an entry a file;
/// `/versions/V/files` has the same list as `data`. Either is understood
/// (https://guides.dataverse.org/en/latest/api/native-api.html).
struct DatasetListing: Sendable, Equatable {
    struct File: Sendable, Equatable {
        let path: ReleasePath
        /// The number by which the server hands the file out.
        let identifier: Int64
        /// As the server states it, which need not be so for files that it converted; nil if it does not say.
        let byteCount: Int?
        let checksum: Checksum
        /// Whether only people with permission get it.
        let isRestricted: Bool
    }

    let files: [File]

    /// Largest file and largest release that are accepted: several times what the public releases have.
    static let largestFile = 4 << 30
    static let largestRelease = 16 << 30
    static let largestCount = 5000

    /// Reads a server's answer.
    ///
    /// - Parameters:
    ///   - address: where the answer came from, for messages.
    ///   - expected: files that the release should have; folders around all of them are left out of the paths.
    /// - Throws: a `Fault` of kind badData that names the field that is missing or says what cannot be.
    init(parsing json: [UInt8], from address: String, expected: [String]) throws(Fault) {
        let entries = try Self.entries(json, address)
        guard entries.count <= Self.largestCount else {
            throw Self.fault(address, "data.files has \(entries.count) entries, more than any release")
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
            throw Self.fault(address, "the files have \(total) bytes in all, more than any release")
        }
        self.files = files
    }

    private static func entries(_ json: [UInt8], _ address: String) throws(Fault) -> [Entry] {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(json)).data.files
        } catch let error as DecodingError {
            // What a portal, a proxy or a challenge to browsers answers in the server's place.
            if let first = json.first(where: { !" \t\r\n".utf8.contains($0) }), first == UInt8(ascii: "<") {
                throw Fault(
                    .badData, at: .file(address), "answered with a web page instead of the dataset's list of files",
                    remedy:
                        "open the address in a browser: a login page or a proxy may stand in between; a zip that was "
                        + "downloaded there is unpacked by --from FILE")
            }
            throw fault(address, error.place)
        } catch {
            throw fault(address, "the list of files cannot be read (\(error))")
        }
    }

    private static func fault(_ address: String, _ problem: String) -> Fault {
        Fault(
            .badData, at: .file(address), problem,
            remedy: "try again later; if it stays so, the server's format has changed")
    }
}

extension DatasetListing {
    /// What stands in the answer, as far as we need it.
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

        /// Folder and name of the file that was uploaded.
        ///
        /// A table that the server converted goes by its name with `.tab`; with `format=original` the server hands out
        /// what was uploaded. `originalFileName` alone will not do: it is not changed when a file is renamed.
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
                throw fault(address, "\(field): \(count) is no size of a file of a release")
            }
            return Int(count)
        }

        func checksum(_ field: String, _ address: String) throws(Fault) -> Checksum {
            let (name, value) = (dataFile.checksum?.type ?? "MD5", dataFile.checksum?.value ?? dataFile.md5)
            guard let value else { throw fault(address, "\(field).dataFile: the checksum is missing") }
            guard let algorithm = Checksum.Algorithm(rawValue: name), let checksum = Checksum(algorithm, value) else {
                throw fault(
                    address,
                    "\(field).dataFile: \(quotedForMessage(value)) is no checksum of the kind \(quotedForMessage(name))"
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

        /// Whether the server keeps the table in a form of its own beside the original.
        var isConverted: Bool { originalFileFormat != nil || originalFileName != nil }
    }
}

extension DecodingError {
    /// What could not be read, and where: "data.files[3].dataFile.id: …".
    fileprivate var place: String {
        func path(_ context: Context) -> String {
            var path = ""
            for key in context.codingPath {
                path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? key.stringValue : ".\(key.stringValue)")
            }
            return path.isEmpty ? "the answer" : path
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(path(context)) has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context): return "\(path(context)) is of another type than expected"
        case .valueNotFound(_, let context): return "\(path(context)) is null"
        case .dataCorrupted: return "the answer is no JSON, or ends early"
        @unknown default: return "the answer cannot be read"
        }
    }
}
