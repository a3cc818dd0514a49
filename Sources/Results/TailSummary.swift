import Console
import Inference

/// The fits to a background's tail.
struct TailSummary {
    let study: TailStudy
    /// The fraction of trials with TS > 0, for comparison with the prediction of the fitted distributions.
    let fractionAboveZero: Double

    /// Empty if there are too few trials for a fit.
    var sections: [Section] {
        guard let first = study.fits.first?.distribution else { return [] }
        var fits = Table([
            .name("tail"), .number("shape a"), .number("scale"), .number("TS > 0", unit: "%"), .number("A2"),
            .number("p-value of A2"),
        ])
        for fit in study.fits {
            fits.add([
                fit.distribution.model.method.rawValue + (fit.distribution.isAtBound ? ", at bound" : ""),
                NumberFormat.fixed(fit.distribution.shape, 4),
                NumberFormat.fixed(fit.distribution.scale, 4), percent(fit.distribution.impliedFractionAboveZero),
                NumberFormat.fixed(fit.goodness.statistic, 2), NumberFormat.fixed(fit.goodness.pValue, 3),
            ])
        }
        let sigma = NumberFormat.plain(TailStudy.sigma)
        var cuts = Table([
            .number("cut"), .number("trials above"), .number("shape a"), .number("scale"), .number("\(sigma) sigma"),
            .number("low"), .number("high"), .name(""),
        ])
        for point in study.stability {
            let threshold = [point.threshold?.value, point.threshold?.low, point.threshold?.high]
            cuts.add(
                [
                    NumberFormat.plain(point.distribution.cut), NumberFormat.count(point.distribution.trialsAbove),
                    NumberFormat.fixed(point.distribution.shape, 3), NumberFormat.fixed(point.distribution.scale, 3),
                ] + threshold.map { $0.map { NumberFormat.fixed($0, 2) } ?? "-" }
                    + [point.distribution.isAtBound ? "at bound" : ""])
        }
        return [
            Section(
                """
                Distributions fitted above TS \(NumberFormat.plain(first.cut)) \
                (\(NumberFormat.count(first.trialsAbove)) trials); \(percent(fractionAboveZero)) % of all have TS > 0.
                """, fits, note: study.warnings.joined(separator: "\n")),
            Section("The gamma fit above other cuts:", cuts),
        ]
    }

    var members: [JSONValue.Member] {
        let fits = study.fits.map { fit -> JSONValue.Member in
            .init(
                fit.distribution.model.method.rawValue,
                .object(
                    Self.members(of: fit.distribution) + [
                        .init("fraction_above_zero", .number(fit.distribution.impliedFractionAboveZero)),
                        .init("anderson_darling", .number(fit.goodness.statistic)),
                        .init("p_value", .number(fit.goodness.pValue)),
                    ]))
        }
        let stability = study.stability.map { point -> JSONValue in
            .object(
                Self.members(of: point.distribution) + [
                    .init("sigma", .number(TailStudy.sigma)), .init("value", .number(point.threshold?.value)),
                    .init("low", .number(point.threshold?.low)), .init("high", .number(point.threshold?.high)),
                ])
        }
        return [.init("tail_fits", .object(fits)), .init("tail_stability", .array(stability))]
    }

    private static func members(of fit: TruncatedGamma) -> [JSONValue.Member] {
        [
            .init("cut", .number(fit.cut)), .init("n_above", .integer(fit.trialsAbove)),
            .init("shape", .number(fit.shape)), .init("scale", .number(fit.scale)),
            .init("ndof", .number(fit.degreesOfFreedom)), .init("at_bound", .bool(fit.isAtBound)),
        ]
    }

    private func percent(_ fraction: Double) -> String { NumberFormat.fixed(100 * fraction, 1) }
}
