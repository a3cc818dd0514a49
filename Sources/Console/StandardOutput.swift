import Diagnostics
import Foundation

/// Standard output, for results; every failed write is an error.
public enum StandardOutput {
    /// Writes a text and a newline (unless it ends in one).
    ///
    /// - Throws: `Fault` (input/output) if they cannot be written, as on a full disk.
    public static func print(_ text: String) throws {
        let error = writeAll(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
        guard error == 0 else {
            throw Fault(
                .inputOutput, at: .file("standard output"), "cannot be written (\(String(cString: strerror(error))))",
                remedy: "free space, or redirect the output")
        }
    }
}

/// Standard error, for progress and messages. Failed writes are ignored.
public enum StandardError {
    /// Whether standard error is a terminal.
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// The terminal's width in characters; nil if there is no terminal or its width is unknown.
    public static var columns: Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Whether to use colours (https://no-color.org).
    public static var allowsColor: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// Writes "error: " and a sentence, the first word in red if colours are used.
    public static func complain(_ sentence: String) {
        write((allowsColor ? "\u{1B}[31merror:\u{1B}[0m " : "error: ") + sentence + "\n")
    }

    /// Writes a text unchanged, in one system call if possible, so that lines of several threads do not mix.
    public static func write(_ text: String) { _ = writeAll(text, to: STDERR_FILENO) }
}

/// - Returns: 0, or the system's error number.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : EIO }
        rest = rest.dropFirst(count)
    }
    return 0
}
