import Diagnostics

/// The size and the letters of figures that are written as files.
public struct FigureLook: Sendable, Equatable {
    /// For what a figure is made.
    public enum Theme: String, Sendable, CaseIterable {
        /// A journal: letters of 7 pt at the width of its columns.
        case paper
        /// Slides: wider lines, larger symbols and letters; 98 mm instead of a column.
        case talk
    }

    public let theme: Theme
    /// The number of columns of a journal's page that a figure is wide: 1 (86 mm) or 2 (178 mm).
    public let columns: Int
    /// The name of the font: "Helvetica".
    public let font: String

    /// As on the page of a report: one column of a journal.
    public static let standard = FigureLook(theme: .paper, columns: 1, checkedFont: "Helvetica")

    private init(theme: Theme, columns: Int, checkedFont font: String) {
        (self.theme, self.columns, self.font) = (theme, columns, font)
    }

    /// - Throws: `Fault` (usage) for another number of columns, and for a font whose name has other characters than letters,
    ///   digits, spaces and hyphens.
    public init(theme: Theme, columns: Int, font: String) throws(Fault) {
        guard columns == 1 || columns == 2 else {
            throw Fault(
                .usage, at: .field("--columns"), "\(columns) is not a valid number of columns", remedy: "give 1 or 2")
        }
        let isName = font.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || "0123456789 -".unicodeScalars.contains($0)
        }
        guard isName, !font.isEmpty else {
            throw Fault(
                .usage, at: .field("--font"), "\"\(font)\" is not a valid name of a font",
                remedy: "give the name of an installed font, such as Helvetica or \"Latin Modern Roman\"")
        }
        self.init(theme: theme, columns: columns, checkedFont: font)
    }

    /// Width, height and letters in units of which 420 are 86 mm, and 12 are 7 pt.
    var size: (width: Int, height: Int, letters: Int) {
        switch (theme, columns) {
        case (.paper, 1): (420, 340, 12)
        case (.paper, _): (869, 480, 12)
        case (.talk, 1): (480, 380, 14)
        case (.talk, _): (869, 520, 20)
        }
    }

    /// The factor of line widths and symbols.
    var lines: Double { theme == .paper ? 1 : 1.5 }
}
