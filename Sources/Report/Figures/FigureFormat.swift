import Foundation

/// The file format of a figure.
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg
    /// 300 dots per inch.
    case png
    case pdf
    /// gnuplot's script with the data, for editing.
    case gnuplot = "gp"

    /// One journal column: 86 mm wide. In units of SVG, in which the font size is 12.
    private static let (width, height, fontSize) = (420, 340, 12)

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

    /// gnuplot's commands for this format. All have the same proportions: in print letters are 7 pt high.
    func terminal(name: String) -> [String] {
        switch self {
        case .svg, .gnuplot:
            [
                "set terminal svg size \(Self.width),\(Self.height) dynamic enhanced "
                    + "font 'Helvetica,\(Self.fontSize)' rounded linewidth 1 name '\(name.replacing("-", with: "_"))'",
                // Lines of text are spaced more widely in SVG.
                "set key spacing 0.85",
            ]
        case .png:
            [
                "set terminal pngcairo size 1016,822 enhanced font 'Helvetica,12' fontscale 1.8 rounded linewidth 2.4 "
                    + "pointscale 2.4"
            ]
        case .pdf:
            [
                "set terminal pdfcairo size 8.6cm,6.96cm enhanced font 'Helvetica,7' rounded linewidth 0.9 "
                    + "pointscale 0.5"
            ]
        }
    }
}
