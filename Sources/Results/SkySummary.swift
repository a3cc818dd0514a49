import Console
import Diagnostics
import Inference
import PointSource
import Settings

/// The result of a search of the sky: the post-trial significance of the hottest place of each hemisphere, and of the more
/// significant of the two.
public struct SkySummary: CommandResult {
    let campaign: Campaign
    let hemispheres: [SkyGrid.Hemisphere]
    /// Each hemisphere is like a source of a catalogue: its TS is that of its hottest place.
    let trials: CatalogueTrials
    /// The hottest places of the data; nil if none were given.
    let observed: [SkyResult.Place]?
    /// For each of ``sigmas``, the smallest TS that a post-trial significance requires in each hemisphere.
    private let required: [[Double?]]

    /// For each hemisphere, the fraction of trials whose hottest place has a larger TS.
    let curves: [PostTrialCurve]

    private static let sigmas = [1.0, 2, 3, 4, 5]

    /// - Parameters:
    ///   - columns: for each hemisphere, the TS of its hottest place in each background trial.
    ///   - observed: for each hemisphere, its hottest place in the data; nil for none.
    /// - Throws: as `CatalogueTrials`.
    public init(
        campaign: Campaign, _ hemispheres: [SkyGrid.Hemisphere], _ columns: [[Double]], observed: [SkyResult.Place]?
    ) throws(Fault) {
        (self.campaign, self.hemispheres, self.observed) = (campaign, hemispheres, observed)
        trials = try CatalogueTrials(
            columns, observed: observed?.map(\.ts), names: hemispheres.map { "the \($0.rawValue)" })
        curves = columns.map { PostTrialCurve($0, .largeFirst) }
        let sorted = columns.map { $0.sorted(by: >) }
        required = Self.sigmas.map { sigma in
            sorted.map { values in
                let most = Significance.tailProbability(sigma: sigma) * Double(values.count)
                return most >= TSDistribution.minimumCountedTail ? values[Int(most) - 1] : nil
            }
        }
    }

    /// The hottest place of a hemisphere counts for it alone; the better one counts for two.
    public var warnings: [String] {
        guard let observation = trials.observation else { return [] }
        return zip(hemispheres, observation.local).compactMap { hemisphere, p in
            p.shortage(of: trials.count, reaching: "the TS of the \(hemisphere.rawValue)", toResolve: "its p-value")
        }
    }

    public var text: String {
        campaign.sourceLine + "\n\n" + sections.text + "\n"
    }

    /// The number of trials, the hottest places, and what a significance requires.
    var sections: [Section] {
        let facts = "\(NumberFormat.count(trials.count)) background trials, each one sky"
        return [Section(facts)] + resultSections + [requirementSection]
    }

    private var resultSections: [Section] {
        guard let observation = trials.observation, let observed else {
            var table = Table([.name("hemisphere"), .number("largest TS of a trial")])
            for (hemisphere, maximum) in zip(hemispheres, trials.maxima) {
                table.add([hemisphere.rawValue, NumberFormat.fixed(maximum, 3)])
            }
            return [Section("", table)]
        }
        var table = Table([
            .name("hottest place"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS"),
            .number("post-trial p"), .number("low"), .number("high"), .number("sigma"),
        ])
        for (place, p) in zip(observed, observation.local) { table.add(Self.cells(place.name, place, p)) }
        let (index, global) = observation.hottest
        if hemispheres.count > 1 { table.add(Self.cells("of both", observed[index], global)) }
        return [Section("", table)]
    }

    private static func cells(_ name: String, _ place: SkyResult.Place, _ p: PValue) -> [String] {
        [
            name, NumberFormat.fixed(place.ra, 2), NumberFormat.fixed(place.dec, 2), NumberFormat.fixed(place.ts, 3),
        ] + p.cells
    }

    private var requirementSection: Section {
        var table = Table(
            [.number("post-trial sigma"), .number("p-value")]
                + hemispheres.map { .number("needs TS in the \($0.rawValue)") })
        for (index, sigma) in Self.sigmas.enumerated() {
            table.add(
                [
                    NumberFormat.plain(sigma),
                    NumberFormat.significant(Significance.tailProbability(sigma: sigma), 3),
                ] + required[index].map { $0.map { NumberFormat.fixed($0, 3) } ?? "-" })
        }
        let isComplete = required.allSatisfy { $0.allSatisfy { $0 != nil } }
        return Section("", table, note: isComplete ? "" : "-: too few trials")
    }
}

extension SkySummary {
    /// Keys of docs/architecture.md; without observed places, `hottest` is null. A significance that is not finite (a
    /// p-value of 0 or 1) is null.
    public var members: [JSONValue.Member] {
        [
            .init("n_trials", .integer(trials.count)), .init("hottest", hottestJSON),
            .init("hemispheres", .array(hemispheres.indices.map { .object(members(of: $0)) })),
            .init(
                "requirements",
                .array(
                    zip(Self.sigmas, required).map { sigma, values in
                        .object(
                            [
                                .init("sigma", .number(sigma)),
                                .init("p_global", .number(Significance.tailProbability(sigma: sigma))),
                            ] + zip(hemispheres, values).map { .init("ts_\($0.rawValue)", .number($1)) })
                    })),
        ] + campaign.originMembers
    }

    private func members(of index: Int) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("name", .string(hemispheres[index].rawValue)), .init("ts_max", .number(trials.maxima[index])),
        ]
        if let observed, let observation = trials.observation {
            let p = observation.local[index]
            members += Self.members(of: observed[index]) + p.members("p_global")
            members.append(.init("sigma_global", .number(p.sigma)))
        }
        return members
    }

    private static func members(of place: SkyResult.Place) -> [JSONValue.Member] {
        [.init("ra", .number(place.ra)), .init("dec", .number(place.dec)), .init("ts", .number(place.ts))]
    }

    private var hottestJSON: JSONValue {
        guard let observation = trials.observation, let observed else { return .null }
        let (index, global) = observation.hottest
        return .object(
            [.init("name", .string(hemispheres[index].rawValue))] + Self.members(of: observed[index])
                + observation.local[index].members("p_hemisphere") + global.members("p_global")
                + [.init("sigma_global", .number(global.sigma))])
    }
}
