import Diagnostics
import Inference
import Results
import Settings

/// Files of several campaigns that are points of one curve.
struct CurveInputs {
    /// The files of each campaign, in the order given.
    private let groups: [(campaign: Campaign, files: [String])]

    /// Reads the headers of files.
    ///
    /// - Throws: `Fault`: `missingInput` if there is no file or one does not exist; `badData` for a file without trials
    ///   of ours, or whose campaign differs from the first in more than source, gamma and energy range.
    init(_ paths: [String]) throws {
        guard let first = paths.first else { throw TrialInputs.noFiles(example: "trialmerge curve merged-p*.h5") }
        let reference = try Campaign(ofFile: first)
        var groups: [(campaign: Campaign, files: [String])] = []
        var places: [String: Int] = [:]
        for path in paths {
            let campaign = try Campaign(ofFile: path)
            if let difference = campaign.differenceBesidesPoint(from: reference, here: path, there: first) {
                throw Fault(
                    .badData, at: .file(path), "is not a point of the same curve as \(first): \(difference)",
                    remedy: "give campaigns that differ only in source, gamma and energy range")
            }
            if let place = places[campaign.fingerprint] {
                groups[place].files.append(path)
            } else {
                places[campaign.fingerprint] = groups.count
                groups.append((campaign, [path]))
            }
        }
        self.groups = groups
    }

    /// The number of campaigns.
    var count: Int { groups.count }

    /// The points, in the order of the curve; campaigns without signal trials are left out.
    ///
    /// A campaign without background trials uses those of another campaign of the same source: the background depends
    /// on neither gamma nor energy range.
    ///
    /// - Parameters:
    ///   - progress: called after each campaign.
    /// - Returns: the points, and warnings about their files.
    /// - Throws: `Fault`: as `TrialInputs`; `badData` if no campaign has trials with signal, or one has no background
    ///   trials.
    func points(
        _ quantities: [CurveQuantity], _ settings: SearchSettings, progress: () -> Void
    ) throws -> (points: [CurvePoint], warnings: [String]) {
        var (points, warnings): ([CurvePoint], [String]) = ([], [])
        var lent: [String: BackgroundTrials] = [:]
        // Campaigns with background trials come before those that borrow them.
        var borrowers: [(campaign: Campaign, inputs: TrialInputs)] = []
        func add(_ campaign: Campaign, _ inputs: TrialInputs, _ background: BackgroundTrials) throws {
            let trials = try inputs.searchTrials(background: background)
            guard !trials.signal.isEmpty else { return }
            points.append(
                try CurvePoint(campaign: campaign, files: inputs.paths, trials: trials, quantities, settings))
        }
        for (campaign, files) in groups {
            let inputs = try TrialInputs(files, command: "curve", exactAt: [settings.cut])
            warnings += inputs.warnings
            if inputs.hasBackground {
                let background = inputs.backgroundTrials
                lent[campaign.backgroundText] = lent[campaign.backgroundText] ?? background
                try add(campaign, inputs, background)
            } else {
                borrowers.append((campaign, inputs))
            }
            progress()
        }
        for (campaign, inputs) in borrowers {
            guard let background = lent[campaign.backgroundText] else {
                // The message lists the trials that are present.
                _ = try inputs.background()
                continue
            }
            try add(campaign, inputs, background)
        }
        guard !points.isEmpty else {
            throw Fault(
                .badData, at: .file(groups[0].files[0]),
                "contains no trials with mu above 0, and neither does any other file",
                remedy: "run trials with several mu above 0")
        }
        return (points.sorted(by: CurvePoint.precedes), warnings)
    }
}
