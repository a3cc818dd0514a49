/// Ordinary and weighted background trials of a catalogue search, never pooled, and the significance of observed TS.
public struct CatalogueBackground: Sendable {
    /// Nil if there are none.
    public let ordinary: CatalogueTrials?
    /// Nil if there are none.
    public let weighted: WeightedCatalogueTrials?

    public init(ordinary: CatalogueTrials?, weighted: WeightedCatalogueTrials?) {
        self.ordinary = ordinary
        self.weighted = weighted
    }

    /// The significance of the observed TS; nil if none was given.
    ///
    /// Local p-values and the hottest source's come from one kind of trials: counted if at least as precise, else from
    /// weighted trials if they can be trusted. The population's is counted if there are ordinary trials.
    public var observation: CatalogueTrials.Observation? {
        guard let own = weighted?.observation, let tail = own.hottest.global.weighted else {
            return ordinary?.observation
        }
        guard let ordinary, let counted = ordinary.observation else { return own }
        let above = (counted.hottest.global.value * Double(ordinary.count)).rounded()
        let isCounted = above >= TSDistribution.minimumCountedTail
        guard tail.isTrusted, !(isCounted && Double(ordinary.count) >= tail.equivalentTrials) else { return counted }
        return CatalogueTrials.Observation(local: own.local, hottest: own.hottest, population: counted.population)
    }

    /// What post-trial p-values require: by ordinary trials where they suffice, else by weighted ones.
    public func requirements(global wanted: [Double]) -> [CatalogueTrials.Requirement] {
        let counted = ordinary?.requirements(global: wanted)
        let own = weighted?.requirements(global: wanted)
        return wanted.indices.map { i in
            CatalogueTrials.Requirement(
                global: wanted[i], local: counted?[i].local ?? own?[i].local,
                binomial: counted?[i].binomial ?? own?[i].binomial)
        }
    }

    /// The post-trial p-value of the hottest source as a function of its local p-value, by each kind of trials.
    public var hottestCurves: [(method: Threshold.Method, curve: PostTrialCurve)] {
        [ordinary.map { (.counted, $0.hottestCurve) }, weighted.map { (.weighted, $0.hottestCurve) }].compactMap { $0 }
    }

    /// The same of the population as a function of its smallest binomial probability. Weighted trials do not cover its tail.
    public var populationCurves: [(method: Threshold.Method, curve: PostTrialCurve)] {
        [ordinary.map { (.counted, $0.populationCurve) } ?? weighted.map { (.weighted, $0.populationCurve) }]
            .compactMap { $0 }
    }

    /// For each source, the fraction of trials with TS = 0.
    public var fractionsAtZero: [Double] {
        ordinary.map { trials in trials.countsAtZero.map { Double($0) / Double(trials.count) } }
            ?? weighted?.fractionsAtZero ?? []
    }

    /// For each source, the largest TS of a trial.
    public var maxima: [Double] { ordinary?.maxima ?? weighted?.maxima ?? [] }
}
