/// What a figure can be written as.
public enum FigureFormat: String, Sendable, CaseIterable {
    case svg
    /// 300 dots an inch.
    case png
    case pdf
    /// gnuplot's script with the data, to be edited.
    case gnuplot = "gp"

    /// One column of a journal: 86 mm wide. In units of SVG, of which the font's size is 12.
    private static let (width, height, fontSize) = (420, 340, 12)

    /// gnuplot's commands that choose this format. The same proportions in all: in print letters are 7 pt high.
    func terminal(name: String) -> [String] {
        switch self {
        case .svg, .gnuplot:
            [
                "set terminal svg size \(Self.width),\(Self.height) dynamic enhanced "
                    + "font 'Helvetica,\(Self.fontSize)' rounded linewidth 1 name '\(name.replacing("-", with: "_"))'",
                // Lines of text are taken to be higher there.
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
