@testable import IceTracks
@testable import ReleaseDownload

extension FuzzTarget {
    static func readTable(_ bytes: UnsafeRawBufferPointer) throws {
        guard let kind = bytes.first else { return }
        let path = ScratchFile.shared.path(holding: bytes.dropFirst())
        switch kind % 4 {
        case 0: _ = try EventTable.read(path, season: "IC40")
        case 1: _ = try EffectiveArea.read(path, configuration: "IC40")
        case 2: _ = try SmearingMatrix.read(path, configuration: "IC40")
        default: _ = try Uptime.read(path, season: "IC40")
        }
    }

    static func readDownload(_ bytes: UnsafeRawBufferPointer) throws {
        guard let kind = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        switch kind % 4 {
        case 0:
            let listing = try ZipListing(parsing: rest, of: "archive")
            for file in listing.files { precondition(staysInside(file.path) && file.byteCount >= 0) }
        case 1:
            let listing = try DatasetListing(parsing: rest, from: "server", expected: ["events/IC40_exp.csv"])
            for file in listing.files {
                precondition(staysInside(file.path) && file.byteCount ?? 0 >= 0)
            }
        case 2: _ = ResponseHead(parsing: String(decoding: rest, as: UTF8.self))
        default:
            let record = try ReleaseRecord(parsing: String(decoding: rest, as: UTF8.self), file: "record")
            let again = try? ReleaseRecord(parsing: record.text, file: "record")
            precondition(again == record)
        }
    }

    private static func staysInside(_ path: ReleasePath) -> Bool {
        !path.description.hasPrefix("/") && !path.description.split(separator: "/").contains("..")
    }
}
