import Diagnostics
import Inference

/// A sensitivity or a discovery potential with all that it was found from.
public struct Detection: Sendable {
    /// The name of the quantity: "sensitivity".
    public let title: String
    public let criterion: DetectableSignal.Criterion
    /// The background, at mu 0, and the signal trials at each mu: how many exceed the threshold. Empty where the
    /// background gives no threshold.
    public let hypotheses: [DetectionPower.Point]
    /// The answer, or why there is none.
    public let signal: Result<DetectableSignal, Fault>

    /// Finds the signal that meets a criterion; see ``DetectableSignal/find(_:in:interpolation:cut:confidence:)``.
    public init(
        _ criterion: DetectableSignal.Criterion, title: String, background: TSDistribution, signal: [SignalTrials],
        interpolation: DetectionPower.Interpolation, cut: Double
    ) {
        self.title = title
        self.criterion = criterion
        var hypotheses: [DetectionPower.Point] = []
        do {
            let threshold = try background.threshold(tailProbability: criterion.tailProbability, cut: cut).value
            let none = try DetectionPower.Point(
                mu: 0, detected: background.count(above: threshold), trials: background.count)
            hypotheses = [none] + signal.map { $0.point(above: threshold) }
            self.signal = .success(
                try DetectableSignal.find(
                    criterion, in: SearchTrials(background: background, signal: signal, injected: []),
                    interpolation: interpolation, cut: cut))
        } catch let fault as Fault {
            self.signal = .failure(fault)
        } catch {
            self.signal = .failure(Fault(.badData, "\(error)"))
        }
        self.hypotheses = hypotheses
    }

    /// The answer, if there is one.
    public var found: DetectableSignal? { try? signal.get() }
}
