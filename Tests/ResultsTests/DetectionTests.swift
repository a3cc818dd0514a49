import Console
import Diagnostics
import Inference
import PointSource
import Settings
import Testing

@testable import Results

/// Trials that follow a known distribution exactly: TS = z² if z > 0, else 0, where z runs through the quantiles of a
/// normal distribution about mu / 2.
@Suite struct DetectionTests {
    private static func ts(mu: Double, count: Int) -> [Double] {
        (0..<count).map { index in
            let z = mu / 2 - Significance.sigma(tailProbability: (Double(index) + 0.5) / Double(count))
            return z > 0 ? z * z : 0
        }
    }

    private static func trials(mu: [Double]) throws -> SearchTrials {
        SearchTrials(
            background: try TSDistribution(ts(mu: 0, count: 20_000)),
            signal: try mu.map { try SignalTrials(mu: $0, ts: ts(mu: $0, count: 500)) }, injected: [])
    }

    private static func campaign(cutoff: Double?) throws -> Campaign {
        var layer = ConfigurationLayer()
        (layer.rightAscension, layer.declination, layer.cutoffEnergy) = (77.25, 5.75, cutoff)
        return Campaign(
            configuration: try Configuration(layer), fileDigests: [:], modelVersion: "1", fluxPerEvent: 2e-14)
    }

    @Test("E² Φ is E0² Φ(E0), the cutoff included, wherever it is printed")
    func cutoff() throws {
        let trials = try Self.trials(mu: (1...9).map(Double.init))
        for cutoff in [nil, 2000.0] {
            let campaign = try Self.campaign(cutoff: cutoff)
            // E0 is 1 TeV: Φ(E0) = Φ0 exp(−E0/Ec), and 1 TeV² GeV⁻¹ is 1000 TeV.
            let factor = 1000 * (cutoff.map { 1 / (1000 / $0).exponential } ?? 1)
            let single = try DetectableSignalSummary(
                .sensitivity, title: "sensitivity", campaign: campaign, trials: trials, SearchSettings())
            let limits = try LimitsSummary(
                campaign: campaign, trials: trials, observed: 4, level: 0.9, SearchSettings())
            let curve = try CurvePoint(
                campaign: campaign, files: [], trials: trials, [.sensitivity], SearchSettings())
            let expected = single.signal.mu * 2e-14 * factor
            #expect(abs(try single.members.number("e2_flux") / expected - 1) < 1e-12)
            #expect(try curve.numbers(of: curve.detections[0]).number("e2_flux") == single.members.number("e2_flux"))
            guard case .object(let median)? = limits.members.value("median") else { throw Fault(.badData, "no median") }
            #expect(abs(try median.number("e2_flux") / median.number("flux_norm") / factor - 1) < 1e-12)
        }
    }

    @Test("trials that do not suffice are a reason, not an error; an impossible option is an error")
    func faults() throws {
        let trials = try Self.trials(mu: [0.25])
        let detection = try Detection(.sensitivity, title: "sensitivity", in: trials, SearchSettings())
        #expect(detection.found == nil && detection.hypotheses.count == 2)
        let fault = #expect(throws: Fault.self) {
            try Detection(.sensitivity, title: "", in: trials, SearchSettings(interpolation: .poisson))
        }
        #expect(fault?.kind == .usage)
    }

    @Test("one search gives what five searches give")
    func searches() throws {
        let trials = try Self.trials(mu: [1, 2, 3, 4, 6, 8, 12])
        for criterion in [DetectableSignal.Criterion.sensitivity, .discovery(sigma: 4)] {
            let settings = SearchSettings(interpolation: .linear, cut: 2, confidence: 0.9)
            let summary = try DetectableSignalSummary(
                criterion, title: "", campaign: Self.campaign(cutoff: nil), trials: trials, settings)
            func find(_ interpolation: DetectionPower.Interpolation, _ confidence: Double) throws
                -> DetectableSignal
            {
                try DetectableSignal.find(
                    criterion, in: trials, interpolation: interpolation, cut: 2, confidence: confidence)
            }
            #expect(try summary.signal == find(.linear, 0.9) && summary.wide == find(.linear, 0.95))
            #expect(try summary.byInterpolation == [.monotone, .linear, .probit].map { try find($0, 0.9) })
        }
    }

    @Test func explanations() {
        #expect(
            DetectableSignal.Criterion.sensitivity.explanation == "90 % of signal trials above the background median")
        #expect(
            DetectableSignal.Criterion.discovery(sigma: 5).explanation
                == "50 % of signal trials above 5σ (p = 2.87e-7)")
    }
}

extension Double {
    /// Its exponential, by the series.
    fileprivate var exponential: Double {
        var (sum, term) = (1.0, 1.0)
        for n in 1...60 {
            term *= self / Double(n)
            sum += term
        }
        return sum
    }
}

extension [JSONValue.Member] {
    fileprivate func value(_ key: String) -> JSONValue? { first { $0.key == key }?.value }

    fileprivate func number(_ key: String) throws -> Double {
        guard case .number(let value)? = value(key) else { throw Fault(.badData, "no number \(key)") }
        return value
    }
}
