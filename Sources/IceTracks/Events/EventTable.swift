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
