import Console
import PointSource
import Settings

extension NumberFormat {
    /// A range of energies: 100–316 GeV.
    public static func energies(_ range: AnalysisSettings.EnergyRange) -> String { energies(range.lower, range.upper) }
}

extension Campaign {
    /// The true energies of the signal, with the requested range if the smearing matrix widens it: "100–316 GeV
    /// (requested: 150–300 GeV)"; nil for all energies.
    public var injectedEnergiesText: String? {
        guard let injected = injectedEnergies else { return nil }
        guard widenedRange != nil, let asked = configuration.settings.injectionRange else {
            return NumberFormat.energies(injected)
        }
        return "\(NumberFormat.energies(injected)) (requested: \(NumberFormat.energies(asked)))"
    }

    /// The first lines of a table of results: those of the configuration, and the true energies of the signal unless all
    /// contribute.
    public var title: String {
        guard let text = injectedEnergiesText else { return configuration.title }
        return configuration.title.dropLast() + "true energies \(text)\n\n"
    }

    /// ``energyMembers``, or nothing if all energies contribute.
    public var energyMembersIfAny: [JSONValue.Member] { injectedEnergies == nil ? [] : energyMembers }

    /// Adds the true energies of the signal to a list of quantities, unless all energies contribute.
    public func addEnergies(to table: inout Table) {
        guard let injected = injectedEnergies else { return }
        let asked = widenedRange == nil ? nil : configuration.settings.injectionRange
        table.add(
            "true energies", NumberFormat.energies(injected),
            asked.map { "requested: \(NumberFormat.energies($0))" } ?? "")
    }

    /// `energy_range`, the true energies of the signal in GeV, null for all; and `energy_range_asked`, the requested
    /// range, if the smearing matrix widens it.
    public var energyMembers: [JSONValue.Member] {
        Self.energyMembers(injectedEnergies, asked: widenedRange == nil ? nil : configuration.settings.injectionRange)
    }

    static func energyMembers(
        _ range: AnalysisSettings.EnergyRange?, asked: AnalysisSettings.EnergyRange?
    ) -> [JSONValue.Member] {
        func json(_ range: AnalysisSettings.EnergyRange?) -> JSONValue {
            range.map { .numbers([$0.lower, $0.upper]) } ?? .null
        }
        return [.init("energy_range", json(range))] + (asked == nil ? [] : [.init("energy_range_asked", json(asked))])
    }
}
