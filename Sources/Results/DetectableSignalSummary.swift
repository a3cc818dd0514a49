import Console
import Inference
import PointSource
import Settings

/// A sensitivity or discovery potential, in events and as a flux.
public struct DetectableSignalSummary: CommandResult {
    public let campaign: Campaign
    let detection: Detection
    public let signal: DetectableSignal
    /// The same with the 95 % interval.
    let wide: DetectableSignal
    /// The same by each interpolation that the trials allow, including the summary's own.
    let byInterpolation: [DetectableSignal]

    /// Finds the signal that meets a criterion.
    ///
    /// - Parameter title: the name of the quantity.
    /// - Throws: as `DetectableSignal.find`.
    public init(
        _ criterion: DetectableSignal.Criterion, title: String, campaign: Campaign, trials: SearchTrials,
        _ settings: SearchSettings
    ) throws {
        try self.init(
            try Detection(criterion, title: title, in: trials, settings), campaign: campaign, trials: trials, settings)
    }

    /// - Parameter detection: the result found from the trials with the settings.
    /// - Throws: the fault of a detection without an answer; as `DetectableSignal.find`.
    init(_ detection: Detection, campaign: Campaign, trials: SearchTrials, _ settings: SearchSettings) throws {
        let criterion = detection.criterion
        let signal = try detection.signal.get()
        let wider = try trials.threshold(
            tailProbability: criterion.tailProbability, cut: settings.cut, confidence: 0.95)
        wide = try DetectableSignal.find(
            criterion, above: wider, in: trials, interpolation: settings.interpolation, confidence: 0.95)
        byInterpolation = DetectionPower.Interpolation.allCases.compactMap { other in
            guard other != settings.interpolation else { return signal }
            return try? DetectableSignal.find(
                criterion, above: signal.threshold, in: trials, interpolation: other, confidence: settings.confidence)
        }
        (self.campaign, self.detection, self.signal) = (campaign, detection, signal)
    }

    public var text: String { "\(campaign.line)\n\n\(section.text)" }

    /// The table with its explanation.
    public var section: Section {
        var table = Table([.name(detection.title), .name("value"), .name("unit")])
        SignalRange(signal).add(to: &table, campaign)
        table.add("signal, 95 %", SignalRange(wide).ends(), "events")
        if campaign.fluxPerEvent.isFinite {
            table.add("flux, 95 %", SignalRange(wide).ends(perEvent: campaign.fluxPerEvent), SignalRange.fluxUnit)
        }
        table.add("TS threshold", signal.threshold.text)
        let background = detection.hypotheses[0].proportion.tries
        table.add(
            "trials",
            "\(NumberFormat.count(background)) background, \(NumberFormat.count(detection.signalTrials)) at "
                + "\(detection.hypotheses.count - 1) mu")
        if let weighted = detection.weighted {
            table.add("weighted trials", "\(NumberFormat.count(weighted.count)) background")
        }
        var lines = ["\(detection.title): \(signal.criterion.explanation)", signal.method]
        let others = byInterpolation.filter { $0.interpolation != signal.interpolation }
        if !others.isEmpty {
            let values = others.map { "\($0.interpolation.rawValue) \(NumberFormat.significant($0.mu, 4))" }
            lines.append("other interpolations: \(values.joined(separator: ", ")) events")
        }
        lines += detection.fitted?.lines(canBeWeighted: campaign.canBeWeighted) ?? []
        lines.append("intervals hold \(NumberFormat.percent(signal.confidence)) % unless stated otherwise")
        return Section("", table, note: lines.joined(separator: "\n"))
    }

    public var warnings: [String] { detection.warnings }

    /// Keys of docs/architecture.md, "JSON keys that other programs may rely on". Fluxes are normalisations at `e0`
    /// (GeV) in GeV⁻¹ cm⁻² s⁻¹, `e2_flux` is E0² Phi(E0) in TeV cm⁻² s⁻¹. An end that the trials do not bound is null.
    public var members: [JSONValue.Member] {
        let threshold = signal.threshold
        var members = SignalRange(signal).members(campaign)
        members.append(.init("confidence", .number(signal.confidence)))
        members += SignalRange(wide).ends("mu", 1, suffix: "_95")
        members += SignalRange(wide).ends("flux", campaign.fluxPerEvent, suffix: "_95")
        members += [
            .init("ts_threshold", .number(threshold.value)),
            .init("ts_threshold_low", .number(threshold.low)),
            .init("ts_threshold_high", .number(threshold.high)),
            .init("threshold_method", .string(threshold.method.rawValue)),
            .init(
                "threshold_estimates", .array((detection.fitted?.estimates ?? [threshold]).map { .object($0.members) })),
            .init("extrapolated_decades", .number(detection.fitted?.decades)),
            .init("method", .string(signal.method)),
            .init(
                "interpolations",
                .object(
                    byInterpolation.map { other in
                        .init(
                            other.interpolation.rawValue,
                            .object([.init("mu", .number(other.mu))] + SignalRange(other).ends("mu", 1)))
                    })),
            .init("power", .number(signal.criterion.power)),
            .init("tail_probability", .number(signal.criterion.tailProbability)),
        ]
        members += campaign.fluxMembers
        members.append(.init("n_background", .integer(detection.hypotheses[0].proportion.tries)))
        if let weighted = detection.weighted { members.append(.init("n_weighted", .integer(weighted.count))) }
        members.append(.init("hypotheses", .array(detection.hypotheses.dropFirst().map(\.json))))
        return members
    }
}

extension DetectionPower.Point {
    /// `mu`, `n`, `n_above`, and the fraction with its interval.
    var json: JSONValue {
        .object(
            [
                .init("mu", .number(mu)), .init("n", .integer(proportion.tries)),
                .init("n_above", .integer(proportion.successes)),
            ] + proportion.members("fraction"))
    }
}
