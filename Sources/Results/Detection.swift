import Console
import Diagnostics
import Inference
import Settings

/// Settings of the search for the detectable signal.
public struct SearchSettings: Sendable {
    public var interpolation: DetectionPower.Interpolation
    /// The TS above which the background's tail is fitted if trials are too few to count a threshold.
    public var cut: Double
    /// The probability content of the intervals, in (0, 1).
    public var confidence: Double

    public init(
        interpolation: DetectionPower.Interpolation = .monotone, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) {
        self.interpolation = interpolation
        self.cut = cut
        self.confidence = confidence
    }
}

/// A sensitivity or discovery potential with everything it was computed from, or why the trials are insufficient.
public struct Detection: Sendable {
    /// The name of the quantity: "sensitivity".
    public let title: String
    public let criterion: DetectableSignal.Criterion
    /// The background, at mu 0, and the signal trials at each mu, with the number above the threshold. Empty if the
    /// background gives no threshold.
    public let hypotheses: [DetectionPower.Point]
    /// The answer, or why there is none: a fault of kind `badData`.
    public let signal: Result<DetectableSignal, Fault>
    /// The facts about a fitted threshold; nil for a counted one.
    let fitted: FittedThreshold?
    /// The fits to the background's tail, if they were needed.
    let tail: TailStudy?
    /// The weighted background trials; nil if there are none.
    let weighted: WeightedTSDistribution?
    /// Whether the number of injected events of the trials is known.
    private let hasInjectedCounts: Bool

    /// Finds the signal that meets a criterion.
    ///
    /// - Parameter tail: the fits to the background's tail above the settings' cut; nil to compute them if needed.
    /// - Throws: as `DetectableSignal.find`, except for insufficient trials.
    public init(
        _ criterion: DetectableSignal.Criterion, title: String, in trials: SearchTrials, _ settings: SearchSettings,
        tail known: TailStudy? = nil
    ) throws {
        self.title = title
        self.criterion = criterion
        hasInjectedCounts = !trials.injected.isEmpty
        weighted = trials.weighted
        var hypotheses: [DetectionPower.Point] = []
        var (tail, fitted): (TailStudy?, FittedThreshold?) = (known, nil)
        do {
            let threshold = try trials.threshold(
                tailProbability: criterion.tailProbability, cut: settings.cut, confidence: settings.confidence)
            if threshold.isFitted {
                let study = try tail ?? TailStudy(trials.background, cut: settings.cut)
                fitted = try FittedThreshold(
                    threshold, study, of: trials.background, confidence: settings.confidence)
                tail = study
            }
            hypotheses = try trials.power(above: threshold.value).points
            signal = .success(
                try DetectableSignal.find(
                    criterion, above: threshold, in: trials, interpolation: settings.interpolation,
                    confidence: settings.confidence))
        } catch let fault as Fault where fault.kind == .badData {
            signal = .failure(fault)
        }
        (self.hypotheses, self.tail, self.fitted) = (hypotheses, tail, fitted)
    }

    /// The sensitivity and the discovery potentials at some significances.
    ///
    /// - Parameter tail: as for ``init(_:title:in:_:tail:)``.
    /// - Throws: as ``init(_:title:in:_:tail:)``.
    public static func all(
        discoveries sigmas: [Double], in trials: SearchTrials, _ settings: SearchSettings, tail: TailStudy? = nil
    ) throws -> [Detection] {
        let discoveries = sigmas.map { (discoveryTitle($0), DetectableSignal.Criterion.discovery(sigma: $0)) }
        return try all([("sensitivity", .sensitivity)] + discoveries, in: trials, settings, tail: tail)
    }

    /// Several quantities, which share the fits to the background's tail.
    static func all(
        _ quantities: [(title: String, criterion: DetectableSignal.Criterion)], in trials: SearchTrials,
        _ settings: SearchSettings, tail: TailStudy? = nil
    ) throws -> [Detection] {
        var tail = tail
        return try quantities.map { title, criterion in
            let detection = try Detection(criterion, title: title, in: trials, settings, tail: tail)
            tail = detection.tail
            return detection
        }
    }

    /// "5σ discovery"
    public static func discoveryTitle(_ sigma: Double) -> String { "\(NumberFormat.plain(sigma))σ discovery" }

    /// The answer, if there is one.
    public var found: DetectableSignal? { try? signal.get() }

    /// The threshold; a fitted one also by other distributions, with the extent of its extrapolation: "22.4 +0.5 -0.4
    /// (chi2-fit 23.9 +0.2 -0.2; 1.5 decades beyond the trials)".
    public var thresholdText: String? {
        guard let found else { return nil }
        let others = fitted?.estimates.dropFirst().map { "\($0.method.rawValue) \($0.text)" } ?? []
        let decades = fitted.flatMap { fitted in
            fitted.decades > 0 ? "\(NumberFormat.fixed(fitted.decades, 1)) decades beyond the trials" : nil
        }
        let notes = others + (decades.map { [$0] } ?? [])
        return found.threshold.text + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }

    /// The answer with its threshold, by the keys of `trialmerge sensitivity --json`; `reason` if there is none.
    public func members(_ campaign: Campaign) -> [JSONValue.Member] {
        switch signal {
        case .failure(let fault): [.init("mu", .null), .init("reason", .string("\(fault)"))]
        case .success(let signal):
            SignalRange(signal).members(campaign) + [
                .init("confidence", .number(signal.confidence)),
                .init("ts_threshold", .number(signal.threshold.value)),
                .init("ts_threshold_low", .number(signal.threshold.low)),
                .init("ts_threshold_high", .number(signal.threshold.high)),
                .init("threshold_method", .string(signal.threshold.method.rawValue)),
                .init("method", .string(signal.method)), .init("power", .number(criterion.power)),
                .init("tail_probability", .number(criterion.tailProbability)),
                .init("hypotheses", .array(hypotheses.dropFirst().map(\.json))),
            ]
        }
    }

    /// The number of trials with mu above 0.
    public var signalTrials: Int { hypotheses.dropFirst().reduce(0) { $0 + $1.proportion.tries } }

    /// Neighbouring hypotheses whose detection probabilities differ by more than this, in standard deviations of the
    /// normal distribution, are too far apart for interpolation: on a toy release a sensitivity of 1.89 (trials at
    /// every mu from 1 to 4) was found as 2.62 +0.23 -0.19 from mu = 0 and 4 alone, which differ by 2.1, and as 3.9
    /// from 0 and 8.
    private static let largestStep = 1.5

    /// Warnings about a fitted threshold, and about trials too far apart in mu or at too small mu.
    public var warnings: [String] {
        guard let signal = found else { return [] }
        return (fitted?.warnings ?? []) + weightedWarnings(signal.threshold) + muWarnings(signal)
    }

    private func weightedWarnings(_ threshold: Threshold) -> [String] {
        guard let weighted else { return [] }
        if !weighted.isSound {
            return [
                "The weighted trials cannot be trusted: trialmerge background shows why."
            ]
        }
        return threshold.weighted?.isTrusted == false
            ? ["The threshold cannot be trusted: \(WeightedTail.remedy)."] : []
    }

    private func muWarnings(_ signal: DetectableSignal) -> [String] {
        if let beyond = extrapolationWarning(mu: signal.mu, largest: hypotheses.last?.mu, signal.interpolation) {
            return [beyond]
        }
        guard signal.interpolation != .poisson else { return [] }
        let below = hypotheses.last { $0.mu <= signal.mu }
        guard let below, let above = hypotheses.first(where: { $0.mu > signal.mu }) else { return [] }
        guard Self.probit(above.proportion) - Self.probit(below.proportion) > Self.largestStep else { return [] }
        return [
            "mu lies between trials at mu \(NumberFormat.plain(below.mu)) and \(NumberFormat.plain(above.mu)), which is"
                + " coarse: their detection probabilities are \(NumberFormat.significant(below.proportion.estimate, 3))"
                + " and \(NumberFormat.significant(above.proportion.estimate, 3)); run trials at mu between them"
                + (hasInjectedCounts ? ", or use --interpolation poisson" : "")
        ]
    }

    /// The probability as a quantile of the normal distribution.
    private static func probit(_ proportion: BinomialProportion) -> Double {
        -Significance.sigma(tailProbability: proportion.jeffreysEstimate)
    }
}

/// A warning for a mu above all simulated ones, found by the straight line of the probit; nil for others.
func extrapolationWarning(mu: Double, largest: Double?, _ interpolation: DetectionPower.Interpolation) -> String? {
    guard interpolation == .probit, let largest, mu > largest else { return nil }
    return "mu \(NumberFormat.significant(mu, 4)) is extrapolated: the largest simulated mu is "
        + "\(NumberFormat.plain(largest)); run trials with larger mu"
}
