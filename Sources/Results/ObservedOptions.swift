import ArgumentParser
import Diagnostics

/// The TS that was observed: as a number, or as the result of `trialgen unblind --json`.
public struct ObservedOptions: ParsableArguments {
    @Option(
        name: .customLong("ts"), parsing: .unconditional,
        help: "An observed TS: prints what follows from it.")
    public var ts: Double?

    @Option(
        help: ArgumentHelp(
            "The same, read from the output of trialgen unblind --json.", valueName: "result.json"))
    public var unblind: String?

    public init() {}

    /// Nil if none was given.
    ///
    /// - Throws: `Fault`: `usage` for two of them or one that is not finite; as `UnblindResult` for a file.
    public func observedTS() throws(Fault) -> Double? {
        if let unblind {
            guard ts == nil else {
                throw Fault(.usage, at: .field("--unblind"), "was given together with --ts", remedy: "give one of them")
            }
            return try UnblindResult(contentsOf: unblind).ts
        }
        if let ts, !ts.isFinite {
            throw Fault(.usage, at: .field("--ts"), "\(ts) is not a valid TS", remedy: "give a finite number")
        }
        return ts
    }
}
