import Console
import IceTracks
import PointSource
import Settings

/// What `trialgen describe` prints of a search of the sky.
public struct SkyDescriptionSummary: CommandResult {
    private let configuration: Configuration
    private let datasets: [DatasetDescription]
    private let sample: SampleSummary?
    /// Of each dataset, the events between the limits of the declination.
    private let selected: [Int]
    private let grid: SkyGrid
    /// The sources of injected signal; nil for none.
    private let signal: ListDescriptionSummary?

    /// - Parameters:
    ///   - configuration: of a search of the sky.
    ///   - grid: its places.
    ///   - data: the events of the datasets.
    ///   - signal: the sources of injected signal; nil for none.
    /// - Throws: as `SampleSummary`.
    public init(
        _ configuration: Configuration, _ grid: SkyGrid, _ datasets: [DatasetDescription], _ data: [EventTable],
        signal: ListDescriptionSummary?
    ) throws {
        (self.configuration, self.datasets, self.grid, self.signal) = (configuration, datasets, grid, signal)
        sample = try SampleSummary.ifOwn(configuration, datasets)
        let degree = Double.pi / 180
        selected = data.map { events in
            events.declination.count { grid.declinations.contains($0 / degree) }
        }
    }

    public var text: String {
        var totals = Table()
        totals.add("places", NumberFormat.count(placeCount), "of nside \(grid.coarse.side)")
        return configuration.title
            + ([
                Section("", DatasetDescription.table(datasets, selected: selected)),
                Section("", DatasetDescription.seasonTable(datasets)), Section("", totals),
            ] + (signal.map { [Section("injected signal", $0.totals)] + $0.sourceSections } ?? [])
            + (sample?.sections ?? [])).text + "\n"
    }

    public var warnings: [String] { signal?.warnings ?? [] }

    private var placeCount: Int { grid.range(of: grid.coarse).count }

    public var members: [JSONValue.Member] {
        [
            .init(
                "datasets",
                .array(zip(datasets, selected).map { $0.json([.init("n_selected", .integer($1))]) })),
            .init("search", .string(configuration.search.rawValue)), .init("nside", .integer(grid.coarse.side)),
            .init("n_positions", .integer(placeCount)),
        ] + (signal.map { $0.signalMembers + $0.sourceMembers } ?? []) + (sample?.members ?? [])
    }
}
