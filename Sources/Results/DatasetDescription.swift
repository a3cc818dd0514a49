import Console
import IceTracks

/// A dataset as `trialgen describe` lists it: what does not depend on a source.
public struct DatasetDescription: Sendable {
    let name: String
    let events: Int
    let livetimeDays: Double
    let seasons: [SeasonSummary]

    public init(_ dataset: Dataset) {
        name = dataset.name
        events = dataset.events.count
        livetimeDays = dataset.uptime.livetimeSeconds / 86400
        seasons = dataset.seasons
    }

    /// - Parameter more: what depends on the source.
    func json(_ more: [JSONValue.Member] = []) -> JSONValue {
        .object(
            [
                .init("name", .string(name)), .init("n_events", .integer(events)),
                .init("livetime_days", .number(livetimeDays)),
            ] + more + [
                .init(
                    "seasons",
                    .array(
                        seasons.map { season in
                            [
                                "name": .string(season.name), "n_events": .integer(season.eventCount),
                                "share_in_uptime": .number(season.uptimeShare),
                            ]
                        }))
            ])
    }

    /// Datasets with their events, and those that a search of the sky uses, if they are given.
    static func table(_ datasets: [DatasetDescription], selected: [Int]? = nil) -> Table {
        var table = Table(
            [.name("dataset"), .number("events")] + (selected == nil ? [] : [.number("within the limits")])
                + [.number("livetime", unit: "days")])
        for (j, dataset) in datasets.enumerated() {
            table.add(
                [dataset.name, NumberFormat.count(dataset.events)]
                    + (selected.map { [NumberFormat.count($0[j])] } ?? [])
                    + [NumberFormat.fixed(dataset.livetimeDays, 2)])
        }
        return table
    }

    /// All seasons of datasets.
    static func seasonTable(_ datasets: [DatasetDescription]) -> Table {
        var table = Table([.name("season"), .number("events"), .number("in its uptime", unit: "%")])
        for season in datasets.flatMap(\.seasons) {
            table.add([
                season.name, NumberFormat.count(season.eventCount), NumberFormat.fixed(100 * season.uptimeShare, 2),
            ])
        }
        return table
    }
}
