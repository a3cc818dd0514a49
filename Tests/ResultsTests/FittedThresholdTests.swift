import Console
import Inference
import Testing

@testable import Results

/// A fitted number is never shown without what must be known of it.
@Suite struct FittedThresholdTests {
    /// χ² with one degree of freedom in the half of trials that are not 0 and, if `isBent`, half as steep beyond TS 6.
    private static func background(_ count: Int, isBent: Bool) throws -> TSDistribution {
        try TSDistribution(
            (0..<count).map { index in
                let z = -Significance.sigma(tailProbability: (Double(index) + 0.5) / Double(count))
                let ts = z > 0 ? z * z : 0
                return isBent && ts > 6 ? 6 + 2.5 * (ts - 6) : ts
            })
    }

    private static func trials(isBent: Bool) throws -> SearchTrials {
        SearchTrials(
            background: try background(100_000, isBent: isBent),
            signal: try (1...30).map { mu in
                try SignalTrials(mu: Double(mu), ts: (0..<200).map { Double(mu * mu) * (0.5 + 0.01 * Double($0)) })
            }, injected: [])
    }

    @Test("a discovery potential shows the poor fit, the other distribution and the extrapolation")
    func discovery() throws {
        let trials = try Self.trials(isBent: true)
        let detection = try Detection(.discovery(sigma: 5), title: "5σ", in: trials, SearchSettings())
        let fitted = try #require(detection.fitted)
        #expect(fitted.estimates.map(\.method) == [.gammaFit, .chiSquareFit])
        #expect(abs(fitted.decades - 1.5426) < 1e-3)
        #expect(detection.warnings.contains { $0.hasPrefix("The gamma fit is poor") })
        #expect(detection.thresholdText?.contains("chi2-fit") == true)

        let campaign = try SyntheticCampaign.make()
        let summary = try DiscoverySummary([5, 2], campaign: campaign, trials: trials, SearchSettings())
        #expect(summary.warnings.contains { $0.hasPrefix("The gamma fit is poor") })
        for part in ["The gamma fit is poor", "chi2-fit", "extrapolated over 1.5 decades beyond 100,000 trials"] {
            #expect(summary.text.contains(part), "\(part)")
        }
        let json = summary.json.description
        for key in ["threshold_estimates", "extrapolated_decades", "The gamma fit is poor"] {
            #expect(json.contains(key))
        }
        let point = try CurvePoint(
            campaign: campaign, files: [], trials: trials, [.discovery(sigma: 5)], SearchSettings())
        let curve = CurveSummary(quantities: [.discovery(sigma: 5)], points: [point], confidence: 0.68)
        #expect(
            curve.warnings.contains { $0.contains("The gamma fit is poor") }
                && curve.json.description.contains("gamma fit is poor"))
        #expect(curve.csv.contains("ts_threshold_spread_low,ts_threshold_spread_high,extrapolated_decades"))
        #expect(point.numbers(of: point.detections[0]).contains { $0.key == "ts_threshold_spread_high" })
    }

    @Test("a counted threshold, and a good fit, carry no such words")
    func soundNumbers() throws {
        let trials = try Self.trials(isBent: false)
        #expect(try Detection(.sensitivity, title: "", in: trials, SearchSettings()).fitted == nil)
        let detection = try Detection(.discovery(sigma: 5), title: "", in: trials, SearchSettings())
        #expect(detection.fitted != nil && detection.fitted?.warnings.isEmpty == true)
    }

    @Test("a p-value beyond the trials is called extrapolated")
    func observation() throws {
        let background = try Self.background(100_000, isBent: false)
        func summary(_ ts: Double) throws -> BackgroundSummary {
            try BackgroundSummary(
                campaign: SyntheticCampaign.make(), background: BackgroundTrials(ordinary: background, weighted: nil),
                cut: 3, observed: ts)
        }
        let far = try summary(93)
        #expect(far.warnings.contains { $0.contains("is extrapolated over 16.") }, "\(far.warnings)")
        #expect(far.text.contains("extrapolated over 16.") && far.json.description.contains("extrapolated_decades"))
        #expect(far.text.contains("5 sigma: extrapolated over 1.5 decades"))
        #expect(try summary(5).warnings.isEmpty)
    }

    @Test("probit beyond the simulated mu is told")
    func probit() throws {
        let trials = SearchTrials(
            background: try Self.background(10_000, isBent: false),
            signal: try [1.0, 2, 3].map { mu in
                try SignalTrials(
                    mu: mu,
                    ts: (0..<500).map { index in
                        let z = mu / 2 - Significance.sigma(tailProbability: (Double(index) + 0.5) / 500)
                        return z > 0 ? z * z : 0
                    })
            }, injected: [])
        let criterion = DetectableSignal.Criterion(sigma: 2, power: 0.5)
        let settings = SearchSettings(interpolation: .probit)
        let detection = try Detection(criterion, title: "", in: trials, settings)
        #expect(try #require(detection.found?.mu) > 3)
        #expect(detection.warnings.contains { $0.contains("the largest simulated mu is 3") })
        let limits = try LimitsSummary(
            campaign: SyntheticCampaign.make(), trials: trials, observed: 0.5, level: 0.9, settings)
        #expect(limits.warnings.contains { $0.hasPrefix("the observed limit: mu ") }, "\(limits.warnings)")
    }
}
