import Diagnostics
import Files
import PointSource
import StrictYAML

/// Reads a file with a tabulated spectrum: two columns of numbers, the energy and its flux.
///
/// A header `# E [TeV]  dN/dE [TeV^-1 cm^-2 s^-1]` names quantities and units; without one the columns are E in GeV and
/// E² dN/dE in GeV cm⁻² s⁻¹. Other lines that begin with `#` are comments.
struct SpectrumFile {
    private let path: String
    /// GeV in the unit of energies.
    private var energyUnit = 1.0
    /// GeV^±1 cm⁻² s⁻¹ in the unit of fluxes.
    private var fluxUnit = 1.0
    /// Whether the second column is dN/dE instead of E² dN/dE.
    private var isDensity = false

    private static let largestSize = 4 << 20

    /// - Throws: `Fault`: missing input for a file that cannot be read; bad data, naming the line, for one that is not a
    ///   spectrum.
    static func table(of path: String) throws(Fault) -> SpectrumTable {
        var reader = SpectrumFile(path: path)
        return try reader.read()
    }

    private init(path: String) { self.path = path }

    private mutating func read() throws(Fault) -> SpectrumTable {
        let bytes = try OpenFile.contents(of: path, atMost: Self.largestSize, "a spectrum")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(.badData, at: .file(path), "is not a text in UTF-8", remedy: "give two columns of numbers")
        }
        var (energies, fluxes): ([Double], [Double]) = ([], [])
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.drop(while: \.isWhitespace)
            if content.isEmpty { continue }
            if content.first == "#" {
                if energies.isEmpty { try readHeader(content.dropFirst(), line: index + 1) }
                continue
            }
            let fields = content.split(whereSeparator: \.isWhitespace)
            let numbers = fields.map { decimalNumber($0) }
            guard fields.count == 2, let energy = numbers[0], let flux = numbers[1] else {
                throw fault(
                    index + 1, "\"\(content.prefix(60))\" is not a pair of numbers",
                    "write an energy and its flux in decimal digits, with a space between")
            }
            energies.append(energy * energyUnit)
            fluxes.append(flux * fluxUnit * (isDensity ? energy * energyUnit * energy * energyUnit : 1))
        }
        do throws(Fault) {
            return try SpectrumTable(energies: energies, energyFluxes: fluxes)
        } catch {
            throw Fault(.badData, at: .file(path), error.problem, remedy: error.remedy)
        }
    }

    private func fault(_ line: Int, _ problem: String, _ remedy: String) -> Fault {
        Fault(.badData, at: .line(file: path, line: line), problem, remedy: remedy)
    }

    /// Reads a header if it has units in brackets.
    private mutating func readHeader(_ header: Substring, line: Int) throws(Fault) {
        let parts = header.split(separator: "[", omittingEmptySubsequences: false)
        if parts.count == 1 { return }
        let example = "write it as in # E [GeV]  E^2dN/dE [GeV cm^-2 s^-1]"
        guard parts.count == 3, let first = parts[1].firstIndex(of: "]"), let last = parts[2].firstIndex(of: "]") else {
            throw fault(line, "the header does not name two columns with their units in brackets", example)
        }
        let name = parts[1][parts[1].index(after: first)...].filter { !" \t*^,".contains($0) }.lowercased()
        switch name {
        case "dn/de", "dnde": isDensity = true
        case "e2dn/de", "e2dnde": isDensity = false
        default:
            throw fault(line, "\"\(name)\" is not a flux", "name the second column dN/dE or E^2dN/dE")
        }
        let (energy, flux) = (parts[1][..<first], parts[2][..<last])
        guard let unit = Unit(energy), unit.dimensions == .init(energy: 1) else {
            throw fault(line, "\"\(energy)\" is not a unit of energy", "use GeV, TeV, PeV or another multiple of eV")
        }
        let wanted = Unit.Dimensions(energy: isDensity ? -1 : 1, length: -2, time: -1)
        guard let product = Unit(flux), product.dimensions == wanted else {
            throw fault(
                line, "\"\(flux)\" is not a unit of \(isDensity ? "dN/dE" : "E^2 dN/dE") from a point source",
                "use \(isDensity ? "TeV^-1" : "TeV") cm^-2 s^-1 or the like")
        }
        (energyUnit, fluxUnit) = (unit.factor, product.factor)
    }
}

/// A product of powers of eV, cm, m and s with prefixes: "TeV^-1 cm^-2 s^-1" or "TeV/cm2/s".
private struct Unit {
    struct Dimensions: Equatable {
        var energy = 0
        var length = 0
        var time = 0
    }

    /// In powers of GeV, cm and s.
    private(set) var factor = 1.0
    private(set) var dimensions = Dimensions()

    private static let energies: [String: Double] = [
        "eV": 1e-9, "keV": 1e-6, "MeV": 1e-3, "GeV": 1, "TeV": 1e3, "PeV": 1e6, "EeV": 1e9,
    ]

    init?(_ text: Substring) {
        for (position, part) in text.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            for word in part.split(whereSeparator: { $0.isWhitespace || $0 == "*" }) where word != "1" {
                let name = word.prefix(while: \.isLetter)
                let digits = word.dropFirst(name.count).filter { $0 != "^" }
                guard let power = digits.isEmpty ? 1 : Int(digits), power.magnitude <= 9 else { return nil }
                guard multiply(String(name), power: position == 0 ? power : -power) else { return nil }
            }
        }
    }

    private mutating func multiply(_ name: String, power: Int) -> Bool {
        var base = 1.0
        if let energy = Self.energies[name] {
            base = energy
            dimensions.energy += power
        } else if name == "cm" || name == "m" {
            base = name == "m" ? 100 : 1
            dimensions.length += power
        } else if name == "s" {
            dimensions.time += power
        } else {
            return false
        }
        for _ in 0..<power.magnitude { factor = power > 0 ? factor * base : factor / base }
        return true
    }
}
