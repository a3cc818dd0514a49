import ArgumentParser
import Diagnostics
import Settings

/// The observed TS: as a number, or as the result of `trialgen unblind --json`.
public struct ObservedOptions: ParsableArguments {
    @Option(
        name: .customLong("ts"), parsing: .unconditional,
        help: "An observed TS: print its p-value or limit.", transform: decimal)
    public var ts: Double?

    @Option(
        help: ArgumentHelp(
            "Read the observed TS from the output of trialgen unblind --json.", valueName: "result.json"))
    public var unblind: String?

    public init() {}

    /// The observation; nil if none was given.
    ///
    /// - Throws: `Fault`: `usage` if both were given or the number is not finite; as `UnblindResult` for a file.
    public func observation() throws(Fault) -> Observation? {
        if let unblind {
            guard ts == nil else {
                throw Fault(.usage, at: .field("--unblind"), "cannot be combined with --ts", remedy: "give one of them")
            }
            return try Observation(file: unblind)
        }
        if let ts, !ts.isFinite {
            throw Fault(.usage, at: .field("--ts"), "\(ts) is not a valid TS", remedy: "give a finite number")
        }
        return ts.map { Observation(ts: $0) }
    }
}

/// An observed TS, and its origin.
public struct Observation {
    public let ts: Double
    /// The fit of the TS, with the file that contains it; nil for a number from the command line.
    private let source: (file: String, fit: UnblindResult)?

    public var fit: UnblindResult? { source?.fit }
    /// The file that contains the fit; nil for a number from the command line.
    public var file: String? { source?.file }

    public init(ts: Double) { (self.ts, source) = (ts, nil) }

    /// - Parameter file: the output of `trialgen unblind --json`.
    /// - Throws: `Fault` as `JSONInput`; `usage` for the fits of a list of sources.
    public init(file: String) throws(Fault) {
        let fit: UnblindResult
        do {
            fit = try UnblindResult(contentsOf: file)
        } catch {
            if (try? ListResult(contentsOf: file)) != nil {
                throw Fault(
                    .usage, at: .file(file), "contains the fits of a list of sources, and not of one source",
                    remedy: "use trialmerge catalogue for trials of the list, or unblind one source")
            }
            guard (try? SkyResult(contentsOf: file)) != nil else { throw error }
            throw Fault(
                .usage, at: .file(file), "contains the hottest places of the sky, and not the fit of one source",
                remedy: "use trialmerge sky for trials with search: sky, or unblind one source")
        }
        (ts, source) = (fit.ts, (file, fit))
    }

    /// Checks that the fit belongs to the data of a campaign.
    ///
    /// - Parameter trials: the file or files of the campaign, for messages.
    /// - Returns: warnings.
    /// - Throws: `Fault` (bad data) for another campaign.
    public func warnings(for campaign: Campaign, of trials: String) throws(Fault) -> [String] {
        guard let (file, fit) = source else { return [] }
        return try fit.checkCampaign(is: campaign, of: trials, file: file, Campaign.differenceOfData)
    }
}
