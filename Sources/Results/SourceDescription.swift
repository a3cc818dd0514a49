import Console
import IceTracks
import PointSource
import Settings

/// What the analysis of a source, or of the sum of a stack's sources, selects and expects.
public struct SourceDescription: Sendable {
    let datasets: [String]
    /// Of each dataset, the number of events in the box.
    let selected: [Int]
    /// Of each dataset, the events per unit of flux normalisation of the injected spectrum, without an injection range.
    let yields: [Double]
    /// Of each dataset, its share of the injected events.
    let shares: [Double]
    /// The flux normalisation for which one event is expected, in GeV⁻¹ cm⁻² s⁻¹.
    let fluxPerEvent: Double
    /// The flux normalisation of which events are expected; nil for none.
    let flux: Double?
    /// The events expected of ``flux``; nil without a flux.
    let events: Double?
    let exposureScale: Double
    /// The events in bins of energy; nil if they are not listed.
    let bins: ExpectedEventsSummary?

    /// - Parameters:
    ///   - data: the events of the analysis' datasets.
    ///   - flux: in GeV⁻¹ cm⁻² s⁻¹; nil for none.
    ///   - listsEnergies: whether expected events in bins of reconstructed energy are listed.
    public init(_ analysis: PointSourceAnalysis, of data: [EventTable], flux: Double?, listsEnergies: Bool) {
        datasets = analysis.datasetNames
        selected = analysis.selectedCounts(of: data)
        (yields, shares) = (analysis.injectedYields, analysis.injectedShares)
        fluxPerEvent = analysis.fluxPerEvent()
        self.flux = flux
        events = flux.map { analysis.events(forFlux: $0) }
        exposureScale = analysis.exposureScale
        bins =
            flux.flatMap { flux in
                listsEnergies
                    ? ExpectedEventsSummary(datasets: analysis.datasetNames, analysis.expectedEvents(forFlux: flux))
                    : nil
            }
    }

    /// `yield_per_unit_flux`, `n_selected` and `share` of a dataset.
    func members(ofDataset j: Int) -> [JSONValue.Member] {
        [
            .init("yield_per_unit_flux", .number(yields[j])), .init("n_selected", .integer(selected[j])),
            .init("share", .number(shares[j])),
        ]
    }

    /// The exposure and the flux of one event; with a flux also its events.
    func addTotals(to table: inout Table, _ configuration: Configuration, livetimeDays: Double) {
        if configuration.settings.exposure != nil {
            let days = exposureScale * livetimeDays
            table.add(
                "exposure", NumberFormat.significant(exposureScale, 4),
                "times the livetime above, \(NumberFormat.fixed(days / 365.25, 2)) years; included in yields")
        }
        table.add("flux per event", NumberFormat.scientific(fluxPerEvent, 3), configuration.fluxUnit)
        if let flux, let events {
            table.add("events of \(NumberFormat.plain(flux))", NumberFormat.significant(events, 5), "events")
        }
    }
}
