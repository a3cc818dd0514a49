import Diagnostics
import Foundation
import IceTracks

/// A Dataverse server and one version of a dataset on it (docs/model.md §1).
struct Dataverse: Sendable {
    /// Such as `https://dataverse.harvard.edu`, without a final slash.
    let server: String
    let doi: String
    let version: String

    static let harvard = "https://dataverse.harvard.edu"

    /// - Throws: a usage `Fault` for an invalid address.
    init(server: String, sample: Sample) throws(Fault) {
        var address = server
        while address.hasSuffix("/") { address.removeLast() }
        let isAddress = ["http://", "https://"].contains { address.hasPrefix($0) && address.count > $0.count }
        guard isAddress, address.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw Fault(
                .usage, at: .field("--server"), "\(quotedForMessage(server)) is not a server address",
                remedy: "give an address such as \(Self.harvard)")
        }
        self.server = address
        doi = sample.doi
        version = sample.version
    }

    /// The address of the list of the version's files.
    var listingAddress: String { "\(server)/api/datasets/:persistentId/versions/\(version)?persistentId=\(doi)" }

    /// The address of a description of the newest published version; older servers add the list of its files.
    var newestVersionAddress: String {
        "\(server)/api/datasets/:persistentId/versions/:latest-published?persistentId=\(doi)&excludeFiles=true"
    }

    /// The address of an uploaded file; the server can send any part of it.
    func address(of file: DatasetListing.File) -> String {
        "\(server)/api/access/datafile/\(file.identifier)?format=original"
    }

    /// The address of a zip file of all uploaded files, which the server makes on request.
    var zipAddress: String {
        "\(server)/api/access/dataset/:persistentId/versions/\(version)?persistentId=\(doi)&format=original"
    }
}
