import Console
import Foundation
import Inference

/// A threshold from a fit to the background's tail, with the facts needed to quote it.
struct FittedThreshold: Sendable {
    /// By each fitted distribution, the quoted one first.
    let estimates: [Threshold]
    /// Decades between the threshold's tail probability and the smallest one that the trials reach.
    let decades: Double
    private let trials: Int
    private let tail: TailStudy

    /// Nil for a threshold that is not from a fit.
    init?(_ threshold: Threshold, _ tail: TailStudy, of background: TSDistribution, confidence: Double) throws {
        guard threshold.isFitted else { return nil }
        let fits = tail.fits.map(\.distribution)
        let all = try background.thresholds(
            tailProbability: threshold.tailProbability, fits: fits, confidence: confidence)
        estimates = [threshold] + all.filter { $0.method != threshold.method }
        decades = Extrapolation.decades(threshold.tailProbability, trials: background.count)
        trials = background.count
        self.tail = tail
    }

    var warnings: [String] { tail.warnings }

    /// "extrapolated over 1.5 decades beyond 100,000 trials"
    var extrapolation: String { Extrapolation.text(decades, trials: trials) }

    /// The threshold by the other distributions, how far it is extrapolated, and the warnings.
    ///
    /// - Parameter canBeWeighted: whether there can be weighted trials.
    func lines(canBeWeighted: Bool) -> [String] {
        let others = estimates.dropFirst().map { "\($0.method.rawValue) \($0.text)" }
        return (others.isEmpty ? [] : ["TS threshold by another distribution: \(others.joined(separator: ", "))"])
            + (decades > 0
                ? ["The threshold is \(extrapolation)."] + (canBeWeighted ? [Extrapolation.replacement] : []) : [])
            + warnings
    }

    /// The smallest and the largest of the estimates.
    var spread: ClosedRange<Double> {
        let values = estimates.map(\.value)
        return (values.min() ?? .nan)...(values.max() ?? .nan)
    }
}

/// How far a tail probability lies beyond the smallest one that trials can count.
enum Extrapolation {
    /// Decades below the probability of one trial among all; 0 if trials lie above the threshold.
    static func decades(_ probability: Double, trials: Int) -> Double {
        guard probability > 0 else { return .infinity }
        return max(0, -log10(probability) - log10(Double(trials)))
    }

    /// The command that makes a fit unnecessary.
    static let replacement = "Weighted trials give it without a fit: trialgen run --tail 7 --trials 100k"

    /// "extrapolated over 1.5 decades beyond 100,000 trials"
    static func text(_ decades: Double, trials: Int) -> String {
        "extrapolated over \(NumberFormat.fixed(decades, 1)) decades beyond \(NumberFormat.count(trials)) trials"
    }
}

extension TailStudy {
    /// Below this p-value the fitted distribution does not describe the trials.
    private static let leastPValue = 0.05

    /// Whether the distribution used for thresholds describes the trials to which it was fitted.
    var warnings: [String] {
        guard let quoted = fits.first else { return [] }
        return
            (quoted.goodness.pValue < Self.leastPValue
            ? ["The gamma fit is poor: thresholds may be off by more than their intervals."] : [])
            + (quoted.distribution.isAtBound
                ? ["The gamma fit lies on a bound of its shape or scale: intervals are too narrow."]
                : [])
    }
}
