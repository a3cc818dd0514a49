import Diagnostics

extension Dataset {
    /// Overlaps of uptime windows up to this fraction of the livetime are due to rounding: the public releases have
    /// seconds of overlap in years.
    private static let ordinaryOverlap = 1e-6

    /// Fractions of a season's events outside its uptime, or of repeated events in a dataset, above which data are
    /// unusual or refused.
    private static let unusualShareOutside = 0.01
    private static let largestShareOutside = 0.5
    private static let largestShareRepeated = 0.01

    static func warnings(_ name: String, _ seasons: [Season], _ uptime: Uptime, dropped: Int) -> [String] {
        var warnings = seasons.compactMap { season -> String? in
            guard 1 - season.uptimeShare > unusualShareOutside else { return nil }
            return "\(season.name): \(season.eventsOutsideUptime) of \(season.events.count) events lie outside the "
                + "season's uptime; check that both files belong to the same season"
        }
        let overlap = uptime.overlapDays
        if overlap > ordinaryOverlap * uptime.livetimeDays {
            warnings.append(
                "\(name): uptime windows overlap for \(shortest((overlap * 86400).rounded())) s in total, which the "
                    + "livetime counts twice; check that no window is repeated")
        }
        if dropped == 0 { return warnings }
        let outside = seasons.reduce(0) { sum, season in
            sum + season.events.modifiedJulianDate.count { !uptime.covers(mjd: $0) }
        }
        if dropped > outside {
            warnings.append(
                "\(name): \(dropped - outside) events are excluded because an uptime window inside another one "
                    + "ends before them; check the uptime files")
        }
        return warnings
    }

    /// Checks that events agree with their season's uptime and that no events are repeated in the dataset.
    ///
    /// - Parameters:
    ///   - keys: keys of the seasons' events.
    ///   - path: makes a full path from one relative to the release folder.
    /// - Returns: a warning if a few events are repeated.
    /// - Throws: a `Fault` (bad data) if more than half of a season's events lie outside its uptime, or more than 1 %
    ///   of the events are repeated.
    static func check(
        _ definition: DatasetDefinition, _ seasons: [Season], keys: [EventKeys], path: (String) -> String
    ) throws(Fault) -> [String] {
        let (name, files) = (definition.name, definition.seasonFiles)
        for (season, file) in zip(seasons, files) where 1 - season.uptimeShare > largestShareOutside {
            throw Fault(
                .badData, at: .file(path(file.events)),
                "\(season.eventsOutsideUptime) of \(season.events.count) events lie outside the uptime of \(season.name) "
                    + "(\(path(file.uptime)))",
                remedy: "use the events and the uptime of the same season")
        }
        var places = zip(seasons, zip(files, keys)).map { season, own in
            (path(own.0.events), "", season.events.count, own.1.repeatCount)
        }
        if seasons.count > 1 {
            let names = "its files of \(seasons.map(\.name).joined(separator: ", "))"
            let total = seasons.reduce(0) { $0 + $1.events.count }
            let first = path(files[0].events)
            places.append((first, " of \(names)", total, EventKeys(joining: keys).repeatCount))
        }
        var warning: String?
        for (file, files, count, repeated) in places where repeated > 0 {
            let text =
                "\(repeated) of \(count) events\(files) repeat others (same run, event and subevent, or same values)"
            guard Double(repeated) <= largestShareRepeated * Double(count) else {
                throw Fault(
                    .badData, at: .file(file), text,
                    remedy: "remove the repeated events; a file may have been concatenated with itself")
            }
            warning = "\(name): \(text); they are used unchanged"
        }
        return warning.map { [$0] } ?? []
    }
}
