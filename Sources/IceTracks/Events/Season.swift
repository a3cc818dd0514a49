/// One season of data: its events and uptime.
public struct Season: Sendable {
    /// The season's name, such as `IC86_III`.
    public let name: String
    /// All events of the file, including those outside the uptime.
    public let events: EventTable
    public let uptime: Uptime
    /// The number of events whose time lies in none of the season's uptime windows.
    public let eventsOutsideUptime: Int
    /// The number of events whose angular error was raised to the dataset's floor.
    public let raisedErrorCount: Int

    /// A season as read; nothing is dropped.
    public init(name: String, events: EventTable, uptime: Uptime, raisedErrorCount: Int = 0) {
        self.raisedErrorCount = raisedErrorCount
        self.name = name
        self.events = events
        self.uptime = uptime
        eventsOutsideUptime = events.modifiedJulianDate.count { !uptime.covers(mjd: $0) }
    }

    /// The fraction of the events that lie in the season's uptime windows, 0 to 1; 1 without events.
    public var uptimeShare: Double {
        events.count == 0 ? 1 : 1 - Double(eventsOutsideUptime) / Double(events.count)
    }

    /// The file of a season's events in a public release.
    public static func eventFile(of season: String) -> String { "events/\(season)_exp.csv" }

    /// The file of a season's uptime in a public release.
    public static func uptimeFile(of season: String) -> String { "uptime/\(season)_exp.csv" }
}

/// The number of events of a season, and the fraction of them in its uptime.
public struct SeasonSummary: Sendable, Equatable {
    public let name: String
    /// The number of events in the file, including those outside the uptime.
    public let eventCount: Int
    /// The fraction of them in the season's own uptime, 0 to 1 (``Season/uptimeShare``).
    public let uptimeShare: Double
    /// The number of events whose angular error was raised to the dataset's floor.
    public let raisedErrorCount: Int
}

/// All data of a release for one dataset.
public struct Dataset: Sendable {
    public let definition: DatasetDefinition
    /// The seasons' events in order, without those that lie in no uptime window.
    public let events: EventTable
    /// The number of events that lay in no uptime window of any of the dataset's seasons.
    public let droppedEventCount: Int
    /// The windows of all seasons.
    public let uptime: Uptime
    public let effectiveArea: EffectiveArea
    public let smearing: SmearingMatrix
    /// SHA-256 of each file that was read, by path relative to the release folder.
    public let fileDigests: [String: String]
    /// The summaries of the seasons, in order.
    public let seasons: [SeasonSummary]
    /// Unusual facts about usable data, a sentence each.
    public let warnings: [String]

    public var name: String { definition.name }
    public var livetimeDays: Double { uptime.livetimeDays }
    public var livetimeSeconds: Double { uptime.livetimeSeconds }

    /// Joins seasons: events and windows are concatenated, and an event is kept if any season's uptime contains it
    /// (docs/model.md §1).
    public init(
        definition: DatasetDefinition, seasons: [Season], effectiveArea: EffectiveArea, smearing: SmearingMatrix,
        fileDigests: [String: String] = [:], warnings: [String] = []
    ) {
        let uptime = Uptime(windows: seasons.flatMap(\.uptime.windows))
        var events = EventTable()
        var dropped = 0
        for season in seasons {
            dropped += events.append(season.events) { uptime.contains(mjd: $0) }
        }
        self.definition = definition
        self.events = events
        droppedEventCount = dropped
        self.seasons = seasons.map {
            SeasonSummary(
                name: $0.name, eventCount: $0.events.count, uptimeShare: $0.uptimeShare,
                raisedErrorCount: $0.raisedErrorCount)
        }
        self.warnings = warnings + Self.warnings(definition.name, seasons, uptime, dropped: dropped)
        self.uptime = uptime
        self.effectiveArea = effectiveArea
        self.smearing = smearing
        self.fileDigests = fileDigests
    }
}
