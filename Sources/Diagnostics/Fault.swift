/// What is wrong, where, with which value, and what to do about it: the only error type of all modules.
///
/// A `Fault` is written for the person at the terminal. ``description`` is a sentence that names the place
/// (file and line, option, or field), quotes the offending value, and ends with the remedy.
public struct Fault: Error, Sendable, Equatable {
    /// The class of a fault; its raw value is the exit code of the command that reports it (`sysexits.h`).
    public enum Kind: Int32, Sendable {
        /// The command line or the configuration contains an invalid value.
        case usage = 64
        /// A file was read, but its contents cannot be used.
        case badData = 65
        /// A file or folder that must exist does not, or cannot be opened.
        case missingInput = 66
        /// An output cannot be created.
        case cannotCreate = 73
        /// Reading or writing failed (a full disk, a failing device).
        case inputOutput = 74
        /// The same command may succeed later.
        case temporary = 75
    }

    public let kind: Kind
    public let place: Place?
    /// What is wrong, with the offending value; a clause without a final full stop.
    public let problem: String
    /// What to do about it; a clause without a final full stop, or nil if no advice is possible.
    public let remedy: String?

    public init(_ kind: Kind, at place: Place? = nil, _ problem: String, remedy: String? = nil) {
        self.kind = kind
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }
}

extension Fault {
    /// Where a fault was found.
    public enum Place: Sendable, Equatable {
        /// A whole file or folder.
        case file(String)
        /// A line of a text file, counted from 1.
        case line(file: String, line: Int)
        /// A field of a line: both counted from 1; the column is that of the first character, as in editors.
        case column(file: String, line: Int, column: Int)
        /// A command-line option (`--dec`) or a configuration key (`source.dec`).
        case field(String)
    }
}

extension Fault.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let file): file.isEmpty ? "\"\"" : file.withoutControls
        case .line(let file, let line): "\(file.withoutControls):\(line)"
        case .column(let file, let line, let column): "\(file.withoutControls):\(line):\(column)"
        case .field(let name): name
        }
    }
}

extension Fault: CustomStringConvertible {
    /// The number of characters of a problem that are shown: a quoted value may be as long as a file.
    private static let longestProblem = 4000

    public var description: String {
        var text = place.map { "\($0): " } ?? ""
        let shown = problem.unicodeScalars.prefix(Fault.longestProblem)
        text += shown.endIndex < problem.endIndex ? String(shown) + "…" : problem + "."
        if let remedy, let first = remedy.first {
            text += " " + first.uppercased() + remedy.dropFirst() + "."
        }
        // Quoted text comes from arbitrary files, and may contain control sequences of terminals.
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isTerminalControl ? "\u{FFFD}" : $0 }))
    }
}

extension Unicode.Scalar {
    /// Whether it is a control character other than the end of a line.
    fileprivate var isTerminalControl: Bool { (value < 0x20 && self != "\n") || (0x7F...0x9F).contains(value) }
}
