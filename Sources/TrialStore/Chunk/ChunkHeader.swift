import Diagnostics
import HDF5
import PointSource
import Settings

/// The header of a file of trials: everything in it except the trials.
public struct ChunkHeader: Sendable, Equatable {
    /// Digest in hexadecimal of everything that a trial's numbers depend on: data, configuration, version of the model.
    public var fingerprint: String
    /// The campaign as YAML.
    public var campaign: String
    public var modelVersion: String
    public var softwareVersion: String
    /// The points at which ln Λ is stored; in the file these are fields of the table.
    public var probes: [Probe]
    /// Where and when the file was made (host, processor, time …). Trials do not depend on any of it. The work of each
    /// host is stored in a ``HostLedger`` instead.
    public var provenance: [String: String]
    /// The mixture that weighted trials are drawn from; nil for a file without such trials.
    public var mixture: ProposalMixture?
    /// The name of the fitted parameter besides n_s; in the file this is a field of the table.
    public var parameter: String
    /// The sources of a catalogue search, which follow from the campaign; nil for other searches.
    public var sources: SourceColumns?

    public init(
        fingerprint: String, campaign: String, modelVersion: String, softwareVersion: String,
        probes: [Probe] = [], provenance: [String: String] = [:], mixture: ProposalMixture? = nil,
        parameter: String = TrialTableLayout.standardParameter, sources: SourceColumns? = nil
    ) {
        self.parameter = parameter
        self.sources = sources
        self.fingerprint = fingerprint
        self.campaign = campaign
        self.modelVersion = modelVersion
        self.softwareVersion = softwareVersion
        self.probes = probes
        self.provenance = provenance
        self.mixture = mixture
    }

    /// The layout of a table under this header.
    var layout: TrialTableLayout {
        get throws(Fault) {
            try TrialTableLayout(probes: probes, mixture: mixture, parameter: parameter, sources: sources)
        }
    }
}

extension ChunkHeader {
    func write(to root: Group, _ ledger: HostLedger) throws(Fault) {
        try root.attributes.set("fingerprint", fingerprint)
        try root.attributes.set("campaign", campaign)
        try root.attributes.set("model_version", modelVersion)
        try root.attributes.set("software_version", softwareVersion)
        try mixture?.write(to: root)
        let group = try root.createGroup("provenance")
        for (key, value) in provenance.sorted(by: { $0.key < $1.key }) { try group.attributes.set(key, value) }
        try group.attributes.set(HostLedger.key, ledger.text)
        try sources?.write(to: root)
    }

    /// - Parameter layout: that of the file's table.
    init(from root: Group, _ layout: TrialTableLayout) throws(Fault) {
        let attributes = root.attributes
        var provenance: [String: String] = [:]
        if try root.contains("provenance") {
            let group = try root.group("provenance")
            for key in try group.attributes.names() where key != HostLedger.key {
                provenance[key] = try group.attributes.string(key)
            }
        }
        self.init(
            fingerprint: try attributes.string("fingerprint"), campaign: try attributes.string("campaign"),
            modelVersion: try attributes.string("model_version"),
            softwareVersion: try attributes.string("software_version"), probes: layout.probes,
            provenance: provenance, mixture: layout.mixture, parameter: layout.parameter, sources: layout.sources)
    }

    /// The campaign, which must match the fingerprint.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData``.
    func checkedCampaign(_ path: String) throws(Fault) -> Campaign {
        guard let parsed = try? Campaign(text: campaign, file: path) else {
            throw Fault(
                .badData, at: .file(path), "the campaign in its header cannot be read",
                remedy: "use the version of trialgen that wrote it, or a newer one")
        }
        let found = parsed.fingerprint
        guard found == fingerprint else {
            throw Fault(
                .badData, at: .file(path),
                "the campaign in its header was changed: its fingerprint is \(found.prefix(12))…, but the file states "
                    + "\(fingerprint.prefix(12))…",
                remedy: "use an unchanged copy, or make its trials again")
        }
        return parsed
    }

    /// Why trials with this header cannot be combined with trials of another, as a clause; nil if they can.
    public func difference(from other: ChunkHeader, here: String, there: String) -> String? {
        guard fingerprint != other.fingerprint else {
            guard let mixture, let others = other.mixture else { return nil }
            return mixture.difference(from: others, here: here, there: there)
        }
        var differences = CampaignDifference.between(campaign, other.campaign)
        if modelVersion != other.modelVersion, !differences.contains(where: { $0.key == "model_version" }) {
            differences.append(
                CampaignDifference.Entry(key: "model_version", first: modelVersion, second: other.modelVersion))
        }
        if differences.isEmpty {
            let (own, others) = (fingerprint.prefix(12), other.fingerprint.prefix(12))
            return "the configuration is the same but the data are not (fingerprints \(own)… and \(others)…)"
        }
        return CampaignDifference.clause(differences, here: here, there: there)
    }
}
