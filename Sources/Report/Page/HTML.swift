/// A piece of a page. Interpolated texts are escaped; other pieces are not.
///
///     let cell: HTML = "<td>\(text)</td>"
struct HTML: Sendable, Equatable {
    let text: String

    /// Markup that needs no escaping.
    init(markup: String) { text = markup }

    /// A text with the special characters of HTML and XML escaped, and without control characters, which neither
    /// allows.
    init(escaping plain: String) {
        var escaped = ""
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        text = escaped
    }

    /// A sentence or a number typeset: n_s and Λ_max with their indices, 1.5e-16 as 1.5 × 10⁻¹⁶, GeV^-1 as GeV⁻¹, minus signs before
    /// digits.
    init(typesetting plain: String) {
        var text = HTML(escaping: plain).text
        text = text.replacing("n_s", with: "<i>n</i><sub>s</sub>").replacing("Λ_max", with: "Λ<sub>max</sub>")
        text = text.replacing(/(?<before>[0-9)])e(?<exponent>-?[0-9]+)/) { match in
            "\(match.before) × 10<sup>\(match.exponent)</sup>"
        }
        text = text.replacing(/\^(?<exponent>-?[0-9]+)/) { match in "<sup>\(match.exponent)</sup>" }
        self.text = text.replacing(/-(?<digit>[0-9])/) { match in "\u{2212}\(match.digit)" }
    }

    static let empty = HTML(markup: "")

    var isEmpty: Bool { text.isEmpty }
}

extension HTML: ExpressibleByStringInterpolation {
    /// A literal is markup.
    init(stringLiteral markup: String) { text = markup }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ markup: String) { text += markup }
        mutating func appendInterpolation(_ plain: String) { text += HTML(escaping: plain).text }
        mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    }
}

extension Sequence<HTML> {
    /// The pieces, each on its own lines; empty ones are left out.
    func joined() -> HTML { HTML(markup: filter { !$0.isEmpty }.map(\.text).joined(separator: "\n")) }
}
