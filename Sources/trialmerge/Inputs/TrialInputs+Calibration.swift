import Inference
import PointSource
import Settings
import TrialStore

extension TrialInputs {
    /// At most this many trials of each mean signal, the first ones, are used for bias and coverage: the median is
    /// then known to 0.2 % of the band's width.
    static let mostFits = 1_000_000
    /// At most this many background trials, the first ones, are split into halves to compare p-values.
    static let mostPValues = 10_000_000

    /// Bias, coverage and uniformity of p-values, from all trials.
    ///
    /// Trials of a catalogue search have no bias: their n_s and θ are those of the hottest source, which need not be the
    /// one with the injected signal. Coverage is computed for mean signals with a probe at (mu, injected θ) in the campaign. The background is
    /// divided in the middle, ordered by seed and trial number: between two seeds if they have equally many trials.
    ///
    /// - Parameter cut: the TS above which the tail is fitted if it cannot be counted.
    /// - Throws: `Fault` of kind `badData` for numbers that are not finite.
    func calibration(of campaign: Campaign, cut: Double) throws -> Calibration {
        let settings = campaign.configuration.settings
        let parameter = settings.parameter
        let bounds = parameter.isFixed ? nil : parameter.minimum...parameter.maximum
        let probes = sets.first?.header.probes ?? []
        var (biases, coverages): ([FitBias], [ContourCoverage]) = ([], [])
        for mu in meanSignals where !campaign.configuration.search.fitsManyPlaces {
            try locatingFaults {
                let fits = try FittedTrials(
                    mu: mu, signalEvents: values(.signalEvents, mu), gamma: values(.gamma, mu),
                    injected: values(.injected, mu))
                biases.append(FitBias(fits))
                guard mu > 0, let gamma = settings.injectedParameter,
                    let truth = probes.firstIndex(of: Probe(signalEvents: mu, gamma: gamma))
                else { return }
                coverages.append(
                    try ContourCoverage(
                        fits, gamma: gamma, ts: values(.testStatistic, mu), logLambda: values(.probe(truth), mu),
                        bounds: bounds))
            }
        }
        return Calibration(biases: biases, coverages: coverages, uniformity: try uniformity(cut: cut))
    }

    private func uniformity(cut: Double) throws -> PValueUniformity? {
        let ts = try values(.testStatistic, 0, limit: Self.mostPValues)
        guard ts.count > 1 else { return nil }
        let middle = ts.count / 2
        return try locatingFaults {
            try PValueUniformity(reference: Array(ts[..<middle]), fresh: Array(ts[middle...]), cut: cut)
        }
    }

    private func values(_ column: TrialSet.Column, _ mu: Double, limit: Int = mostFits) throws -> [Double] {
        try sets.reduce(into: []) { all, set in
            all += try set.values(column, meanSignal: mu, limit: limit - all.count)
        }
    }
}
