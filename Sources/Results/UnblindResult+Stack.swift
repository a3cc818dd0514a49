import Console
import Settings

extension UnblindResult {
    /// The sources of a stack with their fluxes; empty for another search.
    private func stacked(_ configuration: Configuration) -> [(source: ListedSource, flux: Double)] {
        zip(configuration.sources, configuration.stackShares).map { ($0, $1 * fluxNormalisation) }
    }

    /// The sources of a stack with their fluxes; nil for another search.
    public func stackTable(_ configuration: Configuration) -> Table? {
        let stacked = stacked(configuration)
        guard !stacked.isEmpty else { return nil }
        var table = Table([
            .name("source"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("weight"),
            .number("flux"),
        ])
        for (source, flux) in stacked {
            table.add([
                source.source.name, NumberFormat.fixed(source.rightAscensionDegrees, 2),
                NumberFormat.fixed(source.declinationDegrees, 2), NumberFormat.plain(source.weight),
                NumberFormat.flux(flux),
            ])
        }
        return table
    }

    /// `sources`: the same for programs; empty for another search.
    func stackMembers(_ configuration: Configuration) -> [JSONValue.Member] {
        let sources = stacked(configuration).map { source, flux -> JSONValue in
            [
                "name": .string(source.source.name), "ra": .number(source.rightAscensionDegrees),
                "dec": .number(source.declinationDegrees), "weight": .number(source.weight), "flux_norm": .number(flux),
            ]
        }
        return sources.isEmpty ? [] : [.init("sources", .array(sources))]
    }
}
