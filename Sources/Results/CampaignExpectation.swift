import Diagnostics
import PointSource
import Settings
import TrialStore

/// The trials listed in a campaign's file.
public struct CampaignExpectation {
    /// The points of a campaign with lists, or a single point; empty if no file was given.
    public let points: [(point: CampaignPoint, configuration: Configuration)]
    /// How the trials of each point are split into jobs; nil if no file was given, or if neither the file nor the
    /// command line gives the number of jobs.
    public let slices: CampaignSlices?
    /// The trials of each point; nil if no file was given.
    public let wanted: Coverage?

    /// - Throws: `Fault`: as `ConfigurationLayer` and `Configuration`; usage for a campaign without a list of trials.
    public init(_ file: String?, jobs: Int64? = nil, _ part: CampaignPart = .all) throws {
        guard let file else {
            guard jobs == nil, part == .all else {
                throw Fault(
                    .usage, at: .field(jobs == nil ? "--part" : "--jobs"), "has no effect without --config",
                    remedy: "give --config, or leave it out")
            }
            (points, slices, wanted) = ([], nil, nil)
            return
        }
        var more = ConfigurationLayer()
        more.set(\.jobs, jobs)
        points = try ConfigurationLayer(contentsOf: file).overridden(by: more).points().map {
            ($0, try $0.configuration())
        }
        let first = points[0].configuration
        let trials = first.orderedTrials(part)
        guard !trials.isEmpty else {
            throw Fault(
                .usage, at: .file(file),
                "has no list of trials"
                    + (part == .all ? "" : " of the part \(part.rawValue)"),
                remedy: "add the key trials, as in trials: [{mu: 0, count: 1000}]")
        }
        slices = try first.jobs.map { jobs throws(Fault) in try CampaignSlices(trials, jobs: jobs) }
        var wanted = Coverage()
        for (hypothesis, range) in trials { wanted.insert(range, of: hypothesis) }
        self.wanted = wanted
    }

    /// Whether the campaign lists sources, gammas or energy ranges.
    public var isListed: Bool { points.first?.point.number != nil }
}
