import Console
import Diagnostics
import Files
import Foundation
import Logging
import PointSource
import Report
import Results
import Settings

extension MapCommand {
    /// Fits the data over the whole sky.
    func mapSky(_ layer: ConfigurationLayer, _ logger: Logger) throws {
        for (option, value) in [("--radius", radius), ("--step", step)] where value != nil {
            throw Fault(
                .usage, at: .field(option), "has no effect on a map of the whole sky",
                remedy: "leave it out, or leave out --nside for a map around a source")
        }
        var more = ConfigurationLayer()
        if layer.search == nil { more.set(\.search, Search.sky.rawValue) }
        let configuration = try options.resolve(more)
        guard let grid = configuration.sky else { return }
        let inputs = options.config.map { [$0] } ?? []
        let format = try checkOutputs(inputs)

        let (release, datasets) = try options.releaseReader.read(configuration, logger: logger)
        logger.info("preparing a map of the \(configuration.sourceTitle)")
        let (map, hottest) = try AnalysisSetup.namingOptions {
            let rings = progress("preparation", "rings", grid.rings(of: grid.coarse).count)
            let search = try SkySearch(
                datasets: datasets, grid: grid, settings: configuration.settings, makesTrials: false
            ) { rings.advance(by: 1) }
            rings.finish()
            return try fit(search)
        }
        let campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets), fluxPerEvent: .nan)
        let result = AllSkyMap(campaign, grid, map, hottest: hottest)
        let all = inputs + release.paths(of: datasets)
        if let output { try AllSkyMapFile.write(result, to: output, replace: replace, inputs: all) }
        if let figure, let format {
            let drawn = try Gnuplot().draw(.allSky(result), as: format)
            try Publication.write(drawn, to: figure, .init(replace: replace), inputs: all)
        }
        try result.print(report, logger)
    }

    private func fit(_ search: SkySearch) throws -> (SkySearch.Map, [SkySearch.Place]) {
        var current: Console.Progress?
        let map = try search.fitData { side, total in
            current?.finish()
            let own = progress("map, nside \(side)", "positions", total)
            current = own
            return { own.advance(by: $0) }
        }
        current?.finish()
        return (map, try search.exactFits(of: search.hottest(of: map)))
    }

    private func progress(_ label: String, _ unit: String, _ total: Int) -> Console.Progress {
        Console.Progress(label, unit: unit, total: total, style: report.logging.progressStyle)
    }
}
