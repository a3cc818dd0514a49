import Diagnostics

/// Campaigns as points of a curve: they differ in the source, the injected gamma and the range of injected energies.
extension Campaign {
    /// Why two campaigns are not points of one curve, as a clause; nil if they are.
    public func differenceBesidesPoint(from other: Campaign, here: String, there: String) -> String? {
        difference(from: other, besides: Self.pointKeys, here, there)
    }

    /// Why a fit of this campaign's data is not one of another campaign's data, as a clause; nil if they agree in
    /// source, data and fit. The injection does not matter, and neither does what is unknown for imported trials.
    public func differenceOfData(from other: Campaign, here: String, there: String) -> String? {
        let isImported = [self, other].contains { $0.modelVersion == Self.importedModelVersion }
        return difference(
            from: other,
            besides: ["source.name", "injection"] + Self.pointKeys.dropFirst()
                // Of a search of the sky they are those of the signal.
                + (configuration.search == .sky ? ["sources"] : [])
                + (isImported ? ["model_version", "files"] : []), here, there)
    }

    private func difference(
        from other: Campaign, besides keys: [String], _ here: String, _ there: String
    ) -> String? {
        let entries = CampaignDifference.between(text, other.text).filter { entry in
            !keys.contains { entry.key == $0 || entry.key.hasPrefix($0 + ".") || entry.key.hasPrefix($0 + "[") }
        }
        return entries.isEmpty ? nil : CampaignDifference.clause(entries, here: here, there: there)
    }

    private static let pointKeys = [
        "source", "flux.gamma", "injection.energy_range", "flux_per_event", "injected_energies",
    ]
    /// The settings of the injected signal, on which background trials do not depend if the fitted family does not.
    private static let signalKeys = ["flux.gamma", "injection.energy_range", "injection.at"]

    /// A text that determines the background trials: all settings except the injected gamma and the range of energies,
    /// since nothing is injected.
    public var backgroundText: String {
        configuration.yaml { key in
            key.role == .trials && !Self.signalKeys.contains(key.name)
        } + provenanceYAML
    }
}
