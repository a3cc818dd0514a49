import Console
import Inference
import PointSource

/// The result of a search of many places, of which the most significant one counts.
public enum PlacesSummary {
    case catalogue(CatalogueSummary)
    case sky(SkySummary)

    /// The heading of its section on a page.
    public var title: String {
        switch self {
        case .catalogue: "Catalogue"
        case .sky: "Whole sky"
        }
    }

    /// The key of ``json`` in a larger object.
    public var key: String {
        switch self {
        case .catalogue: "catalogue"
        case .sky: "sky"
        }
    }

    private var result: any CommandResult {
        switch self {
        case .catalogue(let summary): summary
        case .sky(let summary): summary
        }
    }

    public var json: JSONValue { result.json }
    public var warnings: [String] { result.warnings }

    /// The tables that the command prints.
    public var sections: [Section] {
        switch self {
        case .catalogue(let summary): summary.sections
        case .sky(let summary): summary.sections
        }
    }

    /// The result of the data; empty without data.
    public var quantities: [Quantity] {
        switch self {
        case .catalogue(let summary): summary.quantities
        case .sky(let summary): summary.quantities
        }
    }

    /// The largest TS of the data, like that of a trial; nil without data.
    public var largestTS: Double? {
        switch self {
        case .catalogue(let summary): summary.observed?.max()
        case .sky(let summary): summary.observed?.map(\.ts).max()
        }
    }
}

/// A post-trial p-value as a function of what is tested, with the data.
public struct PostTrialTest {
    /// "hottest source"
    public let title: String
    /// By ordinary trials, by weighted ones, or both.
    public let curves: [(method: Threshold.Method, curve: PostTrialCurve)]
    /// What is tested in the data, and its post-trial p-value; nil without data.
    public let observed: (value: Double, p: PValue)?
}

extension CatalogueSummary {
    /// The hottest source by its local p-value, and the population by its binomial probability.
    public var tests: [PostTrialTest] {
        [
            PostTrialTest(
                title: "hottest source, by its local p-value", curves: trials.hottestCurves,
                observed: observation.map { ($0.local[$0.hottest.source].value, $0.hottest.global) }),
            PostTrialTest(
                title: "population, by its binomial probability", curves: trials.populationCurves,
                observed: observation.map { ($0.population.binomial, $0.population.global) }),
        ]
    }

    /// For each k, the binomial probability of k or more sources with a local p-value as small as the k-th smallest one of
    /// the data; nil without data.
    public var binomialProbabilities: [Double]? { observation?.binomialProbabilities }

    /// The population test of the data: k, and its binomial probability; nil without data.
    public var population: (k: Int, binomial: Double)? {
        observation.map { ($0.population.k, $0.population.binomial) }
    }

    /// The binomial probabilities that significances after trials require; those that the trials resolve.
    public var binomialRequirements: [(sigma: Double, probability: Double)] {
        zip(Self.sigmas, requirements).compactMap { sigma, requirement in
            requirement.binomial.map { (sigma, $0) }
        }
    }

    /// The hottest source and the population of the data; empty without data.
    var quantities: [Quantity] {
        guard let observation, let observed else { return [] }
        let (hottest, population) = (observation.hottest, observation.population)
        let place = sources[hottest.source]
        let (local, own) = (observation.local[hottest.source], precisionWarnings)
        return [
            Quantity(
                "hottest source", place.source.name.withoutControls, note: subset.title == "all" ? "" : subset.title),
            Quantity("TS", NumberFormat.fixed(observed[hottest.source], 3)),
        ] + local.quantities("local p-value") + hottest.global.quantities("post-trial p-value", warnings: own) + [
            Quantity("population", "k = \(population.k) of \(sources.count)", "sources"),
            Quantity("binomial p-value", binomialText(population)),
        ]
            + (coversPopulation
                ? population.global.quantities("post-trial p-value")
                : [Quantity("post-trial p-value", "-", note: "not covered by the weighted trials")])
    }
}

extension SkySummary {
    /// The hottest place of each hemisphere, by its TS.
    public var tests: [PostTrialTest] {
        hemispheres.indices.map { index in
            PostTrialTest(
                title: "hottest place of the \(hemispheres[index].rawValue)", curves: [(.counted, curves[index])],
                observed: observed.flatMap { places in
                    trials.observation.map { (places[index].ts, $0.local[index]) }
                })
        }
    }

    /// The hottest places of the data; empty without data.
    var quantities: [Quantity] {
        guard let observation = trials.observation, let observed else { return [] }
        let (index, global) = observation.hottest
        return observed.indices.flatMap { place in
            [
                Quantity("hottest place, \(observed[place].name)", "TS \(NumberFormat.fixed(observed[place].ts, 3))"),
                Quantity(
                    "ra, dec",
                    "\(NumberFormat.fixed(observed[place].ra, 2))°, \(NumberFormat.fixed(observed[place].dec, 2))°",
                    "ICRS"),
            ] + observation.local[place].quantities("post-trial p-value")
        }
            + (hemispheres.count > 1
                ? [Quantity("of both", observed[index].name)]
                    + global.quantities("post-trial p-value", warnings: warnings) : [])
    }
}
