import Diagnostics
import PointSource
import Trials

/// What a campaign's file asks for, without a look at any data.
struct CampaignExpectation {
    /// Nil if no file was named.
    let configuration: Configuration?
    /// How the trials are cut; nil if no file was named, or neither it nor the command line says how many jobs.
    let slices: CampaignSlices?
    /// The trials; nil if no file was named.
    let wanted: Coverage?

    /// - Throws: `Fault`: as `ConfigurationLayer` and `Configuration`; usage for a campaign without a list of trials.
    init(_ file: String?, jobs: Int64? = nil, _ part: CampaignPart = .all) throws {
        guard let file else {
            guard jobs == nil, part == .all else {
                throw Fault(
                    .usage, at: .field(jobs == nil ? "--part" : "--jobs"), "says nothing without the campaign",
                    remedy: "give --config as well")
            }
            (configuration, slices, wanted) = (nil, nil, nil)
            return
        }
        var more = ConfigurationLayer()
        more.set(\.jobs, jobs, as: .jobs)
        let configuration = try Configuration(try ConfigurationLayer(contentsOf: file).overridden(by: more))
        let trials = configuration.orderedTrials(part)
        guard !trials.isEmpty else {
            throw Fault(
                .usage, at: .file(file), "has no list of trials"
                    + (part == .all ? "" : " of the part \(part.rawValue)"),
                remedy: "give it the key trials, as in trials: [{mu: 0, count: 1000}]")
        }
        self.configuration = configuration
        slices = try configuration.jobs.map { jobs throws(Fault) in try CampaignSlices(trials, jobs: jobs) }
        var wanted = Coverage()
        for (hypothesis, range) in trials { wanted.insert(range, of: hypothesis) }
        self.wanted = wanted
    }
}
