extension Double {
    /// The number rounded to some significant decimal digits, as the nearest double to the decimal number; unchanged if
    /// it is 0 or not finite.
    func rounded(toDigits digits: Int, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> Double {
        guard self != 0, isFinite else { return self }
        let least = (1..<digits).reduce(1.0) { power, _ in 10 * power }
        var (scale, mantissa) = (1.0, self)
        while mantissa.magnitude >= 10 * least { (mantissa, scale) = (mantissa / 10, scale * 10) }
        while mantissa.magnitude < least { (mantissa, scale) = (mantissa * 10, scale / 10) }
        let whole = mantissa.rounded(rule)
        // Division by an exact power of ten gives the nearest double, whose shortest text is short.
        return scale >= 1 ? whole * scale : whole / (1 / scale).rounded()
    }
}
