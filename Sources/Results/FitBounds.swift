import Console
import PointSource

/// A bound of the fit that equals a fitted value.
public struct FitBound: Sendable, Equatable {
    let isUpper: Bool
    let value: Double

    /// Nil for a value inside the bounds, and for a fixed parameter.
    public init?(of value: Double, _ parameter: AnalysisSettings.FitParameter) {
        guard !parameter.isFixed, value <= parameter.minimum || value >= parameter.maximum else { return nil }
        isUpper = value >= parameter.maximum
        self.value = isUpper ? parameter.maximum : parameter.minimum
    }

    /// "at its upper bound"
    public var text: String { "at its \(isUpper ? "upper" : "lower") bound" }
}

/// A fitted value with its interval, whose ends may be bounds of the fit instead of ends given by the likelihood.
struct BoundedInterval {
    private let value: Double
    private let interval: ClosedRange<Double>
    private let parameter: AnalysisSettings.FitParameter

    init(_ value: Double, _ interval: ClosedRange<Double>, _ parameter: AnalysisSettings.FitParameter) {
        (self.value, self.interval, self.parameter) = (value, interval, parameter)
    }

    private var isLowEnd: Bool { interval.lowerBound <= parameter.minimum }
    private var isHighEnd: Bool { interval.upperBound >= parameter.maximum }

    /// The value with the errors given by the likelihood: "2.10 +0.31 -0.25", "2.10 +0.31", "2.10".
    var text: String {
        if parameter.isFixed { return NumberFormat.plain(value) }
        switch (isLowEnd, isHighEnd) {
        case (false, false): return NumberFormat.value(value, low: interval.lowerBound, high: interval.upperBound)
        case (true, true): return NumberFormat.significant(value, 3)
        default:
            // The missing error is set to the other one, so that the latter determines the digits.
            let error = isLowEnd ? interval.upperBound - value : value - interval.lowerBound
            let parts = NumberFormat.value(value, low: value - error, high: value + error).split(separator: " ")
            guard error > 0, parts.count == 3, !parts[0].hasPrefix("(") else {
                return NumberFormat.significant(value, 3)
            }
            return "\(parts[0]) \(parts[isLowEnd ? 1 : 2])"
        }
    }

    /// "(bounds 1 to 4)", "(lower bound 0)", "(fixed)", or nothing.
    var note: String {
        if parameter.isFixed { return "(fixed)" }
        let (low, high) = (NumberFormat.plain(parameter.minimum), NumberFormat.plain(parameter.maximum))
        switch (isLowEnd, isHighEnd) {
        case (true, true): return "(bounds \(low) to \(high))"
        case (true, false): return "(lower bound \(low))"
        case (false, true): return "(upper bound \(high))"
        case (false, false): return ""
        }
    }

    /// Which ends of the interval are bounds, and whether the value is one; `fixed` for a parameter that is not fitted.
    var json: JSONValue {
        if parameter.isFixed { return ["fixed": true] }
        return [
            "low": .bool(isLowEnd), "high": .bool(isHighEnd),
            "value": .bool(FitBound(of: value, parameter) != nil),
        ]
    }
}
