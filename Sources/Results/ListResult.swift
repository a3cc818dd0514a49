import Diagnostics
import Settings

/// The fits of a list of sources to the data: printed by `trialgen unblind` on a list, and read by `trialmerge`.
public struct ListResult: CampaignResult {
    /// The fit of one source.
    public struct Fit: Sendable, Equatable, Decodable {
        let name: String
        /// Degrees.
        let ra: Double
        /// Degrees.
        let dec: Double
        let ts: Double
    }

    let sources: [Fit]
    public let campaign: String?
    public let fingerprint: String?

    public static let command = "trialgen unblind --json"

    /// How far a place may lie from that of the campaign, in degrees.
    private static let tolerance = 1e-6

    /// - Throws: `Fault` (bad data) for a name that occurs twice.
    public func check() throws(Fault) {
        var known = Set<String>()
        for fit in sources where !known.insert(fit.name).inserted {
            throw Fault(
                .badData, "has two sources with the name \"\(fit.name)\"",
                remedy: "give the output of \(Self.command), unchanged")
        }
    }

    /// The TS of sources of a campaign, in the order given.
    ///
    /// - Parameter file: the file with the result.
    /// - Throws: `Fault` (bad data) for a source that is missing or that lies elsewhere.
    public func testStatistics(of wanted: [ListedSource], file: String) throws(Fault) -> [Double] {
        let fits = Dictionary(sources.map { ($0.name, $0) }) { first, _ in first }
        var values: [Double] = []
        for source in wanted {
            let name = source.source.name
            func fault(_ problem: String) -> Fault {
                Fault(
                    .badData, at: .file(file), problem,
                    remedy: "give the output of \(Self.command) for the list of these trials")
            }
            guard let fit = fits[name] else { throw fault("has no source \"\(name)\"") }
            guard (fit.ra - source.rightAscensionDegrees).magnitude <= Self.tolerance,
                (fit.dec - source.declinationDegrees).magnitude <= Self.tolerance
            else {
                throw fault(
                    "has \"\(name)\" at ra \(shortest(fit.ra)), dec \(shortest(fit.dec)), and not at "
                        + "\(shortest(source.rightAscensionDegrees)), \(shortest(source.declinationDegrees))")
            }
            guard fit.ts.isFinite else { throw fault("has \(fit.ts) as the TS of \"\(name)\"") }
            values.append(fit.ts)
        }
        return values
    }
}
