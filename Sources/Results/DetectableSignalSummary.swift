import Console
import Inference
import PointSource
import Settings

/// A sensitivity or discovery potential in events and as a flux, as text and as JSON.
public struct DetectableSignalSummary {
    /// The name of the quantity.
    public let title: String
    public let campaign: Campaign
    public let signal: DetectableSignal
    /// The same with the 95 % interval.
    let wide: DetectableSignal
    /// The same by each interpolation that the trials allow, the summary's own among them.
    let byInterpolation: [DetectableSignal]
    private let backgroundTrials: Int
    /// How many of the trials at each mu exceed the threshold.
    private let hypotheses: [DetectionPower.Point]
    /// The background as a hypothesis mu = 0: how many of its trials exceed the threshold.
    private let noSignal: DetectionPower.Point

    /// Finds the signal that meets a criterion.
    ///
    /// - Parameters:
    ///   - title: the name of the quantity.
    ///   - confidence: the probability content of the quoted interval.
    /// - Throws: as `DetectableSignal.find`.
    public init(
        _ criterion: DetectableSignal.Criterion, title: String, campaign: Campaign, trials: SearchTrials,
        interpolation: DetectionPower.Interpolation, cut: Double, confidence: Double
    ) throws {
        signal = try DetectableSignal.find(
            criterion, in: trials, interpolation: interpolation, cut: cut, confidence: confidence)
        wide = try DetectableSignal.find(
            criterion, in: trials, interpolation: interpolation, cut: cut, confidence: 0.95)
        byInterpolation = DetectionPower.Interpolation.allCases.compactMap { other in
            try? DetectableSignal.find(criterion, in: trials, interpolation: other, cut: cut, confidence: confidence)
        }
        self.title = title
        self.campaign = campaign
        let threshold = signal.threshold.value
        backgroundTrials = trials.background.count
        hypotheses = trials.signal.map { $0.point(above: threshold) }
        noSignal = try DetectionPower.Point(
            mu: 0, detected: trials.background.count(above: threshold), trials: trials.background.count)
    }

    private static func range(_ signal: DetectableSignal) -> SignalRange {
        SignalRange(mu: signal.mu, low: signal.muLow, high: signal.muHigh)
    }

    public var text: String { "\(campaign.line)\n\n\(table)" }

    /// The table alone.
    public var table: String {
        let threshold = signal.threshold
        var table = Table([.name(title), .name("value"), .name("unit")])
        Self.range(signal).add(to: &table, campaign)
        table.add("signal, 95 %", Self.range(wide).ends(), "events")
        if campaign.fluxPerEvent.isFinite {
            table.add("flux, 95 %", Self.range(wide).ends(perEvent: campaign.fluxPerEvent), SignalRange.fluxUnit)
        }
        // Within the spike at 0 a threshold has no error.
        let isExact = threshold.low == threshold.high
        table.add(
            "TS threshold",
            isExact
                ? NumberFormat.plain(threshold.value)
                : NumberFormat.value(threshold.value, low: threshold.low, high: threshold.high))
        table.add("method", signal.method)
        let others = byInterpolation.filter { $0.interpolation != signal.interpolation }
        if !others.isEmpty {
            let values = others.map { "\($0.interpolation.rawValue) \(NumberFormat.significant($0.mu, 4))" }
            table.add("otherwise", values.joined(separator: ", "), "events")
        }
        table.add("criterion", criterion)
        table.add("trials", trials)
        table.add(
            "intervals", "\(NumberFormat.plain((1e4 * signal.confidence).rounded() / 100)) % unless said otherwise")
        return table.text
    }

    /// Neighbouring hypotheses whose detection probabilities lie further apart than this, in standard deviations of the
    /// normal law, are too far apart to interpolate between: on a toy release a sensitivity of 1.89 (trials at every
    /// mu from 1 to 4) came out as 2.62 +0.23 -0.19 from mu = 0 and 4 alone, which are 2.1 apart, and as 3.9 from 0
    /// and 8.
    private static let largestStep = 1.5

    /// What whoever quotes the number must know besides.
    public var warnings: [String] {
        guard signal.interpolation != .poisson else { return [] }
        let below = ([noSignal] + hypotheses).last { $0.mu <= signal.mu }
        guard let below, let above = hypotheses.first(where: { $0.mu > signal.mu }) else { return [] }
        guard Self.probit(above.proportion) - Self.probit(below.proportion) > Self.largestStep else { return [] }
        return [
            "mu lies between trials at mu \(NumberFormat.plain(below.mu)) and \(NumberFormat.plain(above.mu)), which is"
                + " coarse: their detection probabilities are \(NumberFormat.significant(below.proportion.estimate, 3))"
                + " and \(NumberFormat.significant(above.proportion.estimate, 3)); run trials at mu between them"
                + (byInterpolation.contains { $0.interpolation == .poisson } ? ", or use --interpolation poisson" : "")
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

    /// Keys of design.md, "Commands"; fluxes are normalisations at `e0` (GeV) in GeV⁻¹ cm⁻² s⁻¹, `e2_flux` is E0² times
    /// that in TeV cm⁻² s⁻¹. An end that the trials do not bound is null.
    public var json: JSONValue {
        let (spectrum, threshold) = (campaign.configuration.settings.spectrum, signal.threshold)
        var members = Self.range(signal).members(campaign)
        members.append(.init("confidence", .number(signal.confidence)))
        members += Self.range(wide).ends("mu", 1, suffix: "_95")
        members += Self.range(wide).ends("flux", campaign.fluxPerEvent, suffix: "_95")
        members += [
            .init("ts_threshold", .number(threshold.value)),
            .init("ts_threshold_low", .number(threshold.low)),
            .init("ts_threshold_high", .number(threshold.high)),
            .init("threshold_method", .string(threshold.method.rawValue)),
            .init("method", .string(signal.method)),
            .init(
                "interpolations",
                .object(
                    byInterpolation.map { other in
                        let range = Self.range(other)
                        return .init(
                            other.interpolation.rawValue,
                            .object([.init("mu", .number(other.mu))] + range.ends("mu", 1)))
                    })),
            .init("power", .number(signal.criterion.power)),
            .init("tail_probability", .number(signal.criterion.tailProbability)),
            .init("flux_per_event", .number(campaign.fluxPerEvent)),
            .init("flux_reason", campaign.missingFluxReason.map { .string($0) } ?? .null),
            .init("e0", .number(spectrum.referenceEnergy)),
            .init("gamma", .number(spectrum.gamma)),
            .init("n_background", .integer(backgroundTrials)),
            .init("hypotheses", .array(hypotheses.map(Self.json))),
        ]
        return .object(members)
    }
}

extension DetectableSignalSummary {
    private static func json(_ hypothesis: DetectionPower.Point) -> JSONValue {
        let interval = hypothesis.proportion.clopperPearson()
        return [
            "mu": .number(hypothesis.mu), "n": .integer(hypothesis.proportion.tries),
            "n_above": .integer(hypothesis.proportion.successes), "fraction": .number(hypothesis.proportion.estimate),
            "low": .number(interval.lowerBound), "high": .number(interval.upperBound),
        ]
    }
}
