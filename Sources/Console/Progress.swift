import Foundation

/// The progress of a long task: a line on standard error with the amount done, the rate, and the time left.
///
/// On a terminal the line updates in place, at most five times a second. Elsewhere nothing is written unless requested;
/// then a plain line is written about every ten seconds. Threads may share a progress.
public final class Progress: @unchecked Sendable {
    // All mutable state is protected by `lock`.
    private let lock = NSLock()
    private let label: String
    private let unit: String
    private let total: Int
    private let start = ContinuousClock.now
    private var done = 0
    private var lastWritten: ContinuousClock.Instant?
    private var lineLength = 0
    private let write: @Sendable (String) -> Void
    private let columns: @Sendable () -> Int?

    /// How progress is shown.
    public enum Style: Sendable {
        /// In place if standard error is a terminal, otherwise nothing.
        case automatic
        /// In place if standard error is a terminal, otherwise as lines.
        case always
        case never
    }

    private enum Form { case inPlace, lines, none }
    private let form: Form

    /// - Parameters:
    ///   - label: the current task, such as "mu 5".
    ///   - unit: the items counted, such as "trials".
    ///   - total: the amount to be done; 0 if unknown.
    public convenience init(_ label: String, unit: String, total: Int, style: Style = .automatic) {
        self.init(
            label, unit: unit, total: total, style: style, isTerminal: StandardError.isTerminal,
            columns: { StandardError.columns }, write: StandardError.write)
    }

    /// For tests, with the terminal's state and width and the destination of lines as parameters.
    init(
        _ label: String, unit: String, total: Int, style: Style, isTerminal: Bool,
        columns: @escaping @Sendable () -> Int?, write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.unit = unit
        self.total = total
        self.write = write
        self.columns = columns
        form =
            switch style {
            case .never: .none
            case .automatic: isTerminal ? .inPlace : .none
            case .always: isTerminal ? .inPlace : .lines
            }
    }

    /// Adds to the amount done.
    public func advance(by amount: Int) {
        lock.lock()
        defer { lock.unlock() }
        done += amount
        let now = ContinuousClock.now
        switch form {
        case .none: return
        case .inPlace: if let lastWritten, now - lastWritten < .milliseconds(200) { return }
        case .lines: if now - (lastWritten ?? start) < .seconds(10) { return }
        }
        lastWritten = now
        show(now)
    }

    /// Writes the last state and ends the line.
    public func finish() {
        lock.lock()
        defer { lock.unlock() }
        guard form != .none else { return }
        show(ContinuousClock.now)
        if form == .inPlace { write("\n") }
        lineLength = 0
    }

    private func show(_ now: ContinuousClock.Instant) {
        var line = Self.line(label: label, unit: unit, done: done, total: total, seconds: (now - start) / .seconds(1))
        switch form {
        case .none: return
        case .lines: write(line + "\n")
        case .inPlace:
            // A wrapped line cannot be overwritten. The last column stays empty, because some terminals wrap there.
            if let columns = columns() { line = String(line.prefix(max(1, columns - 1))) }
            write("\r" + line + String(repeating: " ", count: max(0, lineLength - line.count)))
            lineLength = line.count
        }
    }

    /// "mu 5: 1200/5000 trials (24 %), 310/s, 12 s left"
    static func line(label: String, unit: String, done: Int, total: Int, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var line = "\(label): \(done)"
        if total > 0 {
            line += "/\(total) \(unit) (\(NumberFormat.fixed(100 * Double(done) / Double(total), 0)) %)"
        } else {
            line += " \(unit)"
        }
        guard rate > 0 else { return line }
        line += ", \(NumberFormat.significant(rate, 3))/s"
        if done < total {
            line += ", \(NumberFormat.duration(seconds: Double(total - done) / rate)) left"
        } else {
            line += ", took \(NumberFormat.duration(seconds: seconds))"
        }
        return line
    }
}
