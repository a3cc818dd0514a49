import Console
import Numerics
import PointSource
import Results
import Settings

/// What `trialgen inspect` prints.
struct InspectedTrial: CommandResult {
    let campaign: Campaign
    let number: Int64
    let hypothesis: Hypothesis
    /// The number of events to list.
    let top: Int
    let fit: FitResult
    /// Of all sources.
    let injected: Int
    let weight: (logarithm: Double, proposal: Int)?
    let events: [InspectedEvent]
    /// The names of a stack's sources, to which events are relative; empty for another search.
    let stacked: [String]
    /// The fits of a catalogue's sources, and the source whose events are listed; nil for another search.
    let catalogue: (fits: [FitResult], source: Int)?

    /// A trial of one source or of a stack.
    init(
        _ inspection: TrialInspection, _ analysis: PointSourceAnalysis, _ campaign: Campaign, _ number: Int64,
        _ hypothesis: Hypothesis, top: Int
    ) {
        (self.campaign, self.number, self.hypothesis, self.top) = (campaign, number, hypothesis, top)
        (fit, injected, events) = (inspection.trial.fit, inspection.trial.injected, inspection.events)
        weight = inspection.weighted.map { ($0.logWeight, $0.proposal) }
        stacked = analysis.stackedSources.map(\.source.name)
        catalogue = nil
    }

    /// A sky of a catalogue.
    init(
        _ inspection: SkyInspection, _ campaign: Campaign, _ number: Int64, _ hypothesis: Hypothesis, top: Int
    ) {
        (self.campaign, self.number, self.hypothesis, self.top) = (campaign, number, hypothesis, top)
        let fits = inspection.sky.fits
        (fit, injected, events) = (fits[inspection.source], inspection.sky.injected, inspection.events)
        weight = inspection.weighted.map { ($0.logWeight, $0.proposal) }
        stacked = []
        catalogue = (fits, inspection.source)
    }

    private var configuration: Configuration { campaign.configuration }
    private var settings: AnalysisSettings { configuration.settings }

    private func name(_ source: Int) -> String { configuration.sources[source].source.name }

    var members: [JSONValue.Member] {
        let label = settings.parameter.label
        let source = catalogue.map { [JSONValue.Member("source", .string(name($0.source)))] } ?? []
        let weight = weight.map { weight -> [JSONValue.Member] in
            [.init("log_weight", .number(weight.logarithm)), .init("proposal", .integer(weight.proposal))]
        }
        return [.init("trial", .integer(number))] + hypothesis.members("mean_n_sig") + source + [
            .init("n_sig", .integer(injected)), .init("ts", .number(fit.testStatistic)),
            .init("ns", .number(fit.signalEvents)), .init(label, .number(fit.gamma)),
        ] + (weight ?? []) + [
            .init(
                "at_bounds",
                .object([
                    .init("ns", .bool(FitBound(of: fit.signalEvents, settings.signalEvents) != nil)),
                    .init(label, .bool(FitBound(of: fit.gamma, settings.parameter) != nil)),
                ])), .init("events", .array(events.prefix(top).map { .object(members(of: $0)) })),
        ] + sourceMembers + campaign.energyMembersIfAny
    }

    private func members(of event: InspectedEvent) -> [JSONValue.Member] {
        let nearest = event.nearestSource.map { [JSONValue.Member("source", .string(stacked[$0]))] } ?? []
        return [
            .init("dataset", .string(event.dataset)), .init("injected", .bool(event.isInjected)),
            .init("dec", .number(event.declination.degrees)), .init("ra", .number(event.rightAscension.degrees)),
            .init("log10_energy", .number(event.log10Energy)),
            .init("energy", .number(Portable.exp10(event.log10Energy))),
            .init("sigma", .number(event.angularError.degrees)), .init("psi", .number(event.openingAngle.degrees)),
            .init("ratio", .number(event.ratio)),
        ] + nearest
    }

    /// `sources`: the fit of each source of a catalogue, in the order of the list.
    private var sourceMembers: [JSONValue.Member] {
        guard let catalogue else { return [] }
        let rows = catalogue.fits.enumerated().map { source, fit -> JSONValue in
            [
                "name": .string(name(source)), "ts": .number(fit.testStatistic), "ns": .number(fit.signalEvents),
                settings.parameter.label: .number(fit.gamma),
            ]
        }
        return [.init("sources", .array(rows))]
    }

    var text: String {
        var best = Table()
        best.add(
            "trial", String(number),
            "mu \(NumberFormat.plain(hypothesis.meanSignal)), seed \(hypothesis.seed)")
        if let weight, let tail = hypothesis.tail {
            best.add(
                "weight", NumberFormat.significant(Portable.exp(weight.logarithm), 3),
                "component \(weight.proposal), for \(NumberFormat.plain(tail)) sigma")
        }
        best.add("injected", String(injected), "events")
        best.add("TS", NumberFormat.fixed(fit.testStatistic, 3), catalogue.map { "at \(name($0.source))" } ?? "")
        let n = FitBound(of: fit.signalEvents, settings.signalEvents)
        best.add(
            "n_s", NumberFormat.fixed(fit.signalEvents, 2),
            ["events", n?.text].compactMap { $0 }.joined(separator: ", "))
        let parameter = FitBound(of: fit.gamma, settings.parameter)
        best.add(
            settings.parameter.label, fit.signalEvents > 0 ? NumberFormat.fixed(fit.gamma, 3) : "-",
            settings.parameter.isFixed ? "fixed" : fit.signalEvents > 0 ? parameter?.text ?? "" : "")
        return campaign.title + ([Section("", best)] + sourceSections + [Section("", eventTable)]).text + "\n"
    }

    /// The hottest sources of a catalogue.
    private var sourceSections: [Section] {
        guard let catalogue else { return [] }
        var table = Table([
            .name("source"), .number("TS"), .number("n_s"), .number(settings.parameter.label),
        ])
        let fits = catalogue.fits
        let order = fits.indices.sorted { (-fits[$0].testStatistic, $0) < (-fits[$1].testStatistic, $1) }
        for source in order.prefix(Self.listedSources) {
            let fit = fits[source]
            table.add([
                name(source), NumberFormat.fixed(fit.testStatistic, 3), NumberFormat.fixed(fit.signalEvents, 2),
                fit.signalEvents > 0 ? NumberFormat.fixed(fit.gamma, 3) : "-",
            ])
        }
        let left = fits.count - Self.listedSources
        return [Section("", table, note: left > 0 ? "the hottest of \(fits.count) sources" : "")]
    }

    /// The number of sources that the table shows.
    private static let listedSources = 10

    private var eventTable: Table {
        // A stack's events have the source in the place of the energy, which is known from its logarithm.
        var table = Table(
            [
                .name("dataset"), .number("dec", unit: "deg"), .number("ra", unit: "deg"),
                .number("lg E", unit: "GeV"),
            ] + (stacked.isEmpty ? [.number("E", unit: "GeV")] : [])
                + [.number("sigma", unit: "deg"), .number("psi", unit: "deg"), .number("S/B"), .name("injected")]
                + (stacked.isEmpty ? [] : [.name("near")]))
        for event in events.prefix(top) {
            table.add(
                [
                    event.dataset, NumberFormat.fixed(event.declination.degrees, 2),
                    NumberFormat.fixed(event.rightAscension.degrees, 2), NumberFormat.fixed(event.log10Energy, 2),
                ]
                    + (stacked.isEmpty ? [NumberFormat.significant(Portable.exp10(event.log10Energy), 3)] : [])
                    + [
                        NumberFormat.fixed(event.angularError.degrees, 2),
                        NumberFormat.fixed(event.openingAngle.degrees, 2),
                        NumberFormat.significant(event.ratio, 3), event.isInjected ? "yes" : "",
                    ] + (event.nearestSource.map { [stacked[$0]] } ?? []))
        }
        return table
    }
}

extension Double {
    /// An angle in radians, in degrees.
    var degrees: Double { self * (180 / Double.pi) }
}
