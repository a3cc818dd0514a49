import Console
import Inference
import PointSource
import Trials

/// A sensitivity or discovery potential in events and as a flux, as text and as JSON.
struct DetectableSignalSummary {
    /// The name of the quantity.
    let title: String
    let campaign: Campaign
    let signal: DetectableSignal
    let backgroundTrials: Int
    /// How many of the trials at each mu exceed the threshold.
    let hypotheses: [DetectionProbability.Hypothesis]

    /// The background as a hypothesis mu = 0: how many of its trials exceed the threshold.
    let noSignal: DetectionProbability.Hypothesis

    private static let fluxUnit = "GeV^-1 cm^-2 s^-1"

    var text: String {
        let (flux, threshold) = (campaign.fluxPerEvent, signal.threshold)
        let high = signal.muHigh ?? .infinity
        var table = Table([.name(title), .name("value"), .name("unit")])
        table.add("signal", NumberFormat.value(signal.mu, low: signal.muLow, high: high), "events")
        // Imported trials may come without.
        if flux.isFinite {
            table.add(
                "flux at \(campaign.referenceEnergyText)",
                NumberFormat.flux(signal.mu * flux, low: signal.muLow * flux, high: high * flux), Self.fluxUnit)
        }
        // Within the spike at 0 a threshold has no error.
        let isExact = threshold.low == threshold.high
        table.add(
            "TS threshold",
            isExact
                ? NumberFormat.plain(threshold.value)
                : NumberFormat.value(threshold.value, low: threshold.low, high: threshold.high))
        table.add("method", signal.method)
        table.add("criterion", criterion)
        table.add("trials", trials)
        return "\(campaign.line)\n\n\(table.text)"
    }

    /// Neighbouring hypotheses whose detection probabilities lie further apart than this, in standard deviations of the
    /// normal law, are too far apart to interpolate between: on a toy release a sensitivity of 1.89 (trials at every
    /// mu from 1 to 4) came out as 2.62 +0.23 -0.19 from mu = 0 and 4 alone, which are 2.1 apart, and as 3.9 from 0
    /// and 8.
    private static let largestStep = 1.5

    /// What whoever quotes the number must know besides.
    var warnings: [String] {
        let below = ([noSignal] + hypotheses).last { $0.mu <= signal.mu }
        guard let below, let above = hypotheses.first(where: { $0.mu > signal.mu }) else { return [] }
        guard Self.probit(above.proportion) - Self.probit(below.proportion) > Self.largestStep else { return [] }
        return [
            "mu lies between trials at mu \(NumberFormat.plain(below.mu)) and \(NumberFormat.plain(above.mu)), which is"
                + " coarse: their detection probabilities are \(NumberFormat.significant(below.proportion.estimate, 3))"
                + " and \(NumberFormat.significant(above.proportion.estimate, 3)); run trials at mu between them"
        ]
    }

    /// The probability in standard deviations of the normal law.
    private static func probit(_ proportion: BinomialProportion) -> Double {
        -Significance.sigma(tailProbability: proportion.jeffreysEstimate)
    }

    private var criterion: String {
        let (tail, power) = (signal.criterion.tailProbability, 100 * signal.criterion.power)
        return "\(NumberFormat.significant(power, 3)) % above a background tail of \(NumberFormat.significant(tail, 3))"
    }

    private var trials: String {
        let signalTrials = hypotheses.reduce(0) { $0 + $1.proportion.tries }
        return "\(NumberFormat.count(backgroundTrials)) background, \(NumberFormat.count(signalTrials)) at "
            + "\(hypotheses.count) mu"
    }

    /// Keys of design.md, "Commands"; fluxes are normalisations at `e0` (GeV) in GeV⁻¹ cm⁻² s⁻¹. An end that the trials
    /// do not bound is null.
    var json: JSONValue {
        let flux = campaign.fluxPerEvent
        let (spectrum, threshold) = (campaign.configuration.settings.spectrum, signal.threshold)
        return [
            "mu": .number(signal.mu),
            "mu_low": .number(signal.muLow),
            "mu_high": signal.muHigh.map { .number($0) } ?? .null,
            "flux_norm": .number(signal.mu * flux),
            "flux_low": .number(signal.muLow * flux),
            "flux_high": signal.muHigh.map { .number($0 * flux) } ?? .null,
            "ts_threshold": .number(threshold.value),
            "ts_threshold_low": .number(threshold.low),
            "ts_threshold_high": .number(threshold.high),
            "threshold_method": .string(threshold.method.rawValue),
            "method": .string(signal.method),
            "power": .number(signal.criterion.power),
            "tail_probability": .number(signal.criterion.tailProbability),
            "flux_per_event": .number(flux),
            "e0": .number(spectrum.referenceEnergy),
            "gamma": .number(spectrum.gamma),
            "n_background": .integer(backgroundTrials),
            "hypotheses": .array(hypotheses.map { hypothesis in
                let interval = hypothesis.proportion.clopperPearson()
                return [
                    "mu": .number(hypothesis.mu), "n": .integer(hypothesis.proportion.tries),
                    "n_above": .integer(hypothesis.proportion.successes),
                    "fraction": .number(hypothesis.proportion.estimate),
                    "low": .number(interval.lowerBound), "high": .number(interval.upperBound),
                ]
            }),
        ]
    }
}
