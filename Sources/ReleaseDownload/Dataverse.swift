import Diagnostics
import Foundation
import IceTracks

/// A Dataverse server and one version of a dataset on it (docs/model.md §1).
struct Dataverse: Sendable {
    /// Such as `https://dataverse.harvard.edu`, without a slash at the end.
    let server: String
    let doi: String
    let version: String

    static let harvard = "https://dataverse.harvard.edu"

    /// - Throws: a usage `Fault` for an address that is none.
    init(server: String, sample: Sample) throws(Fault) {
        var address = server
        while address.hasSuffix("/") { address.removeLast() }
        let isAddress = ["http://", "https://"].contains { address.hasPrefix($0) && address.count > $0.count }
        guard isAddress, address.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw Fault(
                .usage, at: .field("--server"), "\(quotedForMessage(server)) is no address of a server",
                remedy: "give one as in \(Self.harvard)")
        }
        self.server = address
        doi = sample.doi
        version = sample.version
    }

    /// Lists the files of the version.
    var listingAddress: String { "\(server)/api/datasets/:persistentId/versions/\(version)?persistentId=\(doi)" }

    /// One file as it was uploaded; the server hands out any part of it.
    func address(of file: DatasetListing.File) -> String {
        "\(server)/api/access/datafile/\(file.identifier)?format=original"
    }

    /// All files as they were uploaded, in one zip that the server makes on the spot.
    var zipAddress: String {
        "\(server)/api/access/dataset/:persistentId/versions/\(version)?persistentId=\(doi)&format=original"
    }
}
