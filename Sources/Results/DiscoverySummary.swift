import Console
import Inference
import Settings

/// Discovery potentials at one or several significances.
public struct DiscoverySummary: CommandResult {
    let campaign: Campaign
    let summaries: [(sigma: Double, summary: DetectableSignalSummary)]

    /// - Parameter power: the fraction of signal trials that must exceed the significances.
    /// - Throws: as `DetectableSignal.find`.
    public init(
        _ sigmas: [Double], power: Double = DetectableSignal.Criterion.discovery().power, campaign: Campaign,
        trials: SearchTrials, _ settings: SearchSettings
    ) throws {
        self.campaign = campaign
        let quantities = sigmas.map {
            (Detection.discoveryTitle($0), DetectableSignal.Criterion(sigma: $0, power: power))
        }
        let detections = try Detection.all(quantities, in: trials, settings)
        summaries = try zip(sigmas, detections).map { sigma, detection in
            (sigma, try DetectableSignalSummary(detection, campaign: campaign, trials: trials, settings))
        }
    }

    public var sections: [Section] { summaries.map(\.summary.section) }

    public var text: String { "\(campaign.line)\n\n\(sections.text)" }

    public var warnings: [String] { summaries.flatMap(\.summary.warnings) }

    /// An object for each significance, with the significance as key.
    public var bySigma: JSONValue { .object(summaries.map { .init(NumberFormat.plain($0.sigma), $0.summary.json) }) }

    /// The members of the only significance, or an object by significance if there are several.
    public var members: [JSONValue.Member] {
        summaries.count == 1 ? summaries[0].summary.members : [.init("discovery", bySigma)]
    }
}
