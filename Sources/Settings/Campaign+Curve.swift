import Diagnostics

/// Campaigns as points of a curve: they differ in the source, the injected gamma and the range of injected energies.
extension Campaign {
    /// Why two campaigns are no points of one curve, as a clause; nil if they are.
    public func differenceBesidesPoint(from other: Campaign, here: String, there: String) -> String? {
        let entries = CampaignDifference.between(text, other.text).filter { entry in
            !Self.pointKeys.contains {
                entry.key == $0 || entry.key.hasPrefix($0 + ".") || entry.key.hasPrefix($0 + "[")
            }
        }
        return entries.isEmpty ? nil : CampaignDifference.clause(entries, here: here, there: there)
    }

    private static let pointKeys = ["source", "flux.gamma", "injection.energy_range", "flux_per_event"]

    /// What the trials without signal depend on: the same text, the same trials. That is all but the injected gamma and
    /// the range of energies, since nothing is injected.
    public var backgroundText: String {
        configuration.yaml { key in
            key.role == .trials && !["flux.gamma", "injection.energy_range"].contains(key.name)
        } + provenanceYAML
    }
}
