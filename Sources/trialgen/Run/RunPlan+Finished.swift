import Foundation
import PointSource
import Settings
import TrialStore

extension RunPlan {
    /// Whether all requested trials are present.
    func isDone(_ coverage: Coverage) -> Bool {
        ranges.allSatisfy { coverage[$0.hypothesis].missing(in: $0.range).isEmpty }
    }

    /// The campaign and outcomes of a chunk that already holds all requested trials; nil if it does not.
    ///
    /// When one job fails, schedulers run all jobs of a node again: the others should finish before they read data.
    /// Therefore only the settings are compared; a change of the data is found only when the data are read. Any error
    /// in the chunk is left to be reported by the normal run.
    ///
    /// - Throws: `Fault` (temporary) if another process is writing the chunk.
    func finished() throws -> (Campaign, [ChunkFiller.Outcome])? {
        guard FileManager.default.fileExists(atPath: output), let chunk = try? TrialSet(output),
            let campaign = try? Campaign(text: chunk.header.campaign, file: output),
            campaign.modelVersion == PointSourceAnalysis.modelVersion,
            campaign.configuration.canonicalYAML == configuration.canonicalYAML,
            chunk.header.probes == configuration.probes, chunk.tableDigest == nil, isDone(chunk.coverage)
        else { return nil }
        // Removes what a writer left behind that was killed at the very end.
        if [".journal", ".lock"].contains(where: { FileManager.default.fileExists(atPath: output + $0) }) {
            try ChunkFile.open(output, header: chunk.header).close()
        }
        let outcomes = ranges.map {
            ChunkFiller.Outcome(
                hypothesis: $0.hypothesis, range: $0.range, made: 0, present: $0.range.count, seconds: 0,
                commitSeconds: 0)
        }
        return (campaign, outcomes)
    }
}
