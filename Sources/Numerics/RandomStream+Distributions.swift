extension RandomStream {
    /// A standard normal variate (Box and Muller 1958; the second of the pair is not kept).
    public mutating func normal() -> Double {
        let radius = (-2 * Portable.log(uniformAboveZero())).squareRoot()
        return radius * Portable.cos(2 * Double.pi * uniform())
    }

    /// An exponential variate of mean 1.
    @inlinable
    public mutating func exponential() -> Double {
        -Portable.log(uniformAboveZero())
    }

    /// A gamma variate of the given shape (≥ 1) and scale 1 (Marsaglia and Tsang 2000).
    public mutating func gamma(shape: Double) -> Double {
        precondition(shape >= 1, "the method needs a shape of at least 1")
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            if root <= 0 { continue }
            let v = root * root * root
            if Portable.log(uniformAboveZero()) < 0.5 * x * x + d - d * v + d * Portable.log(v) { return d * v }
        }
    }

    /// A Poisson variate of the given mean (≥ 0).
    ///
    /// Counts the arrivals of a unit-rate process by products of uniforms (Knuth), in parts of mean at most 500 so that
    /// the product does not underflow; a sum of Poisson variates is a Poisson variate of the summed mean.
    ///
    /// - Complexity: O(mean).
    public mutating func poisson(mean: Double) -> Int {
        precondition(mean >= 0 && mean.isFinite, "a Poisson mean is a finite number of at least 0")
        var remaining = mean
        var count = 0
        while remaining > 0 {
            let leg = min(remaining, 500)
            remaining -= leg
            let floor = Portable.exp(-leg)
            var product = uniformAboveZero()
            while product > floor {
                count += 1
                product *= uniformAboveZero()
            }
        }
        return count
    }

    /// A binomial variate: the number of successes in `trials` attempts with a probability in [0, 1].
    ///
    /// The number of n uniforms below p follows from one of them, the k-th smallest, which has a beta distribution: either
    /// k of them lie below p and the search continues above it, or fewer than k do (D. A. Relles, J. Am. Stat. Assoc. 67
    /// (1972) 612).
    ///
    /// - Complexity: O(log n).
    public mutating func binomial(trials: Int, probability: Double) -> Int {
        precondition(
            trials >= 0 && (0...1).contains(probability), "a binomial distribution needs n >= 0 and 0 <= p <= 1")
        var (n, p, count) = (trials, probability, 0)
        while n > 16, p > 0, p < 1 {
            let k = 1 + n / 2
            let x = gamma(shape: Double(k))
            let quantile = x / (x + gamma(shape: Double(n + 1 - k)))
            if quantile <= p {
                count += k
                n -= k
                p = min(1, (p - quantile) / (1 - quantile))
            } else {
                n = k - 1
                p = min(1, p / quantile)
            }
        }
        for _ in 0..<n where uniform() < p { count += 1 }
        return count
    }
}
