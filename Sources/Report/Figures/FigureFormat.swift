import Console
import Diagnostics
import Foundation

/// The file format of a figure.
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg
    /// 300 dots per inch.
    case png
    case pdf
    /// gnuplot's script with the data, for editing.
    case gnuplot = "gp"

    /// The mark in every page and figure written by this program.
    static let mark = "Made by trialmerge"

    /// A figure of this format with ``mark``, placed where viewers do not show it.
    func marked(_ figure: Data) -> Data {
        switch self {
        case .svg: return figure + Data("<!-- \(Self.mark) -->\n".utf8)
        case .pdf: return figure + Data("%\(Self.mark)\n".utf8)
        case .gnuplot: return Data("# \(Self.mark)\n".utf8) + figure
        case .png:
            // The last chunk, IEND, has 12 bytes.
            var text: [UInt8] = Array("tEXtComment\0\(Self.mark)".utf8)
            text += Self.bigEndian(Self.checksum(text))
            return figure.dropLast(12) + Data(Self.bigEndian(UInt32(text.count - 8)) + text) + figure.suffix(12)
        }
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// CRC-32 of a chunk's type and data (PNG specification, annex D).
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB8_8320 }
        }
        return ~sum
    }

    /// gnuplot's commands for this format. All have the same proportions.
    func terminal(name: String, _ look: FigureLook) -> [String] {
        let (width, height, letters) = look.size
        let (w, h, lines) = (Double(width), Double(height), look.lines)
        func fixed(_ value: Double, _ decimals: Int) -> String { NumberFormat.fixed(value, decimals) }
        switch self {
        case .svg, .gnuplot:
            return [
                "set terminal svg size \(width),\(height) dynamic enhanced font '\(look.font),\(letters)' rounded "
                    + "linewidth \(shortest(lines)) name '\(name.replacing("-", with: "_"))'",
                // Lines of text are spaced more widely in SVG.
                "set key spacing 0.85",
            ]
        case .png:
            // 300 dots per inch.
            let dots = 1016.0 / 420
            return [
                "set terminal pngcairo size \(Int((w * dots).rounded())),\(Int((h * dots).rounded())) enhanced "
                    + "font '\(look.font),\(letters)' fontscale 1.8 rounded linewidth \(fixed(2.4 * lines, 2)) "
                    + "pointscale \(fixed(2.4 * lines, 2))"
            ]
        case .pdf:
            let centimetres = 8.6 / 420
            return [
                "set terminal pdfcairo size \(fixed(w * centimetres, 2))cm,\(fixed(h * centimetres, 2))cm enhanced "
                    + "font '\(look.font),\(fixed(Double(letters) * 7 / 12, 2))' rounded linewidth \(fixed(0.9 * lines, 2)) "
                    + "pointscale \(fixed(0.5 * lines, 2))"
            ]
        }
    }
}
