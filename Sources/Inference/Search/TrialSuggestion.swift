import CGSL
import Diagnostics

/// The trials needed for a given precision of sensitivities and discovery potentials, estimated from existing trials.
public struct TrialSuggestion: Sendable, Equatable {
    /// The total number of trials for one mu, including existing ones.
    public struct Order: Sendable, Equatable {
        public let mu: Double
        public let count: Int
        /// Whether these are weighted background trials.
        public let isWeighted: Bool

        init(mu: Double, count: Int, isWeighted: Bool = false) {
            (self.mu, self.count, self.isWeighted) = (mu, count, isWeighted)
        }
    }

    /// By increasing mu; the background, mu = 0, comes first, and weighted trials, if there are any, after it.
    public let orders: [Order]
    /// Why criteria cannot be estimated from the existing trials; their orders then only prepare the next suggestion.
    public let reasons: [String]

    /// The number of trials at a new mu if no better number is known.
    static let exploratoryCount = 1000
    /// The distance of simulated mu from the answer on either side, in standard deviations of the detection
    /// probability.
    private static let spacing = 0.4
    /// A mu with existing trials replaces a requested one that is at most this far away.
    private static let reuse = 0.15

    /// Finds the cheapest trials.
    ///
    /// With n as numbers of trials, the squared relative error is a / N_background + b / N_signal, from the threshold
    /// and the signal trials. It reaches the target with the smallest N_background + N_signal if N ∝ √a, √b. The signal
    /// trials are at three mu, one at the answer and one on either side, each precise enough by itself: so the result
    /// does not depend on the interpolation.
    ///
    /// - Parameters:
    ///   - relativeError: of mu, half the width of its 68.27 % interval.
    ///   - trials: the existing trials.
    /// - Throws: `Fault` of kind `usage` for a target outside (0, 1) or a criterion that background alone fulfils.
    public static func find(
        for criteria: [DetectableSignal.Criterion], relativeError: Double, from trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone, cut: Double = TruncatedGamma.defaultCut
    ) throws -> TrialSuggestion {
        guard relativeError > 0, relativeError < 1 else {
            throw Fault(
                .usage, "relative error \(relativeError) is outside (0, 1)", remedy: "give a number between 0 and 1")
        }
        var counts: [Double: Int] = [0: trials.background.count]
        var reasons: [String] = []
        var weightedCount = trials.weighted?.count ?? 0
        func ask(_ order: Order) {
            if order.isWeighted {
                weightedCount = max(weightedCount, order.count)
            } else {
                counts[order.mu] = max(counts[order.mu] ?? 0, order.count)
            }
        }
        for criterion in criteria {
            do {
                let found = try DetectableSignal.find(criterion, in: trials, interpolation: interpolation, cut: cut)
                for order in orders(for: found, relativeError, trials) { ask(order) }
            } catch let fault as Fault where fault.kind == .badData {
                reasons.append(fault.problem)
                for order in exploration(for: criterion, trials, cut) { ask(order) }
            }
        }
        var orders = counts.sorted { $0.key < $1.key }.map { Order(mu: $0.key, count: $0.value) }
        if weightedCount > 0 { orders.insert(Order(mu: 0, count: weightedCount, isWeighted: true), at: 1) }
        return TrialSuggestion(orders: orders, reasons: reasons)
    }

    private static func orders(
        for found: DetectableSignal, _ target: Double, _ trials: SearchTrials
    ) -> [Order] {
        let parts = found.errorParts(in: trials)
        let rise = found.rise(in: trials)
        let power = found.criterion.power
        let density = gsl_ran_ugaussian_pdf(gsl_cdf_ugaussian_Pinv(power))
        // The squared relative errors times the number of trials: of the background, and of one mu.
        let isWeighted = found.threshold.method == .weighted
        let present = isWeighted ? trials.weighted?.count : trials.background.count
        let background = parts.threshold * parts.threshold * Double(present ?? 0)
        let single = power * (1 - power) / (density * density * rise * rise * found.mu * found.mu)
        let (a, b) = (background.squareRoot(), (3 * single).squareRoot())
        let count = roundedUp(single * (a + b) / (b * target * target))
        var orders = [Order(mu: 0, count: roundedUp(a * (a + b) / (target * target)), isWeighted: isWeighted)]
        for offset in [-spacing, 0, spacing] {
            let wanted = max(found.mu + offset / rise, 0.25 * found.mu)
            let near = trials.signal.map(\.mu).min { abs($0 - wanted) < abs($1 - wanted) }
            let reused = near.flatMap { abs($0 - wanted) * rise <= reuse ? $0 : nil }
            orders.append(Order(mu: reused ?? rounded(wanted), count: count))
        }
        return orders
    }

    /// The trials to run if a criterion cannot be estimated.
    private static func exploration(
        for criterion: DetectableSignal.Criterion, _ trials: SearchTrials, _ cut: Double
    ) -> [Order] {
        var orders: [Order] = []
        let background = trials.background
        if (try? trials.threshold(tailProbability: criterion.tailProbability, cut: cut)) == nil {
            let counted = TSDistribution.minimumCountedTail / criterion.tailProbability
            let fitted =
                2 * Double(TruncatedGamma.minimumTrials) * Double(background.count)
                / Double(max(1, background.count(above: background.tailCut(atLeast: cut))))
            orders.append(Order(mu: 0, count: roundedUp(min(counted, fitted))))
        }
        let ladder: [Double]
        if let largest = trials.signal.last?.mu {
            ladder = [1.5, 2, 3].map { $0 * largest }
        } else {
            ladder = [1, 2, 4, 8, 16]
        }
        return orders + ladder.map { Order(mu: rounded($0), count: exploratoryCount) }
    }

    /// Rounded to two digits.
    private static func rounded(_ mu: Double) -> Double { mu.rounded(toDigits: 2) }

    /// Rounded up to two digits, at least 100.
    private static func roundedUp(_ count: Double) -> Int {
        Int(min(max(count.rounded(toDigits: 2, .up), 100), 1e15))
    }
}
