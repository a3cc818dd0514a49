import Foundation

extension Process {
    /// Starts the process, one at a time in this program.
    ///
    /// Foundation hears of the end of a process by a socket, which another process that is started at the same moment inherits.
    /// While that one lives (a server, say), the end of the first would not be noticed.
    public func start() throws { try Self.starting.withLock { try run() } }

    private static let starting = NSLock()
}
