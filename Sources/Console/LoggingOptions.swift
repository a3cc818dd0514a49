import ArgumentParser
import Diagnostics
import Logging

/// The messages of a command on standard error: `--quiet`, `--log-level`, `--progress`.
public struct LoggingOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print only errors.")
    public var quiet = false

    @Option(help: ArgumentHelp("Least important level of messages to show: \(levels).", valueName: "level"))
    public var logLevel = "notice"

    @Flag(help: "Show progress even if standard error is not a terminal: a line about every 10 seconds.")
    public var progress = false

    private static let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")

    public init() {}

    public var progressStyle: Progress.Style { quiet ? .never : progress ? .always : .automatic }

    /// Handles signals from now on. The first Ctrl-C prints a message.
    public func makeStopRequest() -> StopRequest { StopRequest(announces: !quiet && StandardError.isTerminal) }

    /// Directs the process's log to standard error and returns a logger; call it once.
    ///
    /// - Throws: `Fault` (usage) for a level that does not exist.
    public func makeLogger(label: String) throws -> Logger {
        guard let level = Logger.Level(rawValue: logLevel) else {
            let guess = nearestName(to: logLevel, in: Logger.Level.allCases.map(\.rawValue))
            throw Fault(
                .usage, at: .field("--log-level"), "\"\(logLevel)\" is not a valid log level",
                remedy: "\(suggestion(guess))Valid levels are \(Self.levels)")
        }
        let shown = quiet ? .error : level
        let colored = StandardError.allowsColor
        LoggingSystem.bootstrap { _ in PlainLogHandler(logLevel: shown, colored: colored) }
        return Logger(label: label)
    }
}

/// Writes "warning: text (key value, …)" on standard error; without the level for notices and lower levels.
struct PlainLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let colored: Bool

    init(logLevel: Logger.Level, colored: Bool) {
        self.logLevel = logLevel
        self.colored = colored
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let details = all.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let text = details.isEmpty ? "\(event.message)" : "\(event.message) (\(details))"
        StandardError.write(prefix(event.level) + text.withoutControls + "\n")
    }

    private func prefix(_ level: Logger.Level) -> String {
        let (word, color) =
            switch level {
            case .warning: ("warning: ", "\u{1B}[33m")
            case .error, .critical: ("error: ", "\u{1B}[31m")
            default: ("", "")
            }
        return colored && !word.isEmpty ? color + word + "\u{1B}[0m" : word
    }
}
