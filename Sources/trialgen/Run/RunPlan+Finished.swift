import Foundation
import PointSource
import Settings
import TrialStore

extension RunPlan {
    /// Whether everything asked for is there.
    func isDone(_ coverage: Coverage) -> Bool {
        ranges.allSatisfy { coverage[$0.hypothesis].missing(in: $0.range).isEmpty }
    }

    /// What a chunk says that holds everything asked for already; nil if it does not.
    ///
    /// Schedulers run a whole node again for one job that failed: the others should notice before they read any data.
    /// The settings are compared one by one, therefore; that the data are the same too is only known to whoever reads
    /// them. Whatever is wrong with the chunk is left to be found on the usual way.
    ///
    /// - Throws: `Fault` (temporary) if someone is writing the chunk.
    func finished() throws -> (Campaign, [TrialProduction.Outcome])? {
        guard FileManager.default.fileExists(atPath: output), let chunk = try? TrialSet(output),
            let campaign = try? Campaign(text: chunk.header.campaign, file: output),
            campaign.modelVersion == PointSourceAnalysis.modelVersion,
            campaign.configuration.canonicalYAML == configuration.canonicalYAML,
            chunk.header.probes == configuration.probes, chunk.tableDigest == nil, isDone(chunk.coverage)
        else { return nil }
        // What a writer left beside it that was killed at the very end.
        if [".journal", ".lock"].contains(where: { FileManager.default.fileExists(atPath: output + $0) }) {
            try ChunkFile.open(output, header: chunk.header).close()
        }
        let outcomes = ranges.map {
            TrialProduction.Outcome(
                hypothesis: $0.hypothesis, range: $0.range, made: 0, present: $0.range.count, seconds: 0,
                commitSeconds: 0)
        }
        return (campaign, outcomes)
    }
}
