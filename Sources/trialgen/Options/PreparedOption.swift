import ArgumentParser
import Foundation
import Settings
import TrialMaking

/// The option to make trials without the release.
struct PreparedOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Use this file, written by trialgen prepare, instead of the release; it contains the settings of the analysis. "
                + "A campaign with points has one per point, with its number in the name.",
            valueName: "file"), completion: .file())
    var prepared: String?

    /// The prepared file of a point: the given file if it exists, else the one with the point's number.
    func path(for point: CampaignPoint) -> String? {
        prepared.map { FileManager.default.fileExists(atPath: $0) ? $0 : point.path($0) }
    }

    /// Opens and checks the prepared file of a point.
    ///
    /// - Throws: `Fault` as `PreparedFile`.
    func open(for point: CampaignPoint) throws -> PreparedFile? {
        try path(for: point).map { try PreparedFile(contentsOf: $0) }
    }
}
