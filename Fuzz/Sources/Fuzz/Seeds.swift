@testable import Files
import Diagnostics
import Foundation
import IceTracks
import PointSource

@testable import Settings
@testable import ToyRelease
@testable import TrialMaking
@testable import TrialStore

/// Sound files that are too large to be committed, or change with their formats: of one season of a very small toy
/// release.
struct Seeds {
    let folder: String

    /// Writes them, in a folder for each target.
    func write() throws {
        for target in FuzzTarget.allCases {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(target)", withIntermediateDirectories: true)
        }
        let scratch = "\(folder)/scratch"
        try? FileManager.default.removeItem(atPath: scratch)
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }

        let (analysis, campaign) = try analysis(toy: scratch)
        try PreparedFile.write(analysis, campaign, to: "\(folder)/prepared/toy")
        var records: [TrialRecord] = []
        let ranges = TrialRanges([TrialRange(first: 0, last: 11)].compactMap { $0 })
        for mu in [0.0, 3] {
            try TrialRunner(analysis: analysis, threads: 1).run(ranges, of: Hypothesis(meanSignal: mu, seed: 1)) {
                records += $0
            }
        }
        let header = campaign.header(probes: [], softwareVersion: "fuzz")

        let chunk = "\(scratch)/chunk"
        _ = try WholeChunk.write(chunk, header: header) { add throws(Fault) in try add(records) }
        try seed("chunk/file", [0] + bytes(of: chunk))
        let set = try TrialSet(chunk)
        try seed("chunk/contents", [1] + TrialFile(set).bytes)
        try TrialExport([set], as: .npy).write(to: "\(folder)/numpy/toy", replace: true)

        // A writer that was killed leaves its journal; two blocks are enough.
        let layout = try TrialTableLayout()
        let journal = try Journal.create(
            for: "\(scratch)/killed", header: JournalHeader(chunk: header, chunkRows: 0, stride: layout.stride),
            rows: try layout.encode(Array(records[..<3])), .system)
        try journal.append(try layout.encode(Array(records[3..<5])))
        try seed("journal/toy", bytes(of: journal.path))
    }

    private func analysis(toy scratch: String) throws -> (PointSourceAnalysis, Campaign) {
        let toy = try ToyRelease(
            scale: 0.002, bins: 4, smearingDeclinationBins: 2, effectiveAreaDeclinationBins: 8
        ).write(into: scratch)
        let release = try Release(path: toy, sample: ToyRelease.sample)
        let datasets = try release.load(["IC40"])
        var layer = ConfigurationLayer()
        layer.datasets = ["IC40"]
        (layer.rightAscension, layer.declination) = (40, -5)
        (layer.gammaMinimum, layer.gammaMaximum) = (2, 3)
        let configuration = try Configuration(layer)
        let analysis = try PointSourceAnalysis(
            datasets: datasets, source: configuration.source, settings: configuration.settings)
        let campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent())
        return (analysis, campaign)
    }

    private func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private func seed(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
}
