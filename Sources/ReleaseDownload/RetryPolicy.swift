import Diagnostics

/// How often and after which delay a request is repeated.
public struct RetryPolicy: Sendable, Equatable {
    /// The number of consecutive attempts with almost no new data (``Downloader/Order/progress``) before giving up.
    public let attempts: Int
    /// Seconds before the second attempt; doubled before each further attempt.
    public let firstDelay: Double
    /// The longest delay, in seconds, unless the server requests a longer one.
    public static let longestDelay = 60.0
    /// The longest wait that a server may request, in seconds; otherwise there is no further attempt.
    public static let longestServerDelay = 600.0

    /// - Throws: a usage `Fault` naming the option for a number out of range.
    public init(attempts: Int = 8, firstDelay: Double = 1) throws(Fault) {
        guard (1...1000).contains(attempts) else {
            throw Fault(
                .usage, at: .field("--attempts"), "\(attempts) is out of range", remedy: "give a number from 1 to 1000")
        }
        guard firstDelay >= 0, firstDelay <= Self.longestDelay else {
            throw Fault(
                .usage, at: .field("--retry-delay"), "\(shortest(firstDelay)) is out of range",
                remedy: "give seconds from 0 to \(shortest(Self.longestDelay))")
        }
        self.attempts = attempts
        self.firstDelay = firstDelay
    }

    /// Seconds before the next attempt; nil for no further attempt.
    ///
    /// - Parameters:
    ///   - failures: consecutive attempts with almost no new data, 1 or more.
    ///   - retryAfter: the wait requested by the server, in seconds.
    func delay(failures: Int, retryAfter: Double? = nil) -> Double? {
        guard failures < attempts else { return nil }
        var delay = firstDelay
        for _ in 1..<max(1, failures) where delay < Self.longestDelay { delay *= 2 }
        delay = min(delay, Self.longestDelay)
        guard let retryAfter else { return delay }
        return retryAfter <= Self.longestServerDelay ? max(delay, retryAfter) : nil
    }
}
