import Foundation
import IceTracks
import TestSupport
import ToyRelease

/// The toy release that the stored references were made on (tools/parity/run.sh --store makes both again).
enum ParityToy {
    static let release = ToyRelease(seed: 3, scale: 0.05, bins: 6)

    private static let loaded: Result<[Dataset], Error> = Result {
        try withScratchFolder { folder in
            try Release(path: release.write(into: folder.path), sample: ToyRelease.sample).load()
        }
    }

    static func datasets() throws -> [Dataset] { try loaded.get() }
}
