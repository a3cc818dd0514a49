import ArgumentParser
import Foundation
import Settings
import TrialMaking

/// The option by which trials are made without the release.
struct PreparedOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Start from this file, which trialgen prepare made, instead of the release; it holds the analysis' settings. Of "
                + "a campaign with points each has one, with its number in the name.",
            valueName: "file"), completion: .file())
    var prepared: String?

    /// The file of a point: the one that is named if it is there, else the one with the point's number.
    func path(for point: CampaignPoint) -> String? {
        prepared.map { FileManager.default.fileExists(atPath: $0) ? $0 : point.path($0) }
    }

    /// The file of a point, checked.
    ///
    /// - Throws: `Fault` as `PreparedFile`.
    func open(for point: CampaignPoint) throws -> PreparedFile? {
        try path(for: point).map { try PreparedFile(contentsOf: $0) }
    }
}
