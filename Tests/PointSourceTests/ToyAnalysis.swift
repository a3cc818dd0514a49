import IceTracks
import PointSource
import TestSupport
import ToyRelease

/// A small toy release, written once for all tests of this target, and analyses of it.
enum ToyAnalysis {
    static let seed: UInt64 = 5

    private static let loaded: Result<[Dataset], Error> = Result {
        try withScratchFolder { folder in
            let release = try ToyRelease(seed: seed, bins: 8).write(into: folder.path)
            return try Release(path: release, sample: ToyRelease.sample).load()
        }
    }

    static func datasets() throws -> [Dataset] { try loaded.get() }

    static func make(
        declinationDegrees: Double = -0.01, only names: [String]? = nil,
        change: (inout AnalysisSettings) throws -> Void = { _ in }
    ) throws -> PointSourceAnalysis {
        var settings = AnalysisSettings()
        try change(&settings)
        let datasets = try datasets().filter { names?.contains($0.name) ?? true }
        let source = try Source(rightAscensionDegrees: 40.67, declinationDegrees: declinationDegrees)
        return try PointSourceAnalysis(datasets: datasets, source: source, settings: settings)
    }
}
