import PointSource
import Settings

extension Campaign {
    /// What stands at the head of a chunk of this campaign.
    ///
    /// - Parameters:
    ///   - probes: the points at which ln Λ is stored.
    ///   - softwareVersion: this program's.
    ///   - provenance: where and when the chunk is made.
    public func header(
        probes: [Probe], softwareVersion: String, provenance: [String: String] = [:]
    ) -> ChunkHeader {
        ChunkHeader(
            fingerprint: fingerprint, campaign: text, modelVersion: modelVersion, softwareVersion: softwareVersion,
            probes: probes, provenance: provenance)
    }
}
