import PointSource
import Settings

extension Campaign {
    /// The header of a chunk of this campaign.
    ///
    /// - Parameters:
    ///   - probes: the points at which ln Λ is stored.
    ///   - softwareVersion: the version of this program.
    ///   - provenance: where and when the chunk is made.
    public func header(
        probes: [Probe], softwareVersion: String, provenance: [String: String] = [:]
    ) -> ChunkHeader {
        ChunkHeader(
            fingerprint: fingerprint, campaign: text, modelVersion: modelVersion, softwareVersion: softwareVersion,
            probes: probes, provenance: provenance)
    }
}
