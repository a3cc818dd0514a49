import ArgumentParser
import Console
import Diagnostics
import IceTracks
import PointSource
import Results
import Settings

struct FluxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flux", abstract: "Convert between mean numbers of signal events and fluxes.",
        discussion: """
            The flux is the normalisation at --e0 of the spectrum: a power law with --gamma, or another --shape; that of a \
            table is dN/dE at its peak.

            Without --energy-range only effective areas and uptimes are read: no events are needed.

            Example: trialgen flux --ra 40.67 --dec -0.01 --gamma 2 --mu 10
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Mean number of signal events to convert to a flux.", valueName: "mu"), transform: decimal)
    var mu: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Flux normalisation to convert to a mean number of events (default: --phi0).", valueName: "flux"),
        transform: decimal)
    var flux: Double?

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let configuration = try options.resolve()
        try configuration.checkHasOneFit(allowsStack: true)
        try check(mu, "--mu", "a mean number of signal events")
        try check(flux, "--flux", "a flux normalisation")
        let perEvent: Double
        var campaign: Campaign?
        if configuration.settings.injectionRange == nil, configuration.search == .source {
            let release = try configuration.openRelease(acceptsChanges: options.acceptChanged)
            let (loaded, warnings) = try release.loadResponses(configuration.datasets)
            for warning in warnings { logger.warning("\(warning)") }
            let responses = loaded.map {
                DetectorResponse(
                    name: $0.name, effectiveArea: $0.effectiveArea, livetimeSeconds: $0.uptime.livetimeSeconds)
            }
            perEvent = try AnalysisSetup.namingOptions {
                try FluxConversion(
                    responses: responses, source: configuration.source, settings: configuration.settings)
            }.fluxPerEvent()
        } else {
            let setup = try AnalysisSetup(configuration, options.releaseReader, allowsStack: true, logger: logger)
            (perEvent, campaign) = (setup.analysis.fluxPerEvent(), setup.campaign)
        }
        let flux = flux ?? configuration.phi0
        let (ofMu, ofFlux) = (mu.map { $0 * perEvent }, flux.map { $0 / perEvent })

        if report.json {
            var members = [JSONValue.Member("flux_per_event", .number(perEvent))]
            if let ofMu { members.append(.init("mu2flux", .number(ofMu))) }
            if let ofFlux { members.append(.init("flux2mu", .number(ofFlux))) }
            members += configuration.spectrumMembers
            if let campaign { members += campaign.energyMembers }
            return try StandardOutput.print(JSONValue.object(members).description)
        }
        var table = Table()
        configuration.addSpectrum(to: &table)
        campaign?.addEnergies(to: &table)
        table.add("flux per event", NumberFormat.scientific(perEvent, 3), configuration.fluxUnit)
        if let mu, let ofMu {
            table.add(
                "flux of \(NumberFormat.plain(mu)) events", NumberFormat.scientific(ofMu, 3), configuration.fluxUnit)
        }
        if let flux, let ofFlux {
            table.add("events of \(NumberFormat.plain(flux))", NumberFormat.significant(ofFlux, 5), "events")
        }
        try StandardOutput.print(configuration.title + table.text)
    }

    private func check(_ value: Double?, _ option: String, _ what: String) throws(Fault) {
        guard let value, !(value >= 0 && value.isFinite) else { return }
        throw Fault(
            .usage, at: .field(option), "\(NumberFormat.plain(value)) is not \(what)", remedy: "give a number from 0")
    }
}
