import Diagnostics

/// Reconstructed events, one array per quantity, all of length ``count`` and in the order of the files.
public struct EventTable: Sendable, Equatable {
    /// Time of the event, Modified Julian Date in days.
    public private(set) var modifiedJulianDate: [Double] = []
    /// log10 of the reconstructed energy in GeV.
    public private(set) var log10Energy: [Double] = []
    /// Estimated angular uncertainty (sigma) in radians, positive.
    public private(set) var angularError: [Double] = []
    /// Right ascension in radians, 0...2π.
    public private(set) var rightAscension: [Double] = []
    /// Declination in radians, -π/2...π/2.
    public private(set) var declination: [Double] = []

    /// The number of events.
    public var count: Int { declination.count }

    /// An empty table.
    public init() {}

    /// Appends one event; angles in radians.
    public mutating func append(
        modifiedJulianDate: Double, log10Energy: Double, angularError: Double, rightAscension: Double,
        declination: Double
    ) {
        self.modifiedJulianDate.append(modifiedJulianDate)
        self.log10Energy.append(log10Energy)
        self.angularError.append(angularError)
        self.rightAscension.append(rightAscension)
        self.declination.append(declination)
    }

    /// Appends those events of another table whose time `isKept` accepts; returns how many it turned down.
    mutating func append(_ other: EventTable, where isKept: (_ modifiedJulianDate: Double) -> Bool) -> Int {
        let kept = other.modifiedJulianDate.map(isKept)
        let dropped = kept.count { !$0 }
        func append(_ column: WritableKeyPath<EventTable, [Double]>) {
            if dropped == 0 {
                self[keyPath: column] += other[keyPath: column]
            } else {
                self[keyPath: column] += zip(other[keyPath: column], kept).lazy.filter { $0.1 }.map { $0.0 }
            }
        }
        append(\.modifiedJulianDate)
        append(\.log10Energy)
        append(\.angularError)
        append(\.rightAscension)
        append(\.declination)
        return dropped
    }
}

extension EventTable {
    private static let columns = ["MJD[days]", "log10(E/GeV)", "AngErr[deg]", "RA[deg]", "Dec[deg]"]
    /// From 1 eV to far above any neutrino: an energy in the column of its logarithm lies outside.
    private static let plausibleLog10Energies = -9.0...20.0

    /// Reads an event file of either release: DR1 lacks the columns `run`, `event` and `subevent`, which are not used.
    ///
    /// - Throws: a `Fault` for text that is not a table and for AngErr outside (0, 180], RA outside [0, 360], |Dec| > 90 or
    ///   an energy that no detector could have reported.
    static func read(_ file: String, season: String) throws -> (events: EventTable, digest: FileDigest) {
        let reader = TableReader(file: file, purpose: "events of \(season)", columns: columns)
        var events = EventTable()
        let digest = try reader.read { block in
            for row in 0..<block.rowCount {
                let log10Energy = block[row, 1]
                let angularError = block[row, 2]
                let rightAscension = block[row, 3]
                let declination = block[row, 4]
                guard plausibleLog10Energies.contains(log10Energy) else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 1, "must lie in [-9, 20]",
                        remedy: "put in the decadic logarithm of the energy in GeV"
                    )
                }
                guard angularError > 0, angularError <= 180 else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 2, "must lie in (0, 180]",
                        remedy: "remove the event or put in its angular uncertainty in degrees"
                    )
                }
                guard rightAscension >= 0, rightAscension <= 360 else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 3, "must lie in [0, 360]",
                        remedy: "put in the right ascension in degrees"
                    )
                }
                guard abs(declination) <= 90 else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 4, "must lie in [-90, 90]",
                        remedy: "put in the declination in degrees"
                    )
                }
                events.append(
                    modifiedJulianDate: block[row, 0], log10Energy: log10Energy,
                    angularError: Angle.radians(fromDegrees: angularError),
                    rightAscension: Angle.radians(fromDegrees: rightAscension),
                    declination: Angle.radians(fromDegrees: declination)
                )
            }
        }
        return (events, digest)
    }
}
