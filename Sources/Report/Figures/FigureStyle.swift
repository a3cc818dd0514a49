import Console
import Inference

/// The common style of all figures.
///
/// Colours are those of M. Okabe and K. Ito (*Color Universal Design*, 2008), which can be distinguished with any
/// common kind of colour vision; lines in one figure also differ in dashes and symbols, for print in grey.
enum FigureStyle {
    static let black = "'#000000'"
    static let orange = "'#E69F00'"
    static let skyBlue = "'#56B4E9'"
    static let green = "'#009E73'"
    static let blue = "'#0072B2'"
    static let vermilion = "'#D55E00'"
    static let purple = "'#CC79A7'"
    static let grey = "'#808080'"

    /// Dash types that can be told apart without colour.
    static let dots = "'. '"
    static let dashes = "'- '"
    static let longDashes = "'__ '"
    static let dashesAndDots = "'_. '"
    static let dashAndTwoDots = "'_. . '"

    /// Colour, dash type and symbol of the n-th of several lines.
    static func line(_ index: Int) -> (color: String, dash: String, symbol: Int) {
        let lines = [
            (blue, "1", 7), (vermilion, dashes, 9), (green, dashesAndDots, 5), (purple, dots, 13),
            (orange, longDashes, 11),
            (black, dashAndTwoDots, 6),
        ]
        return lines[index % lines.count]
    }

    /// The legend is above the plot, where it hides nothing.
    static let preamble = [
        "set encoding utf8",
        "set minussign",
        "set border 31 linewidth 0.8",
        "set tics in scale 0.7,0.35 nomirror",
        "set key tmargin left Left reverse vertical samplen 3 spacing 1.25 maxrows 6 width 0",
        "set bars 0.4",
    ]

    /// Arbitrary text as a gnuplot string, in which nothing is a command or markup.
    static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars where scalar.properties.generalCategory != .control {
            if "\\_^{}@&~".unicodeScalars.contains(scalar) { quoted += "\\" }
            quoted += scalar == "'" ? "''" : String(scalar)
        }
        return "'\(quoted)'"
    }

    /// Parts of a plot command that draw points (column 2) with their intervals (columns 3 and 4).
    ///
    /// Intervals are plain lines, because gnuplot clears a ring around symbols with error bars.
    static func points(_ data: String, color: String, symbol: Int, size: Double) -> [String] {
        [
            "\(data):3:(0):($4 - $3) with vectors nohead linecolor rgb \(color) linewidth 1.2 notitle",
            "\(data):2 with points linecolor rgb \(color) pointtype \(symbol) pointsize \(size) notitle",
        ]
    }

    /// Horizontal lines at the tail probabilities of 1 sigma and above, with the significance at the right.
    static func sigmaLines(to largest: Int, above bottom: Double) -> [String] {
        sigmaLines(
            (1...largest).map { (Double($0), Significance.tailProbability(sigma: Double($0))) }, above: bottom)
    }

    /// Horizontal lines at probabilities, with their significances at the right.
    static func sigmaLines(_ levels: [(sigma: Double, probability: Double)], above bottom: Double) -> [String] {
        levels.filter { $0.probability > bottom }.flatMap { sigma, probability in
            let number = NumberFormat.plain(sigma)
            return [
                "set arrow \(number) from graph 0, first \(probability) to graph 1, first \(probability) nohead back "
                    + "linecolor rgb \(FigureStyle.grey) linewidth 0.6 dashtype 3",
                "set label \(number) '\(number)σ' at graph 1.015, first \(probability) left",
            ]
        }
    }

    /// A tic distance of 1, 2 or 5 times a power of ten that divides a range into `parts` or a few more.
    static func step(dividing range: Double, into parts: Int) -> Double {
        guard range > 0, range.isFinite, parts > 0 else { return 1 }
        var unit = 1.0
        while unit * 10 <= range / Double(parts) { unit *= 10 }
        while unit > range / Double(parts) { unit /= 10 }
        return [5, 2, 1].map { $0 * unit }.first { range / $0 >= Double(parts) } ?? unit
    }
}
