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

    /// The valid angular uncertainties, in degrees: no track is reconstructed to 1e-5°, and smaller numbers give
    /// densities that are not finite.
    static let angularErrorDegrees = 1e-5...180.0

    /// Checks what a likelihood requires of every event; events read from files have already been checked line by line.
    ///
    /// - Parameter name: the dataset, for messages.
    /// - Throws: `Fault` (bad data) for a number that is not finite, a declination or an angular uncertainty outside
    ///   its range.
    public func check(dataset name: String) throws(Fault) {
        // The same conversion as the reader's, so that a file's value at an end of the range is also accepted here.
        let degrees = Self.angularErrorDegrees
        let angularErrors =
            Angle.radians(fromDegrees: degrees.lowerBound)...Angle.radians(fromDegrees: degrees.upperBound)
        let pole = Angle.radians(fromDegrees: 90)
        for i in 0..<count {
            guard log10Energy[i].isFinite, rightAscension[i].isFinite, declination[i].magnitude <= pole,
                angularErrors.contains(angularError[i])
            else {
                let angles = [angularError[i], rightAscension[i], declination[i]].map(Angle.degrees(fromRadians:))
                throw Fault(
                    .badData, at: .field(name),
                    "event \(i) is not valid: log10(E/GeV) \(log10Energy[i]), angular uncertainty, right ascension and "
                        + "declination \(angles) degrees",
                    remedy:
                        "remove the event, or give finite numbers and an angular uncertainty from 1e-5 to 180 degrees")
            }
        }
    }

    /// Appends the events of another table whose time `isKept` accepts; returns how many it rejected.
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
