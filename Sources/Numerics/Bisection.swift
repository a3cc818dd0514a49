/// The point where a condition that holds at `inside` and not at `outside` ceases to hold: the middle of the final
/// interval of a bisection.
///
/// - Parameters:
///   - width: the final width of the interval as a function of its outer end. However small it is, halving stops where
///     no number lies between the ends.
///   - holds: the condition.
public func bisect(
    from inside: Double, to outside: Double, width: (Double) -> Double, _ holds: (Double) -> Bool
) -> Double {
    var (inside, outside) = (inside, outside)
    while abs(outside - inside) > width(outside) {
        let middle = 0.5 * (inside + outside)
        if middle == inside || middle == outside { break }
        if holds(middle) { inside = middle } else { outside = middle }
    }
    return 0.5 * (inside + outside)
}
