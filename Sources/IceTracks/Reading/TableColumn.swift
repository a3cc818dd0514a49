/// A wanted column of a table, with its physically possible values.
package struct TableColumn: Sendable {
    /// The name in the header line, such as `Dec[deg]`.
    package let name: String
    /// Every value of the column must lie in this range.
    let range: ClosedRange<Double>
    /// What to do about a value outside the range.
    let remedy: String
    /// Whether a table may lack the column, whose values are then 0.
    let isOptional: Bool

    init(_ name: String, _ range: ClosedRange<Double>, remedy: String, isOptional: Bool = false) {
        self.name = name
        self.range = range
        self.remedy = remedy
        self.isOptional = isOptional
    }
}

extension TableColumn: ExpressibleByStringLiteral {
    /// A column in which every finite number is valid.
    package init(stringLiteral name: String) {
        self.init(name, -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, remedy: "")
    }
}

extension TableColumn {
    /// The edges of a bin of true energy and true declination, as in both response files.
    package static let trueBin =
        ["log10(E_nu/GeV)_min", "log10(E_nu/GeV)_max"].map {
            TableColumn($0, .log10Energies, remedy: "give the decadic logarithm of the energy in GeV")
        }
        + ["Dec_nu_min[deg]", "Dec_nu_max[deg]"].map {
            TableColumn($0, .declinations, remedy: "give the declination in degrees")
        }
}

/// Physical limits that several files share.
extension ClosedRange<Double> {
    /// lg of an energy in GeV: from 1 eV to far above any neutrino.
    static var log10Energies: Self { -9...20 }
    /// Declinations in degrees.
    static var declinations: Self { -90...90 }
    /// Modified Julian Dates in days: from 1858 to 2132. Julian dates and seconds lie outside this range.
    static var modifiedJulianDates: Self { 0...100_000 }
}
