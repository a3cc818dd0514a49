import Console
import Diagnostics
import Inference
import PointSource
import Settings

/// The result of a catalogue search: the significance of each source, of the hottest one, and of the whole list.
public struct CatalogueSummary: CommandResult {
    let campaign: Campaign
    /// The sources that are searched, in the order of the campaign's list.
    let sources: [ListedSource]
    let subset: CatalogueSubset
    let trials: CatalogueBackground
    /// Nil if there are no weighted trials.
    private let weights: WeightedSummary?
    /// The observed TS of each source; nil if none was given.
    let observed: [Double]?
    let observation: CatalogueTrials.Observation?
    let requirements: [CatalogueTrials.Requirement]

    /// Post-trial p-values of 1, 2, 3, 4 and 5 sigma.
    static let sigmas = [1.0, 2, 3, 4, 5]

    /// Weighted trials of a catalogue search.
    public struct Weighted {
        let skies: WeightedCatalogueTrials.Skies
        let distribution: WeightedTSDistribution
        let mixture: ProposalMixture

        /// - Parameters:
        ///   - skies: the TS of all sources of the campaign.
        ///   - distribution: of the largest TS.
        ///   - mixture: that the trials were drawn from.
        public init(
            _ skies: consuming WeightedCatalogueTrials.Skies, _ distribution: WeightedTSDistribution,
            _ mixture: ProposalMixture
        ) {
            (self.skies, self.distribution, self.mixture) = (skies, distribution, mixture)
        }
    }

    /// - Parameters:
    ///   - columns: for each source of the campaign, its TS in each ordinary background trial; empty for none.
    ///   - ordinary: the largest TS of these trials; nil for none.
    ///   - weighted: nil for none.
    ///   - observed: for each source of the subset, its TS in the data; nil for none.
    /// - Throws: as `CatalogueTrials` and `WeightedCatalogueTrials`.
    public init(
        campaign: Campaign, subset: CatalogueSubset, _ columns: consuming [[Double]], ordinary: TSDistribution?,
        weighted: consuming Weighted?, observed: [Double]?
    ) throws(Fault) {
        self.campaign = campaign
        self.subset = subset
        self.observed = observed
        sources = subset.indices.map { campaign.configuration.sources[$0] }
        let names = sources.map(\.source.name)
        if subset.indices.count < columns.count { columns = subset.indices.map { columns[$0] } }
        var (counted, fromWeights) = (CatalogueTrials?.none, WeightedCatalogueTrials?.none)
        if weighted == nil || ordinary != nil {
            counted = try CatalogueTrials(columns, observed: observed, names: names)
        }
        var weights: WeightedSummary?
        if let weighted {
            var skies = weighted.skies
            if subset.indices.count < skies.columns.count { skies.columns = subset.indices.map { skies.columns[$0] } }
            fromWeights = try WeightedCatalogueTrials(
                skies, distribution: weighted.distribution, ordinaryShare: weighted.mixture.ordinaryShare,
                observed: observed, names: names)
            weights = WeightedSummary(
                weighted.distribution, weighted.mixture, ordinary: ordinary,
                end: fromWeights?.maxima.max() ?? 1, parameter: campaign.configuration.settings.parameter.label)
        }
        self.weights = weights
        trials = CatalogueBackground(ordinary: counted, weighted: fromWeights)
        observation = trials.observation
        requirements = trials.requirements(global: Self.sigmas.map { Significance.tailProbability(sigma: $0) })
    }

    /// What a source's local p-value of too few trials means for the others.
    public var warnings: [String] { (weights?.warnings ?? []) + precisionWarnings }

    var precisionWarnings: [String] {
        guard let observation else { return [] }
        return [hottestWarning(observation), localWarning(observation), populationWarning(observation)].compactMap {
            $0
        }
    }

    private func hottestWarning(_ observation: CatalogueTrials.Observation) -> String? {
        let hottest = observation.hottest
        if hottest.global.weighted != nil { return distrust(hottest.source, hottest.global, "") }
        guard let ordinary = trials.ordinary,
            let shortage = observation.local[hottest.source].shortage(
                of: ordinary.count, reaching: "the TS of \(name(hottest.source))",
                toResolve: "its p-values and those of the population")
        else { return nil }
        // An estimate that cannot be trusted is told, but not quoted, where ordinary trials give a limit.
        let estimate = trials.weighted?.observation?.hottest
        return estimate.flatMap { distrust($0.source, $0.global, ", \($0.global.valueText) by weighted trials,") }
            ?? shortage
    }

    /// A warning about a post-trial p-value from weighted trials; nil if it can be trusted, or if no result of these trials
    /// can.
    private func distrust(_ source: Int, _ global: PValue, _ number: String) -> String? {
        guard global.weighted?.isTrusted == false, trials.weighted?.isSound == true else { return nil }
        return "the post-trial p-value of \(name(source))\(number) cannot be trusted: \(WeightedTail.remedy)"
    }

    /// About the sources besides the hottest one.
    private func localWarning(_ observation: CatalogueTrials.Observation) -> String? {
        let untrusted = sources.indices.filter {
            $0 != observation.hottest.source && observation.local[$0].weighted?.isTrusted == false
        }
        guard !untrusted.isEmpty, trials.weighted?.isSound == true else { return nil }
        let names = untrusted.map(name).joined(separator: ", ")
        return "these local p-values cannot be trusted: \(names); \(WeightedTail.remedy)"
    }

    private func populationWarning(_ observation: CatalogueTrials.Observation) -> String? {
        let population = observation.population.global
        if population.method == .weighted {
            return
                "the post-trial p-value of the population is from trials that are tilted towards one source at a time: "
                + (coversPopulation
                    ? "make ordinary trials if it is smaller than 0.001"
                    : "its tail is not covered, so make ordinary trials")
        }
        // The hottest source's warning is about both if it is counted too.
        guard observation.hottest.global.weighted != nil, let ordinary = trials.ordinary else { return nil }
        return population.shortage(
            of: ordinary.count, reaching: "the binomial p-value of the data", toResolve: "its p-value")
    }

    public var text: String {
        campaign.sourceLine + "\n\n" + (sections + (weights.map { [$0.heldOutSection] } ?? [])).text + "\n"
    }

    /// The number of trials, the sources, the tests after trials, and what these require.
    var sections: [Section] {
        let (searched, all) = (sources.count, campaign.configuration.sources.count)
        let part = searched == all ? "all \(all) sources" : "\(searched) of \(all) sources (\(subset.title))"
        let count = trials.ordinary.map { "\(NumberFormat.count($0.count)) background trials, each" }
        let facts = [weights?.facts, "\(count ?? "each") one sky seen by \(part)"].compactMap { $0 }
            .joined(separator: "\n")
        return [Section(facts)] + resultSections + [requirementSection]
    }

    /// Whether the population's post-trial p-value is known; weighted trials do not cover the tail of that test.
    var coversPopulation: Bool { observation?.population.global.weighted?.isTrusted != false }

    private func name(_ source: Int) -> String { sources[source].source.name.withoutControls }

    private var resultSections: [Section] {
        guard let observation, let observed else { return [trialSection] }
        return [sourceSection(observation, observed), postTrialSection(observation, observed)]
    }

    private func sourceSection(_ observation: CatalogueTrials.Observation, _ observed: [Double]) -> Section {
        var table = Table([
            .name("source"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS"),
            .number("local p"), .number("low"), .number("high"), .number("sigma"),
        ])
        let order = sources.indices.sorted {
            (observation.local[$0].value, -observed[$0], $0) < (observation.local[$1].value, -observed[$1], $1)
        }
        for source in order {
            let p = observation.local[source]
            table.add(
                [
                    name(source), NumberFormat.fixed(sources[source].rightAscensionDegrees, 2),
                    NumberFormat.fixed(sources[source].declinationDegrees, 2), NumberFormat.fixed(observed[source], 3),
                ] + p.cells)
        }
        return Section("", table)
    }

    private func postTrialSection(
        _ observation: CatalogueTrials.Observation, _ observed: [Double]
    ) -> Section {
        var table = Table([
            .name("test"), .number("local p"), .number("binomial p"), .number("post-trial p"), .number("low"),
            .number("high"), .number("sigma"),
        ])
        let (hottest, population) = (observation.hottest, observation.population)
        func cells(_ global: PValue) -> [String] { [global.valueText] + global.cells.dropFirst() }
        table.add(["hottest source", observation.local[hottest.source].valueText, ""] + cells(hottest.global))
        table.add(
            ["population", population.local.valueText, binomialText(population)]
                + (coversPopulation ? cells(population.global) : ["-", "-", "-", "-"]))
        return Section(
            "", table,
            note: "hottest source: \(name(hottest.source)), TS \(NumberFormat.fixed(observed[hottest.source], 3))\n"
                + (hottest.global.weighted.map {
                    $0.value > 0
                        ? "its p-values are weighted ones; of the one after trials\n\($0.qualityText)\n"
                        : "no weighted trial is as extreme\n"
                } ?? "")
                + Self.lines(
                    "population: k = \(population.k) of \(sources.count) sources:", population.sources.map(name)))
    }

    /// The smallest binomial probability; that of the upper end of the local p-value if no trial reaches the observed TS.
    func binomialText(_ population: CatalogueTrials.Population) -> String {
        guard population.binomial == 0 else { return NumberFormat.significant(population.binomial, 3) }
        let limit = BinomialProportion.probability(atLeast: population.k, of: sources.count, p: population.local.high)
        return "< \(NumberFormat.significant(limit, 3))"
    }

    /// What the trials alone tell about each source.
    private var trialSection: Section {
        var table = Table([
            .name("source"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS = 0", unit: "%"),
            .number("largest TS"),
        ])
        for (source, place) in sources.enumerated() {
            table.add([
                name(source), NumberFormat.fixed(place.rightAscensionDegrees, 2),
                NumberFormat.fixed(place.declinationDegrees, 2),
                NumberFormat.fixed(100 * trials.fractionsAtZero[source], 1),
                NumberFormat.fixed(trials.maxima[source], 3),
            ])
        }
        return Section("", table)
    }

    private var requirementSection: Section {
        var table = Table([
            .number("post-trial sigma"), .number("p-value"), .number("needs local p of the hottest source"),
            .number("or binomial p"),
        ])
        for (sigma, requirement) in zip(Self.sigmas, requirements) {
            table.add(
                [NumberFormat.plain(sigma), NumberFormat.significant(requirement.global, 3)]
                    + [requirement.local, requirement.binomial].map {
                        $0.map { NumberFormat.significant($0, 3) } ?? "-"
                    })
        }
        let isComplete = requirements.allSatisfy { $0.local != nil && $0.binomial != nil }
        return Section("", table, note: isComplete ? "" : "-: too few trials")
    }

    /// A heading and names, in lines that are no wider than tables.
    private static func lines(_ heading: String, _ names: [String]) -> String {
        var (lines, line) = ([String](), heading)
        for (number, name) in names.enumerated() {
            let word = name + (number < names.count - 1 ? "," : "")
            if line.count + 1 + word.count > Table.maximumWidth {
                lines.append(line)
                line = " "
            }
            line += " " + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

extension CatalogueSummary {
    /// Keys of docs/architecture.md; without observed TS, `hottest` and `population` are null. A significance that is
    /// not finite (a p-value of 0 or 1) is null.
    public var members: [JSONValue.Member] {
        [
            .init("n_trials", .integer(trials.ordinary?.count ?? 0)), .init("n_sources", .integer(sources.count)),
            .init("subset", .string(subset.title)), .init("hottest", hottestJSON), .init("population", populationJSON),
            .init("sources", .array(sources.indices.map { .object(members(of: $0)) })),
            .init(
                "requirements",
                .array(
                    zip(Self.sigmas, requirements).map { sigma, requirement in
                        [
                            "sigma": .number(sigma), "p_global": .number(requirement.global),
                            "p_local": .number(requirement.local), "p_binomial": .number(requirement.binomial),
                        ]
                    })),
        ] + (weights.map { [.init("weighted", $0.json)] } ?? []) + campaign.originMembers
    }

    private func members(of source: Int) -> [JSONValue.Member] {
        let place = sources[source]
        var members: [JSONValue.Member] = [
            .init("name", .string(place.source.name)), .init("ra", .number(place.rightAscensionDegrees)),
            .init("dec", .number(place.declinationDegrees)),
            .init("frac_ts_0", .number(trials.fractionsAtZero[source])),
            .init("ts_max", .number(trials.maxima[source])),
        ]
        if let observed, let observation {
            members.append(.init("ts", .number(observed[source])))
            members += observation.local[source].members("p_local") + observation.local[source].weightedMembers
        }
        return members
    }

    private var hottestJSON: JSONValue {
        guard let observation, let observed else { return .null }
        let (source, global) = observation.hottest
        return .object(
            [.init("name", .string(sources[source].source.name)), .init("ts", .number(observed[source]))]
                + observation.local[source].members("p_local") + global.members("p_global")
                + global.weightedMembers + [.init("sigma_global", .number(global.sigma))])
    }

    private var populationJSON: JSONValue {
        guard let population = observation?.population else { return .null }
        return .object(
            [
                .init("k", .integer(population.k)),
                .init("names", .strings(population.sources.map { sources[$0].source.name })),
            ] + population.local.members("p_local") + [.init("p_binomial", .number(population.binomial))]
                + population.global.members("p_global") + population.global.weightedMembers
                + [.init("sigma_global", .number(population.global.sigma))])
    }
}
