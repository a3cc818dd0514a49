import PointSource
import Settings

extension Campaign {
    /// What stands at the head of a chunk of this campaign.
    ///
    /// - Parameters:
    ///   - probes: the points at which ln Λ is stored.
    ///   - softwareVersion: this program's.
    ///   - provenance: where and when the chunk is made.
    ///   - mixture: that of its weighted trials; nil if it is to have none.
    public func header(
        probes: [Probe], softwareVersion: String, provenance: [String: String] = [:],
        mixture: ProposalMixture? = nil
    ) -> ChunkHeader {
        ChunkHeader(
            fingerprint: fingerprint, campaign: text, modelVersion: modelVersion, softwareVersion: softwareVersion,
            probes: probes, provenance: provenance, mixture: mixture)
    }
}
