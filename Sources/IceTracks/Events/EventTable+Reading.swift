import Diagnostics

/// The events of one file.
struct EventFile: Sendable {
    let events: EventTable
    let keys: EventKeys
}

extension EventTable {
    private static let columns =
        [
            TableColumn(
                "MJD[days]", .modifiedJulianDates,
                remedy: "put in a Modified Julian Date in days (Julian Date minus 2400000.5)"),
            TableColumn("log10(E/GeV)", .log10Energies, remedy: "put in the decadic logarithm of the energy in GeV"),
            TableColumn(
                "AngErr[deg]", angularErrorDegrees,
                remedy: "remove the event or put in its angular uncertainty in degrees"),
            TableColumn("RA[deg]", 0...360, remedy: "put in the right ascension in degrees"),
            TableColumn("Dec[deg]", .declinations, remedy: "put in the declination in degrees"),
        ]
        + ["run", "event", "subevent"].map {
            TableColumn($0, 0...1e15, remedy: "put in a number that is not negative", isOptional: true)
        }

    /// Reads an event file of either release: DR1 lacks the columns `run`, `event` and `subevent`.
    ///
    /// - Throws: a `Fault` for text that is no table, for values outside the ranges of ``columns``, and for a file whose
    ///   angles must be in radians.
    static func read(_ file: String, season: String) throws -> (file: EventFile, digest: FileDigest) {
        let reader = TableReader(file: file, purpose: "events of \(season)", columns: columns)
        var events = EventTable()
        var keys = EventKeys()
        // The largest right ascension, |declination| and angular error, in the file's units.
        var largest = SIMD4<Double>.zero
        let digest = try reader.read { block in
            for row in 0..<block.rowCount {
                let fields = SIMD8(
                    block[row, 0], block[row, 1], block[row, 2], block[row, 3], block[row, 4], 0, 0, 0)
                keys.append(number: SIMD4(block[row, 5], block[row, 6], block[row, 7], fields[0]), fields: fields)
                largest = pointwiseMax(largest, SIMD4(fields[3], abs(fields[4]), fields[2], 0))
                events.append(
                    modifiedJulianDate: fields[0], log10Energy: fields[1],
                    angularError: Angle.radians(fromDegrees: fields[2]),
                    rightAscension: Angle.radians(fromDegrees: fields[3]),
                    declination: Angle.radians(fromDegrees: fields[4])
                )
            }
        }
        if events.count >= 20, largest[0] <= 2 * Double.pi, largest[1] <= 0.5 * Double.pi {
            throw Fault(
                .badData, at: .file(file),
                "no right ascension exceeds \(largest[0]) and no declination \(largest[1]): they seem to be in radians",
                remedy: "write all angles in degrees")
        }
        keys.sort()
        return (EventFile(events: events, keys: keys), digest)
    }
}
