import Diagnostics
import Numerics

/// The events of one file.
struct EventFile: Sendable {
    let events: EventTable
    let keys: EventKeys
    /// The number of events whose angular error was raised to the floor.
    let raisedErrorCount: Int
}

extension EventTable {
    private static func tableColumns(_ columns: EventColumns, hasFloor: Bool) -> [TableColumn] {
        // With a floor, errors of 0 are valid.
        let errors = hasFloor ? 0...angularErrorDegrees.upperBound : angularErrorDegrees
        return [
            columns.time.tableColumn(
                .modifiedJulianDates, remedy: "give a Modified Julian Date in days (Julian Date minus 2400000.5)"),
            columns.energy.tableColumn(.log10Energies, remedy: "give the decadic logarithm of the energy in GeV"),
            columns.angularError.tableColumn(
                errors, remedy: "remove the event or give its angular uncertainty in degrees"),
            columns.rightAscension.tableColumn(0...360, remedy: "give the right ascension in degrees"),
            columns.declination.tableColumn(.declinations, remedy: "give the declination in degrees"),
        ]
            + ["run", "event", "subevent"].map {
                TableColumn($0, 0...1e15, remedy: "give a number that is not negative", isOptional: true)
            }
    }

    /// Reads an event file. The columns `run`, `event` and `subevent`, which DR1 lacks, are optional.
    ///
    /// - Parameters:
    ///   - columns: names and units of the others.
    ///   - floor: smaller angular errors are raised to this value, in degrees; nil to keep them.
    /// - Throws: a `Fault` for text that is not a table, for values outside the ranges of the columns, and for a file
    ///   whose angles seem to be in radians.
    static func read(
        _ file: String, season: String, columns: EventColumns = EventColumns(), floor: Double? = nil
    ) throws -> (file: EventFile, digest: FileDigest) {
        let reader = TableReader(
            file: file, purpose: "events of \(season)", columns: tableColumns(columns, hasFloor: floor != nil))
        var events = EventTable()
        var keys = EventKeys()
        // The largest right ascension, |declination| and angular error, in the file's units.
        var largest = SIMD4<Double>.zero
        let smallest = floor.map(Angle.radians(fromDegrees:)) ?? 0
        let pole = Angle.radians(fromDegrees: 90)
        var raised = 0
        let digest = try reader.read { block in
            for row in 0..<block.rowCount {
                let fields = SIMD8(
                    block[row, 0], block[row, 1], block[row, 2], block[row, 3], block[row, 4], 0, 0, 0)
                keys.append(number: SIMD4(block[row, 5], block[row, 6], block[row, 7], fields[0]), fields: fields)
                largest = pointwiseMax(largest, SIMD4(fields[3], abs(fields[4]), fields[2], 0))
                let error = columns.angularError.standard(fields[2])
                raised += error < smallest ? 1 : 0
                events.append(
                    modifiedJulianDate: columns.time.standard(fields[0]),
                    log10Energy: columns.energy.standard(fields[1]),
                    angularError: max(error, smallest), rightAscension: columns.rightAscension.standard(fields[3]),
                    declination: min(max(columns.declination.standard(fields[4]), -pole), pole)
                )
            }
        }
        if events.count >= 20, largest[0] <= 2 * Double.pi, largest[1] <= 0.5 * Double.pi,
            columns.rightAscension.unit == .degrees, columns.declination.unit == .degrees
        {
            throw Fault(
                .badData, at: .file(file),
                "no right ascension exceeds \(largest[0]) and no declination \(largest[1]): they seem to be in radians",
                remedy: "write all angles in degrees")
        }
        keys.sort()
        return (EventFile(events: events, keys: keys, raisedErrorCount: raised), digest)
    }
}

extension EventColumns.Column {
    /// Julian Date minus Modified Julian Date.
    private static let julianOffset = 2_400_000.5

    /// A value of the column as ``EventTable`` has it: MJD, lg(E/GeV) or radians.
    @inline(__always)
    fileprivate func standard(_ value: Double) -> Double {
        switch unit {
        case .modifiedJulianDays, .log10GeV: value
        case .degrees: Angle.radians(fromDegrees: value)
        case .radians: value
        case .julianDays: value - Self.julianOffset
        case .gigaElectronvolts: Portable.log10(value)
        case .teraElectronvolts: Portable.log10(value) + 3
        }
    }

    /// The column of a table.
    ///
    /// - Parameters:
    ///   - range: the valid values in the unit of the public releases.
    ///   - remedy: for a value outside the range in that unit.
    fileprivate func tableColumn(_ range: ClosedRange<Double>, remedy: String) -> TableColumn {
        func column(_ value: (Double) -> Double, _ unit: String) -> TableColumn {
            TableColumn(name, value(range.lowerBound)...value(range.upperBound), remedy: "give it in \(unit)")
        }
        switch unit {
        case .modifiedJulianDays, .log10GeV, .degrees: return TableColumn(name, range, remedy: remedy)
        case .julianDays: return column({ $0 + Self.julianOffset }, "days (Julian Date)")
        case .gigaElectronvolts: return column(Portable.exp10, "GeV")
        case .teraElectronvolts: return column({ Portable.exp10($0 - 3) }, "TeV")
        case .radians:
            // A right angle is printed with few digits.
            let angles = Angle.radians(fromDegrees: range.lowerBound)...Angle.radians(fromDegrees: range.upperBound)
            let lowest = angles.lowerBound < 0 ? angles.lowerBound - 1e-6 : angles.lowerBound
            return TableColumn(name, lowest...angles.upperBound + 1e-6, remedy: "give it in radians")
        }
    }
}
