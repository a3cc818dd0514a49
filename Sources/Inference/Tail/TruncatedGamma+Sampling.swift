import Numerics

extension TruncatedGamma {
    /// A random value above the cut, by rejection.
    func sample(_ random: inout RandomStream) -> Double {
        // For a ≤ 1 the power decreases above the cut; for a > 1 ln x lies below its tangent at the cut.
        let slope = max(0, shape - 1) / cut
        let rate = 1 / scale - slope
        guard rate * scale > 0.3 else {
            // The mode is near the cut or above it: then a large part of the whole gamma distribution is accepted.
            while true {
                let value = scale * random.gamma(shape: shape)
                if value > cut { return value }
            }
        }
        while true {
            let distance = random.exponential() / rate
            let logAcceptance = (shape - 1) * Portable.log1p(distance / cut) - slope * distance
            if Portable.log(random.uniformAboveZero()) <= logAcceptance { return cut + distance }
        }
    }
}
