import PointSource
import Settings

extension Campaign {
    /// The header of a chunk of this campaign.
    ///
    /// - Parameters:
    ///   - probes: the points at which ln Λ is stored.
    ///   - softwareVersion: the version of this program.
    ///   - provenance: where and when the chunk is made.
    ///   - mixture: the mixture of its weighted trials; nil if it has none.
    public func header(
        probes: [Probe], softwareVersion: String, provenance: [String: String] = [:],
        mixture: ProposalMixture? = nil
    ) -> ChunkHeader {
        ChunkHeader(
            fingerprint: fingerprint, campaign: text, modelVersion: modelVersion, softwareVersion: softwareVersion,
            probes: probes, provenance: provenance, mixture: mixture, parameter: configuration.settings.parameter.label,
            sources: SourceColumns(configuration))
    }
}
