import Numerics
import Testing

@Suite struct RandomStreamTests {
    let seed: UInt64 = 20_261_122

    func stream(_ trial: UInt64, _ purpose: UInt32 = 0) -> RandomStream {
        RandomStream(key: Philox4x32.Key(seed: seed, stream: 0), trial: trial, purpose: purpose)
    }

    @Test func wordsAreThoseOfTheBlocksInOrder() {
        let key = Philox4x32.Key(seed: seed, stream: 7)
        var random = RandomStream(key: key, trial: 0x1_0000_0005, purpose: 9)
        for block in 0..<3 {
            let words = Philox4x32.block(counter: SIMD4(UInt32(block), 9, 5, 1), key: key)
            #expect(random.next() == UInt64(words[0]) | UInt64(words[1]) << 32)
            #expect(random.next() == UInt64(words[2]) | UInt64(words[3]) << 32)
        }
    }

    @Test func trialsAndPurposesDoNotShareNumbers() {
        var seen = Set<UInt64>()
        for trial in 0..<50 {
            for purpose in 0..<4 {
                var random = stream(UInt64(trial), UInt32(purpose))
                for _ in 0..<10 { seen.insert(random.next()) }
            }
        }
        #expect(seen.count == 50 * 4 * 10)
    }

    /// Mean and variance within five standard errors; a wrong distribution (a half bit lost, a factor 2) lies far outside.
    @Test func momentsOfTheLaws() {
        let n = 40_000
        func check(
            _ name: String, mean: Double, variance: Double, kurtosis: Double = 3, _ draw: (inout RandomStream) -> Double
        ) {
            var random = stream(1)
            let x = (0..<n).map { _ in draw(&random) }
            let m = x.reduce(0, +) / Double(n)
            let v = x.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(n)
            #expect(abs(m - mean) < 5 * (variance / Double(n)).squareRoot(), "\(name): mean \(m), seed \(seed)")
            #expect(
                abs(v - variance) < 5 * variance * ((kurtosis - 1) / Double(n)).squareRoot(),
                "\(name): variance \(v), seed \(seed)")
        }
        check("uniform", mean: 0.5, variance: 1.0 / 12) { $0.uniform() }
        check("normal", mean: 0, variance: 1) { $0.normal() }
        check("exponential", mean: 1, variance: 1, kurtosis: 9) { $0.exponential() }
        check("gamma 2.2", mean: 2.2, variance: 2.2, kurtosis: 6) { $0.gamma(shape: 2.2) }
        check("Poisson 0.7", mean: 0.7, variance: 0.7, kurtosis: 5) { Double($0.poisson(mean: 0.7)) }
        check("Poisson 20", mean: 20, variance: 20) { Double($0.poisson(mean: 20)) }
        check("binomial 1000, 0.3", mean: 300, variance: 210) { Double($0.binomial(trials: 1000, probability: 0.3)) }
        check("binomial 12, 0.5", mean: 6, variance: 3) { Double($0.binomial(trials: 12, probability: 0.5)) }
        check("binomial 10⁶, 0.001", mean: 1000, variance: 999) {
            Double($0.binomial(trials: 1_000_000, probability: 0.001))
        }
    }

    @Test func binomialEnds() {
        var random = stream(4)
        for n in [0, 1, 16, 17, 1000] {
            #expect(random.binomial(trials: n, probability: 0) == 0)
            #expect(random.binomial(trials: n, probability: 1) == n)
        }
    }

    /// The probabilities of a binomial distribution of 20, which one step of the search decides.
    @Test func binomialProbabilities() {
        var random = stream(5)
        let (n, p) = (40_000, 0.35)
        var counts = [Double](repeating: 0, count: 21)
        for _ in 0..<n { counts[random.binomial(trials: 20, probability: p)] += 1 }
        var probability = Portable.exp(20 * Portable.log(1 - p))
        for k in 0...20 {
            let expected = Double(n) * probability
            #expect(abs(counts[k] - expected) < 5 * max(1, expected).squareRoot() + 3, "\(k), seed \(seed)")
            probability *= Double(20 - k) / Double(k + 1) * p / (1 - p)
        }
    }

    @Test func poissonOfLargeMeanCrossesTheLegs() {
        var random = stream(2)
        let n = 2000
        let counts = (0..<n).map { _ in Double(random.poisson(mean: 1234.5)) }
        let mean = counts.reduce(0, +) / Double(n)
        #expect(abs(mean - 1234.5) < 5 * (1234.5 / Double(n)).squareRoot(), "mean \(mean), seed \(seed)")
    }

    @Test func poissonProbabilitiesOfASmallMean() {
        var random = stream(3)
        let n = 50_000
        var zeros = 0
        for _ in 0..<n where random.poisson(mean: 1.5) == 0 { zeros += 1 }
        let p = Portable.exp(-1.5)
        #expect(
            abs(Double(zeros) - Double(n) * p) < 5 * (Double(n) * p * (1 - p)).squareRoot(), "\(zeros), seed \(seed)")
        #expect(random.poisson(mean: 0) == 0)
    }
}
