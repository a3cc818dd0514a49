import Console
import Diagnostics
import Settings

/// A result in JSON that names its campaign.
public protocol CampaignResult: JSONInput {
    /// The campaign as text; nil in results of older versions.
    var campaign: String? { get }
    /// The campaign's fingerprint; nil in results of older versions.
    var fingerprint: String? { get }
}

extension Campaign {
    /// Why a result of one campaign does not fit another: of the first, with names of both for the clause.
    public typealias Difference = (Campaign) -> (Campaign, String, String) -> String?

    /// `source` (or `search` and `n_sources`) and `sample`, for people; programs compare fingerprint and text.
    public var originMembers: [JSONValue.Member] {
        sourceMembers + [.init("sample", .string(configuration.sample.name))] + energyMembersIfAny
    }

    private var sourceMembers: [JSONValue.Member] {
        if configuration.search.hasList {
            return [
                .init("search", .string(configuration.search.rawValue)),
                .init("n_sources", .integer(configuration.sources.count)),
            ]
        }
        if let sky = configuration.sky {
            return [.init("search", .string(configuration.search.rawValue)), .init("nside", .integer(sky.coarse.side))]
        }
        return [
            .init(
                "source",
                [
                    "name": .string(configuration.source.name), "ra": .number(configuration.rightAscensionDegrees),
                    "dec": .number(configuration.declinationDegrees),
                ])
        ]
    }
}

extension CampaignResult {
    /// `fingerprint` and `campaign`, if they are known.
    var campaignMembers: [JSONValue.Member] {
        [("fingerprint", fingerprint), ("campaign", campaign)].compactMap { key, text in
            text.map { .init(key, .string($0)) }
        }
    }

    /// Checks that a result belongs to the campaign of the trials.
    ///
    /// - Parameters:
    ///   - file: the file with the result.
    ///   - trials: the file or files of the trials, for messages.
    ///   - difference: finds the differences that are not allowed.
    /// - Returns: a warning if the result does not name its campaign.
    /// - Throws: `Fault` (bad data) for another campaign, naming the difference, or a text with another fingerprint.
    public func checkCampaign(
        is other: Campaign, of trials: String, file: String, _ difference: Campaign.Difference
    ) throws(Fault) -> [String] {
        guard let text = campaign else {
            return [
                "\(file) was written by an older version and does not name its campaign: check that it has the "
                    + "source, data and fit of these trials"
            ]
        }
        let own: Campaign
        do {
            own = try Campaign(text: text, file: file)
        } catch {
            throw error as? Fault ?? Fault(.badData, at: .file(file), "\(error)")
        }
        guard fingerprint.map({ $0 == own.fingerprint }) ?? true else {
            throw Fault(
                .badData, at: .file(file), "its fingerprint does not match its campaign: it was edited",
                remedy: "give the output of \(Self.command), unchanged")
        }
        if let difference = difference(own)(other, file, trials) {
            throw Fault(
                .badData, at: .file(file), "does not belong to the campaign of \(trials): \(difference)",
                remedy: "give the output of \(Self.command) for the campaign of these trials")
        }
        return []
    }
}
