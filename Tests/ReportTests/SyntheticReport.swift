import Inference
import Results
import Settings

@testable import Report

/// A report on trials that follow a known distribution exactly: TS = z² if z > 0, else 0, where z runs through the quantiles of a
/// normal distribution about mu / 2. Half of the background has TS 0, and k sigma lie at TS = k².
enum SyntheticReport {
    static func ts(mu: Double, count: Int) -> [Double] {
        (0..<count).map { index in
            let z = mu / 2 - Significance.sigma(tailProbability: (Double(index) + 0.5) / Double(count))
            return z > 0 ? z * z : 0
        }
    }

    static func campaign(name: String = "A & <B>") throws -> Campaign {
        var layer = ConfigurationLayer()
        layer.sourceName = name
        layer.rightAscension = 77.25
        layer.declination = 5.75
        return Campaign(
            configuration: try Configuration(layer), fileDigests: ["events.csv": "00ff"], modelVersion: "1",
            fluxPerEvent: 2.5e-17)
    }

    static let mus = [1.0, 2, 3, 4, 6, 8, 12]

    static func fits(mu: Double, count: Int) throws -> FittedTrials {
        let ns = ts(mu: mu, count: count).map { 2 * $0.squareRoot() }
        return try FittedTrials(
            mu: mu, signalEvents: ns, gamma: ns.map { 2 + 0.1 * ($0 - mu) / (1 + mu) },
            injected: ns.map { _ in mu })
    }

    /// - Parameters:
    ///   - hasSignal: whether there are trials with signal.
    ///   - fit: the data's.
    static func make(
        background count: Int = 20_000, hasSignal: Bool = true, fit: UnblindResult? = nil, scan: LikelihoodScan? = nil,
        curves: [CurveFile] = []
    ) throws -> CampaignReport {
        let background = try TSDistribution(ts(mu: 0, count: count))
        let mus = hasSignal ? mus : []
        let signal = try mus.map { try SignalTrials(mu: $0, ts: ts(mu: $0, count: 1000)) }
        let settings = SearchSettings(cut: 3)
        let detections =
            hasSignal
            ? try Detection.all(
                discoveries: [3], in: SearchTrials(background: background, signal: signal, injected: []), settings) : []
        let sample = ts(mu: 0, count: 2000)
        let halves = [0, 1].map { half in sample.enumerated().filter { $0.offset % 2 == half }.map(\.element) }
        let biases = try ([0] + mus).map { FitBias(try fits(mu: $0, count: 500)) }
        let campaign = try campaign()
        return CampaignReport(
            title: nil, campaign: campaign,
            background: try BackgroundSummary(
                campaign: campaign, background: BackgroundTrials(ordinary: background, weighted: nil), cut: 3,
                observed: fit?.ts),
            detections: detections, settings: settings,
            calibration: CalibrationSummary(
                campaign: campaign,
                calibration: Calibration(
                    biases: biases, coverages: [],
                    uniformity: try PValueUniformity(reference: halves[0], fresh: halves[1]))),
            fit: fit, scan: scan, curves: curves, files: [], softwareVersion: "0")
    }
}
