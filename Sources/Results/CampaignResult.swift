import Console
import Diagnostics
import Settings

/// A result in JSON that says which campaign it belongs to.
public protocol CampaignResult: JSONInput {
    /// The campaign as text; nil in results of older versions.
    var campaign: String? { get }
    /// The campaign's fingerprint; nil in results of older versions.
    var fingerprint: String? { get }
}

extension Campaign {
    /// Why a result of one campaign is not one for another: of the first, with names of both for the clause.
    public typealias Difference = (Campaign) -> (Campaign, String, String) -> String?

    /// `source` and `sample`, for people; programs compare the fingerprint and the text.
    public var originMembers: [JSONValue.Member] {
        [
            .init(
                "source",
                [
                    "name": .string(configuration.source.name), "ra": .number(configuration.rightAscensionDegrees),
                    "dec": .number(configuration.declinationDegrees),
                ]), .init("sample", .string(configuration.sample.name)),
        ]
    }
}

extension CampaignResult {
    /// `fingerprint` and `campaign`, as far as they are known.
    var campaignMembers: [JSONValue.Member] {
        [("fingerprint", fingerprint), ("campaign", campaign)].compactMap { key, text in
            text.map { .init(key, .string($0)) }
        }
    }

    /// Checks that a result belongs to the campaign of trials.
    ///
    /// - Parameters:
    ///   - file: where the result was read.
    ///   - trials: the file or files of the trials, for messages.
    ///   - difference: by which the two may not differ.
    /// - Returns: a warning if the result does not say to which campaign it belongs.
    /// - Throws: `Fault` (bad data) for another campaign, naming what differs, or a text that does not have the fingerprint.
    public func checkCampaign(
        is other: Campaign, of trials: String, file: String, _ difference: Campaign.Difference
    ) throws(Fault) -> [String] {
        guard let text = campaign else {
            return [
                "\(file) does not say to which campaign it belongs, since an older version wrote it: check that it has the "
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
                .badData, at: .file(file), "its fingerprint is not that of its campaign, so it was edited",
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
