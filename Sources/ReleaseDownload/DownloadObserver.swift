/// Who watches a download, and may end it.
public struct DownloadObserver: Sendable {
    /// Is told how many bytes are to come.
    public var expect: @Sendable (_ bytes: Int) -> Void
    /// Is told of bytes that came; a negative number of bytes that came in vain.
    public var advance: @Sendable (_ bytes: Int) -> Void
    /// Is told what happened, in a sentence without a full stop.
    public var note: @Sendable (String) -> Void
    /// Is asked several times a second; true ends the download, and what was downloaded is kept.
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
