import Console
import PointSource

/// A bound of the fit that a fitted value lies on.
public struct FitBound: Sendable, Equatable {
    let isUpper: Bool
    let value: Double

    /// Nil for a value inside the bounds.
    public init?(of value: Double, _ parameter: AnalysisSettings.FitParameter) {
        guard value <= parameter.minimum || value >= parameter.maximum else { return nil }
        isUpper = value >= parameter.maximum
        self.value = isUpper ? parameter.maximum : parameter.minimum
    }

    /// "at its upper bound"
    public var text: String { "at its \(isUpper ? "upper" : "lower") bound" }
}

/// A fitted value with its interval, whose ends may be bounds of the fit instead of values that the likelihood excludes.
struct BoundedInterval {
    private let value: Double
    private let interval: ClosedRange<Double>
    private let parameter: AnalysisSettings.FitParameter

    init(_ value: Double, _ interval: ClosedRange<Double>, _ parameter: AnalysisSettings.FitParameter) {
        (self.value, self.interval, self.parameter) = (value, interval, parameter)
    }

    private var isLowEnd: Bool { interval.lowerBound <= parameter.minimum }
    private var isHighEnd: Bool { interval.upperBound >= parameter.maximum }

    /// The value with the errors that the likelihood gives: "2.10 +0.31 -0.25", "2.10 +0.31", "2.10".
    var text: String {
        switch (isLowEnd, isHighEnd) {
        case (false, false): return NumberFormat.value(value, low: interval.lowerBound, high: interval.upperBound)
        case (true, true): return NumberFormat.significant(value, 3)
        default:
            // Both errors the same, so that the one that is left is shown with its own digits.
            let error = isLowEnd ? interval.upperBound - value : value - interval.lowerBound
            let parts = NumberFormat.value(value, low: value - error, high: value + error).split(separator: " ")
            guard error > 0, parts.count == 3, !parts[0].hasPrefix("(") else {
                return NumberFormat.significant(value, 3)
            }
            return "\(parts[0]) \(parts[isLowEnd ? 1 : 2])"
        }
    }

    /// " (bounds 1 to 4)", " (lower bound 0)", or nothing.
    var note: String {
        let (low, high) = (NumberFormat.plain(parameter.minimum), NumberFormat.plain(parameter.maximum))
        switch (isLowEnd, isHighEnd) {
        case (true, true): return " (bounds \(low) to \(high))"
        case (true, false): return " (lower bound \(low))"
        case (false, true): return " (upper bound \(high))"
        case (false, false): return ""
        }
    }

    /// Whether the ends of the interval, and the value itself, are bounds.
    var json: JSONValue {
        [
            "low": .bool(isLowEnd), "high": .bool(isHighEnd),
            "value": .bool(value <= parameter.minimum || value >= parameter.maximum),
        ]
    }
}
