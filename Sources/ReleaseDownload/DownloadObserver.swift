/// Observes a download, and may end it.
public struct DownloadObserver: Sendable {
    /// Receives the number of bytes to expect.
    public var expect: @Sendable (_ bytes: Int) -> Void
    /// Receives the number of bytes that arrived; negative for bytes that were useless.
    public var advance: @Sendable (_ bytes: Int) -> Void
    /// Receives a message, a sentence without a full stop.
    public var note: @Sendable (String) -> Void
    /// Called several times a second; true ends the download, and the downloaded bytes are kept.
    public var shouldStop: @Sendable () -> Bool

    public init(
        expect: @escaping @Sendable (_ bytes: Int) -> Void = { _ in },
        advance: @escaping @Sendable (_ bytes: Int) -> Void = { _ in },
        note: @escaping @Sendable (String) -> Void = { _ in },
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.expect = expect
        self.advance = advance
        self.note = note
        self.shouldStop = shouldStop
    }
}
