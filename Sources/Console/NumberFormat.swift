import Diagnostics
import Foundation

/// How numbers are written for people. Every function accepts all numbers: those that are not finite become "nan",
/// "inf" or "-inf".
public enum NumberFormat {
    /// A number as it was given, in its shortest form: 5, 40.67, 1e-15.
    public static func plain(_ value: Double) -> String {
        value.isFinite ? shortest(value) : special(value)
    }

    /// A fixed number of decimals: 12.30.
    public static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return special(value) }
        if value.magnitude >= 1e15 { return scientific(value, 3) }
        let text = String(format: "%.\(max(0, decimals))f", value)
        // Avoids a negative zero.
        return text.hasPrefix("-") && !text.contains { $0.isNumber && $0 != "0" } ? String(text.dropFirst()) : text
    }

    /// A number of significant digits, without an exponent where that stays readable: 0.0123, 4.56, 1230, 1.23e-17.
    public static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return special(value) }
        guard value != 0 else { return "0" }
        let (_, exponent) = scientificParts(value, digits - 1)
        if exponent < -4 || exponent > 8 { return scientific(value, digits - 1) }
        let rounded = Double(scientific(value, digits - 1)) ?? value
        return fixed(rounded, max(0, digits - 1 - exponent))
    }

    /// One digit, a point, the decimals, and the shortest exponent: 3.08e-17; zero is 0.
    public static func scientific(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return special(value) }
        guard value != 0 else { return "0" }
        let (mantissa, exponent) = scientificParts(value, decimals)
        return "\(mantissa)e\(exponent)"
    }

    /// A flux normalisation as publications write it: 3.08e-17.
    public static func flux(_ value: Double) -> String { scientific(value, 2) }

    /// An energy in GeV, in a suitable unit, with three digits if it has more than four characters: 316 GeV, 1 TeV,
    /// 1.5 PeV.
    public static func energy(_ value: Double) -> String {
        func text(_ number: Double) -> String {
            let exact = plain(number)
            return exact.count <= 4 ? exact : plain(Double(scientific(number, 2)) ?? number)
        }
        switch value {
        case 1e6...: return "\(text(value / 1e6)) PeV"
        // A number that rounds to 1000 GeV is written as 1 TeV.
        case 999.5...: return "\(text(value / 1e3)) TeV"
        default: return "\(text(value)) GeV"
        }
    }

    /// A range of energies in GeV: 100–316 GeV, 316 GeV–1 TeV.
    public static func energies(_ lower: Double, _ upper: Double) -> String {
        let (first, last) = (energy(lower), energy(upper))
        guard first.suffix(4) == last.suffix(4) else { return "\(first)–\(last)" }
        return "\(first.dropLast(4))–\(last)"
    }

    /// A value with the ends of its interval, rounded to the second digit of the smaller error: "12.3 +1.1 -1.0".
    public static func value(_ value: Double, low: Double, high: Double) -> String {
        let (up, down) = (high - value, value - low)
        guard value.isFinite, let decimals = decimals(up, down) else {
            return "\(significant(value, 4)) [\(significant(low, 4)), \(significant(high, 4))]"
        }
        if decimals > 8 || decimals < 0 { return flux(value, low: low, high: high) }
        return "\(fixed(value, decimals)) +\(fixed(up, decimals)) -\(fixed(down, decimals))"
    }

    /// A flux with the ends of its interval, with a common power of ten: "(3.08 +0.12 -0.11)e-17".
    public static func flux(_ value: Double, low: Double, high: Double) -> String {
        let (up, down) = (high - value, value - low)
        guard value.isFinite, value != 0, up.isFinite, down.isFinite else {
            return "\(flux(value)) [\(flux(low)), \(flux(high))]"
        }
        let (_, exponent) = scientificParts(value, 2)
        let unit = Foundation.pow(10, Double(exponent))
        let places = min(6, max(0, decimals(up / unit, down / unit) ?? 2))
        let (v, u, d) = (fixed(value / unit, places), fixed(up / unit, places), fixed(down / unit, places))
        return "(\(v) +\(u) -\(d))e\(exponent)"
    }

    /// A count with commas between groups of three digits: 1,633,206.
    public static func count(_ value: some BinaryInteger) -> String {
        var groups: [String] = []
        var digits = String(value.magnitude)
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// A fraction in per cent with two decimals at most, without the sign: 68.27, 90.
    public static func percent(_ fraction: Double) -> String {
        let rounded = (1e4 * fraction).rounded() / 100
        // Neither everything nor nothing, unless it is exactly that.
        let isEnd = (rounded == 100 && fraction < 1) || (rounded == 0 && fraction > 0)
        return plain(isEnd ? 100 * fraction : rounded)
    }

    /// A duration with its two leading units: "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
    public static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, let whole = Int(exactly: min(seconds, 1e15).rounded()) else {
            return special(seconds)
        }
        switch whole {
        case ..<10: return "\(fixed(seconds, 1)) s"
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<86400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: return "\(whole / 86400) d \(whole % 86400 / 3600) h"
        }
    }

    private static func special(_ value: Double) -> String {
        value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }

    /// The number of decimals that shows the smaller positive error with two digits; nil if there is none.
    private static func decimals(_ up: Double, _ down: Double) -> Int? {
        guard let smaller = [up, down].filter({ $0 > 0 && $0.isFinite }).min(), up.isFinite, down.isFinite else {
            return nil
        }
        return 1 - scientificParts(smaller, 1).exponent
    }

    /// A finite number as a mantissa with one digit before the point, and the exponent of its power of ten.
    public static func scientificParts(_ value: Double, _ decimals: Int) -> (mantissa: String, exponent: Int) {
        let parts = String(format: "%.\(max(0, decimals))e", value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return (String(value), 0) }
        return (String(parts[0]), exponent)
    }
}
