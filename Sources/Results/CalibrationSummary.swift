import Console
import Inference
import PointSource
import Settings
import TrialStore

/// Bias, coverage and uniformity of p-values.
public struct CalibrationSummary: CommandResult {
    let campaign: Campaign
    public let calibration: Calibration

    public init(campaign: Campaign, calibration: Calibration) {
        self.campaign = campaign
        self.calibration = calibration
    }

    /// The fitted parameter besides n_s, and its injected value if the injected spectrum is one of those fitted.
    private var parameter: AnalysisSettings.FitParameter { campaign.configuration.settings.parameter }
    private var injected: Double? { campaign.configuration.settings.injectedParameter }
    private var label: String { parameter.label }
    private var isFree: Bool { !parameter.isFixed }

    public var text: String { ([Section("fits of \(campaign.line)")] + sections).text }

    public var sections: [Section] {
        (campaign.configuration.search.fitsManyPlaces ? [] : [biasSection, coverageSection])
            + (calibration.uniformity.map { [section($0)] } ?? [])
    }

    private var biasSection: Section {
        let columns: [Table.Column] = [
            .number("mu"), .number("trials"), .number("n_s = 0", unit: "%"), .number("n_s"), .number("low"),
            .number("high"), .number("n_s - n"), .number("error"),
        ]
        var table = Table(columns + (isFree ? [.number(label), .number("low"), .number("high")] : []))
        for bias in calibration.biases {
            let ns = bias.signalEvents
            let gamma = bias.gamma.map { [$0.median, $0.band.lowerBound, $0.band.upperBound] }
            let gammaCells = gamma.map { $0.map { NumberFormat.fixed($0, 2) } } ?? ["-", "-", "-"]
            table.add(
                [
                    NumberFormat.plain(bias.mu), NumberFormat.count(bias.trials),
                    NumberFormat.fixed(100 * bias.fractionAtZero, 1),
                ] + [ns.median, ns.band.lowerBound, ns.band.upperBound].map { NumberFormat.significant($0, 3) }
                    + [
                        NumberFormat.fixed(bias.meanExcess, 2),
                        NumberFormat.significant(bias.meanExcessError, 2),
                    ]
                    + (isFree ? gammaCells : []))
        }
        return Section(
            "", table,
            note: """
                Medians, and the ends of the central 68.27 % of the trials\(isFree ? "; \(label) where n_s > 0" : "").
                n_s - n: mean over trials of the fitted minus the injected number of events.
                """)
    }

    private var coverageSection: Section {
        guard !calibration.coverages.isEmpty else {
            guard let injected else {
                return Section("Coverage needs an injected spectrum among those that are fitted.")
            }
            let mu = calibration.biases.map(\.mu).first { $0 > 0 } ?? 5
            return Section(
                """
                Coverage needs trials with ln Lambda at the injected signal:
                trialgen run ... --probe \(NumberFormat.plain(mu)):\(NumberFormat.plain(injected))
                """)
        }
        var table = Table([
            .number("mu"), .number("contour", unit: "%"), .number("covers", unit: "%"), .number("low"), .number("high"),
            .number("inside bounds", unit: "%"), .number("low"), .number("high"), .number("on bounds", unit: "%"),
        ])
        for coverage in calibration.coverages {
            for level in coverage.levels {
                table.add(
                    [NumberFormat.plain(coverage.mu), NumberFormat.fixed(100 * level.confidence, 2)]
                        + percentages(level.all) + (level.inside.map(percentages) ?? ["-", "-", "-"])
                        + [percent(Double(coverage.trialsOnBounds) / Double(coverage.trials))])
            }
        }
        return Section(
            "", table,
            note: """
                How often the contour 2 (ln Lambda_max - ln Lambda) <= q of chi-square (\(isFree ? "2" : "1")
                degree\(isFree ? "s" : "") of freedom) contains the injected signal: for all trials, and for
                those with n_s > 0\(isFree ? " and \(label) inside its bounds" : "").
                """)
    }

    private func percentages(_ proportion: BinomialProportion) -> [String] {
        let interval = proportion.clopperPearson()
        return [proportion.estimate, interval.lowerBound, interval.upperBound].map(percent)
    }

    private func percent(_ fraction: Double) -> String { NumberFormat.fixed(100 * fraction, 2) }

    private func section(_ uniformity: PValueUniformity) -> Section {
        var table = Table([
            .number("sigma"), .name("threshold"), .number("p expected"), .number("p observed"), .number("low"),
            .number("high"), .number("trials"),
        ])
        for tail in uniformity.tails {
            table.add(
                [
                    NumberFormat.significant(tail.threshold.sigma, 3), tail.threshold.method.rawValue,
                ]
                    + [
                        tail.threshold.tailProbability, tail.observed.estimate, tail.interval.lowerBound,
                        tail.interval.upperBound,
                    ].map { NumberFormat.significant($0, 3) } + [NumberFormat.count(tail.observed.successes)])
        }
        let (reference, fresh) = (uniformity.referenceSpike, uniformity.freshSpike)
        var lines = """
            Thresholds from \(NumberFormat.count(reference.tries)) background trials; p observed from \
            \(NumberFormat.count(fresh.tries)) others.
            trials at TS = 0: \(percent(reference.estimate)) % and \(percent(fresh.estimate)) %, by chance: \
            p = \(NumberFormat.fixed(uniformity.spikeProbability, 3))
            """
        if let test = uniformity.continuous {
            lines +=
                "\nother TS: distance \(NumberFormat.significant(test.distance, 3)) (Kolmogorov and Smirnov), by chance: "
                + "p = \(NumberFormat.fixed(test.probability, 3))"
        }
        return Section("", table, note: lines)
    }
}

extension CalibrationSummary {
    public var members: [JSONValue.Member] {
        [
            .init(label, .number(injected))
        ] + campaign.energyMembersIfAny + [
            .init(
                "bias",
                .array(
                    calibration.biases.map { bias in
                        .object(
                            [
                                .init("mu", .number(bias.mu)), .init("n", .integer(bias.trials)),
                                .init("frac_ns_0", .number(bias.fractionAtZero)),
                            ] + members("ns", bias.signalEvents)
                                + [
                                    .init("ns_excess", .number(bias.meanExcess)),
                                    .init("ns_excess_error", .number(bias.meanExcessError)),
                                ] + (isFree ? members(label, bias.gamma) : []))
                    })),
            .init(
                "coverage",
                .array(
                    calibration.coverages.map { coverage in
                        .object([
                            .init("mu", .number(coverage.mu)), .init(label, .number(coverage.gamma)),
                            .init("n", .integer(coverage.trials)),
                            .init("n_on_bounds", .integer(coverage.trialsOnBounds)),
                            .init(
                                "levels",
                                .array(
                                    coverage.levels.map { level in
                                        [
                                            "confidence": .number(level.confidence), "largest": .number(level.largest),
                                            "all": json(level.all), "inside": level.inside.map(json) ?? .null,
                                        ]
                                    })),
                        ])
                    })),
            .init("p_values", calibration.uniformity.map(json) ?? .null),
        ]
    }

    /// The median with its interval, and the band that contains 68.27 % of the trials; null for nil.
    private func members(_ name: String, _ spread: Spread?) -> [JSONValue.Member] {
        [
            ("median", spread?.median), ("median_low", spread?.medianInterval.lowerBound),
            ("median_high", spread?.medianInterval.upperBound), ("low", spread?.band.lowerBound),
            ("high", spread?.band.upperBound),
        ].map { .init("\(name)_\($0)", .number($1)) }
    }

    private func json(_ proportion: BinomialProportion) -> JSONValue {
        .object(
            [.init("successes", .integer(proportion.successes)), .init("n", .integer(proportion.tries))]
                + proportion.members("value"))
    }

    private func json(_ uniformity: PValueUniformity) -> JSONValue {
        [
            "n_reference": .integer(uniformity.referenceTrials),
            "n_fresh": .integer(uniformity.freshTrials),
            "frac_ts_0_reference": .number(uniformity.referenceSpike.estimate),
            "frac_ts_0_fresh": .number(uniformity.freshSpike.estimate),
            "frac_ts_0_probability": .number(uniformity.spikeProbability),
            "ks_distance": .number(uniformity.continuous?.distance),
            "ks_probability": .number(uniformity.continuous?.probability),
            "tails": .array(
                uniformity.tails.map { tail in
                    [
                        "sigma": .number(tail.threshold.sigma), "ts_threshold": .number(tail.threshold.value),
                        "method": .string(tail.threshold.method.rawValue),
                        "expected": .number(tail.threshold.tailProbability),
                        "n_above": .integer(tail.observed.successes),
                        "observed": .number(tail.observed.estimate), "low": .number(tail.interval.lowerBound),
                        "high": .number(tail.interval.upperBound),
                    ]
                }),
        ]
    }
}
