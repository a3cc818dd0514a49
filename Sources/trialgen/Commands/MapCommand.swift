import ArgumentParser
import Console
import Diagnostics
import Files
import IceTracks
import Numerics
import PointSource
import Report
import Results
import Settings

struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Fit the data on a grid of positions around a source, or over the whole sky: TS, n_s, gamma.",
        discussion: """
            The grid is square, on the tangent plane of the source: offsets to the east and to the north from -radius to \
            radius. The release is read once. The largest TS of a map needs a correction for the number of positions \
            before it is a significance.

            With --nside, or a configuration with search: sky, the positions are HEALPix pixels of the whole sky, and \
            finer ones where TS is large. Trials of the same search (trialgen run) and trialmerge sky give the post-trial \
            significance of the hottest place.

            Examples: trialgen map --ra 40.67 --dec -0.01 --radius 3 --step 0.1 --output map.h5 --figure map.svg
            trialgen map --nside 64 --output sky.h5 --figure sky.svg
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Distance of the map's edges from the source in degrees (default: 3).", valueName: "deg"),
        transform: decimal)
    var radius: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Distance between neighbouring positions in degrees (default: 0.1).", valueName: "deg"),
        transform: decimal)
    var step: Double?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the map: .h5 (2-D datasets; of the sky 1-D in HEALPix) or .csv (a line for each position).",
            valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Draw TS with contours and events: .svg, .png, .pdf, or .gp for gnuplot's script.", valueName: "file"),
        completion: .file())
    var figure: String?

    @Flag(help: "Replace outputs that exist; an input is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let layer = try options.layer()
        if layer.meansSky { return try mapSky(layer, logger) }
        let configuration = try options.resolve()
        try configuration.checkHasOneFit(allowsStack: false)
        try configuration.checkExposureOfData()
        let centre = SkyCoordinates(
            rightAscensionDegrees: configuration.rightAscensionDegrees,
            declinationDegrees: configuration.declinationDegrees)
        let grid = try MapGrid(centre: centre, radius: radius ?? 3, step: step ?? 0.1)
        let inputs = options.config.map { [$0] } ?? []
        let format = try checkOutputs(inputs)

        let (release, datasets) = try options.releaseReader.read(configuration, logger: logger)
        logger.info("preparing a map around \(configuration.sourceTitle)")
        let (fits, fluxPerEvent) = try AnalysisSetup.namingOptions {
            let inputs = try SearchInputs(datasets: datasets, settings: configuration.settings)
            let source = try inputs.analyses(of: [configuration.source])
            return (try fit(grid, inputs), source[0].fluxPerEvent())
        }
        let campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets), fluxPerEvent: fluxPerEvent)
        let map = SkyMap(campaign, grid, fits)
        let all = inputs + release.paths(of: datasets)
        if let output { try MapFile.write(map, to: output, replace: replace, inputs: all) }
        if let figure, let format {
            let events = datasets.flatMap { dataset in
                zip(dataset.events.rightAscension, dataset.events.declination).map {
                    SkyCoordinates(rightAscensionDegrees: $0.degrees, declinationDegrees: $1.degrees)
                }
            }
            let drawn = try Gnuplot().draw(.map(map, events: events), as: format)
            try Publication.write(drawn, to: figure, .init(replace: replace), inputs: all)
        }
        try map.print(report, logger)
    }

    /// Checks what can be checked before the fits; returns the format of the figure.
    func checkOutputs(_ inputs: [String]) throws(Fault) -> FigureFormat? {
        if let output {
            _ = try MapFile.format(of: output)
            try Publication.check(output, .init(replace: replace), inputs: inputs)
        }
        guard let figure else { return nil }
        let ending = figure.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard let format = FigureFormat(rawValue: ending) else {
            let endings = FigureFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
            throw Fault(
                .usage, at: .field("--figure"), "\"\(figure)\" does not end in one of \(endings)",
                remedy: "give a name such as map.svg")
        }
        try Publication.check(figure, .init(replace: replace), inputs: inputs)
        if format != .gnuplot { try Gnuplot().path(for: format) }
        return format
    }

    /// The number of positions that are prepared together: each takes about 1 MB.
    private static let batch = 512

    /// Fits the data at every position, several at once.
    private func fit(_ grid: MapGrid, _ inputs: SearchInputs) throws -> [SkyMap.Fit] {
        let progress = Console.Progress(
            "map", unit: "positions", total: grid.size * grid.size, style: report.logging.progressStyle)
        defer { progress.finish() }
        var fits: [SkyMap.Fit] = []
        let rowCount = max(1, Self.batch / grid.size)
        for first in stride(from: 0, to: grid.size, by: rowCount) {
            let positions = (first..<min(first + rowCount, grid.size)).flatMap { grid.positions(row: $0) }
            let analyses = try inputs.analyses(
                of: positions.map {
                    try Source(rightAscensionDegrees: $0.rightAscension, declinationDegrees: $0.declination)
                })
            fits += try concurrently(positions.count) { index in
                let fit = try inputs.fitData(analyses[index])
                progress.advance(by: 1)
                return SkyMap.Fit(
                    position: positions[index], fit,
                    flux: analyses[index].flux(forEvents: fit.signalEvents, gamma: fit.gamma))
            }
        }
        return fits
    }
}
