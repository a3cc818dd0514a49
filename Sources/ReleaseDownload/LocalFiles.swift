import Foundation
import IceTracks

/// The files of releases that `trialgen fetch` left on this machine, by checksum.
struct LocalFiles {
    private var paths: [Checksum: String] = [:]

    /// Reads the records of releases; folders without a readable record are left out.
    ///
    /// - Parameters:
    ///   - parents: folders that contain releases.
    ///   - release: a release that is left out.
    init(in parents: [String], except release: String) {
        for parent in Set(parents).sorted() {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: parent))?.sorted() ?? [] {
                let folder = "\(parent)/\(name)"
                guard folder != release, let record = try? ReleaseRecord.read(in: folder), record.maker == .fetch else {
                    continue
                }
                for entry in record.entries { paths[entry.checksum] = "\(folder)/\(entry.path)" }
            }
        }
    }

    /// A file that had this checksum when it was fetched; nil if there is none.
    func path(of checksum: Checksum) -> String? { paths[checksum] }
}
