import ArgumentParser
import Console
import Diagnostics
import Results

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "List the datasets: events, livetime, and share of the expected signal.",
        discussion: "Example: trialgen describe --ra 40.67 --dec -0.01 --phi0 1e-14 --expected")

    @OptionGroup var options: AnalysisOptions

    @Flag(help: "Also show the expected signal events of --phi0 in bins of reconstructed energy.")
    var expected = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let settings = try options.resolve()
        guard !expected || settings.phi0 != nil else {
            throw Fault(
                .usage, at: .field("--expected"), "needs a flux",
                remedy: "give --phi0, or flux.phi0 in the configuration")
        }
        guard !expected || settings.search == .source else {
            throw Fault(
                .usage, at: .field("--expected"), "lists the events of one source, and there is a list of sources",
                remedy: "give --search source, and --point with the number of a source of the list, from 0")
        }
        let setup = try AnalysisSetup(settings, options.releaseReader, allowsStack: true, logger: logger)
        let (configuration, analysis) = (setup.configuration, setup.analysis)
        let (yields, shares) = (analysis.injectedYields, analysis.injectedShares)
        let selected = analysis.selectedCounts(of: setup.data)
        let events = configuration.phi0.map { analysis.events(forFlux: $0) }
        let bins = configuration.phi0.flatMap { flux in
            expected
                ? ExpectedEventsSummary(datasets: analysis.datasetNames, analysis.expectedEvents(forFlux: flux)) : nil
        }
        let sample =
            configuration.sample.isBuiltIn
            ? nil
            : try SampleSummary(configuration.sample, datasets: configuration.datasets, seasons: setup.seasons)

        if report.json {
            let datasets = analysis.datasetNames.indices.map { j -> JSONValue in
                [
                    "name": .string(analysis.datasetNames[j]), "n_events": .integer(analysis.eventCounts[j]),
                    "livetime_days": .number(analysis.livetimesDays[j]), "yield_per_unit_flux": .number(yields[j]),
                    "n_selected": .integer(selected[j]), "share": .number(shares[j]),
                    "seasons": .array(
                        setup.seasons[j].map { season in
                            [
                                "name": .string(season.name), "n_events": .integer(season.eventCount),
                                "share_in_uptime": .number(season.uptimeShare),
                            ]
                        }),
                ]
            }
            var members = [JSONValue.Member("datasets", .array(datasets))] + configuration.spectrumMembers
            members.append(.init("flux_per_event", .number(analysis.fluxPerEvent())))
            members += setup.campaign.energyMembers
            if configuration.settings.exposure != nil {
                members.append(.init("exposure_scale", .number(analysis.exposureScale)))
            }
            if let events { members.append(.init("expected_events", .number(events))) }
            members += (bins?.members ?? []) + (sample?.members ?? [])
            return try StandardOutput.print(JSONValue.object(members).description)
        }
        var table = Table([
            .name("dataset"), .number("events"), .number("in the box"), .number("livetime", unit: "days"),
            .number("yield", unit: "GeV cm^2 s"), .number("share", unit: "%"),
        ])
        for j in analysis.datasetNames.indices {
            table.add([
                analysis.datasetNames[j], NumberFormat.count(analysis.eventCounts[j]), NumberFormat.count(selected[j]),
                NumberFormat.fixed(analysis.livetimesDays[j], 2), NumberFormat.scientific(yields[j], 3),
                NumberFormat.fixed(100 * shares[j], 1),
            ])
        }
        var seasons = Table([.name("season"), .number("events"), .number("in its uptime", unit: "%")])
        for season in setup.seasons.joined() {
            seasons.add([
                season.name, NumberFormat.count(season.eventCount), NumberFormat.fixed(100 * season.uptimeShare, 2),
            ])
        }
        var totals = Table()
        configuration.addSpectrum(to: &totals)
        setup.campaign.addEnergies(to: &totals)
        if configuration.settings.exposure != nil {
            let days = analysis.exposureScale * analysis.livetimesDays.reduce(0, +)
            totals.add(
                "exposure", NumberFormat.significant(analysis.exposureScale, 4),
                "times the livetime above, \(NumberFormat.fixed(days / 365.25, 2)) years; included in yields")
        }
        totals.add("flux per event", NumberFormat.scientific(analysis.fluxPerEvent(), 3), configuration.fluxUnit)
        if let phi0 = configuration.phi0, let events {
            totals.add("events of \(NumberFormat.plain(phi0))", NumberFormat.significant(events, 5), "events")
        }
        let sections = (sample?.sections ?? []) + (bins.map { [$0.section] } ?? [])
        let more = sections.isEmpty ? "" : "\n\(sections.text)\n"
        try StandardOutput.print(
            configuration.title + table.text + "\n" + seasons.text + "\n" + totals.text + more)
    }
}
