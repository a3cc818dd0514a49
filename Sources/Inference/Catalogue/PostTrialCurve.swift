/// The fraction of background trials that are at least as extreme as a value: the post-trial p-value as a function of what
/// is tested.
public struct PostTrialCurve: Sendable, Equatable {
    /// Which values are more extreme.
    public enum Order: Sendable {
        /// As for a TS.
        case largeFirst
        /// As for a p-value.
        case smallFirst
    }

    public struct Point: Sendable, Equatable {
        /// A value that occurs in a trial.
        public let value: Double
        /// The fraction of trials that are at least as extreme; for weighted trials the mean of their weights.
        public let fraction: Double
    }

    /// The most extreme first. Points are left out where the fraction changes by ``step`` at most.
    public let points: [Point]

    /// Relative.
    private static let step = 0.02

    /// - Parameters:
    ///   - values: of each trial.
    ///   - weight: of each trial.
    public init(_ values: [Double], _ order: Order, weight: (_ trial: Int) -> Double = { _ in 1 }) {
        let trials = values.indices.sorted {
            order == .largeFirst ? values[$0] > values[$1] : values[$0] < values[$1]
        }
        var (points, previous, sum, first) = ([Point](), Point?.none, 0.0, 0)
        while first < trials.count {
            let value = values[trials[first]]
            while first < trials.count, values[trials[first]] == value {
                sum += weight(trials[first])
                first += 1
            }
            let point = Point(value: value, fraction: sum / Double(values.count))
            if let last = points.last, first < trials.count, point.fraction <= (1 + Self.step) * last.fraction {
                previous = point
                continue
            }
            points += [previous, point].compactMap { $0 }
            previous = nil
        }
        self.points = points
    }
}
