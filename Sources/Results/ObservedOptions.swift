import ArgumentParser
import Diagnostics
import Settings

/// The TS that was observed: as a number, or as the result of `trialgen unblind --json`.
public struct ObservedOptions: ParsableArguments {
    @Option(
        name: .customLong("ts"), parsing: .unconditional,
        help: "An observed TS: prints what follows from it.", transform: decimal)
    public var ts: Double?

    @Option(
        help: ArgumentHelp(
            "The same, read from the output of trialgen unblind --json.", valueName: "result.json"))
    public var unblind: String?

    public init() {}

    /// Nil if none was given.
    ///
    /// - Throws: `Fault`: `usage` for two of them or one that is not finite; as `UnblindResult` for a file.
    public func observation() throws(Fault) -> Observation? {
        if let unblind {
            guard ts == nil else {
                throw Fault(.usage, at: .field("--unblind"), "was given together with --ts", remedy: "give one of them")
            }
            return try Observation(file: unblind)
        }
        if let ts, !ts.isFinite {
            throw Fault(.usage, at: .field("--ts"), "\(ts) is not a valid TS", remedy: "give a finite number")
        }
        return ts.map { Observation(ts: $0) }
    }
}

/// A TS that was observed, and where it comes from.
public struct Observation {
    public let ts: Double
    /// The fit that it belongs to, with the file that holds it; nil for a number from the command line.
    private let source: (file: String, fit: UnblindResult)?

    public var fit: UnblindResult? { source?.fit }

    public init(ts: Double) { (self.ts, source) = (ts, nil) }

    /// - Parameter file: the output of `trialgen unblind --json`.
    /// - Throws: `Fault` as `JSONInput`.
    public init(file: String) throws(Fault) {
        let fit = try UnblindResult(contentsOf: file)
        (ts, source) = (fit.ts, (file, fit))
    }

    /// Checks that the fit is one of the data of a campaign.
    ///
    /// - Parameter trials: the file or files of the campaign, for messages.
    /// - Returns: warnings.
    /// - Throws: `Fault` (bad data) for another campaign.
    public func warnings(for campaign: Campaign, of trials: String) throws(Fault) -> [String] {
        guard let (file, fit) = source else { return [] }
        return try fit.checkCampaign(is: campaign, of: trials, file: file, Campaign.differenceOfData)
    }
}
