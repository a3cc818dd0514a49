/// The columns of a sample's event files: their names in the header line, and their units.
public struct EventColumns: Sendable, Equatable {
    /// A column and its unit.
    public struct Column: Sendable, Equatable {
        /// The name in the header line, such as `Dec[deg]`.
        public let name: String
        public let unit: Unit

        public init(_ name: String, _ unit: Unit) { (self.name, self.unit) = (name, unit) }
    }

    /// The units that a column can have; the raw value is the name in a definition.
    public enum Unit: String, Sendable, CaseIterable {
        case modifiedJulianDays = "MJD"
        case julianDays = "JD"
        /// The decadic logarithm of the energy in GeV.
        case log10GeV = "lg GeV"
        case gigaElectronvolts = "GeV"
        case teraElectronvolts = "TeV"
        case degrees = "deg"
        case radians = "rad"
    }

    public var time = Column("MJD[days]", .modifiedJulianDays)
    public var energy = Column("log10(E/GeV)", .log10GeV)
    public var angularError = Column("AngErr[deg]", .degrees)
    public var rightAscension = Column("RA[deg]", .degrees)
    public var declination = Column("Dec[deg]", .degrees)

    /// Those of the public releases.
    public init() {}

    /// The columns by their keys in a definition, with the valid units; the first is the default.
    static let keys: [(key: String, path: WritableKeyPath<EventColumns, Column> & Sendable, units: [Unit])] = [
        ("time", \.time, [.modifiedJulianDays, .julianDays]),
        ("energy", \.energy, [.log10GeV, .gigaElectronvolts, .teraElectronvolts]),
        ("angular_error", \.angularError, [.degrees, .radians]),
        ("ra", \.rightAscension, [.degrees, .radians]), ("dec", \.declination, [.degrees, .radians]),
    ]

    /// All columns by their keys in a definition, in a fixed order.
    public var byKey: [(key: String, column: Column)] { Self.keys.map { ($0.key, self[keyPath: $0.path]) } }
}
