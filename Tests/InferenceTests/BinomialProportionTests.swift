import Diagnostics
import Testing

@testable import Inference

@Suite struct BinomialProportionTests {
    // scipy 1.17, tail = norm.sf(1): beta.ppf(tail, k, n - k + 1), beta.isf(tail, k + 1, n - k)
    static let references: [(k: Int, n: Int, low: Double, high: Double)] = [
        (0, 10, 0, 0.1681491861379764),
        (3, 10, 0.1416719011071802, 0.5082624819902524),
        (10, 10, 0.8318508138620236, 1),
        (17, 400, 0.032420835708193034, 0.05514640016494222),
        (290, 1_000_000_000, 2.7298042925773844e-07, 3.0804897376181465e-07),
        (500_000, 1_000_000, 0.4994995002505001, 0.5005004997495),
    ]

    @Test(arguments: references)
    func clopperPearsonAgreesWithScipy(k: Int, n: Int, low: Double, high: Double) throws {
        let interval = try BinomialProportion(successes: k, tries: n).clopperPearson()
        #expect(abs(interval.lowerBound - low) <= 1e-8 * low)
        #expect(abs(interval.upperBound - high) <= 1e-8 * high)
    }

    // scipy 1.17: beta.cdf(x, a, b), beta.sf(x, a, b)
    static let betas: [(x: Double, a: Double, b: Double, lower: Double, upper: Double)] = [
        (0.3, 2, 5, 0.5798250000000003, 0.420175),
        (0.5, 500_001, 500_000, 0.4996010578193346, 0.5003989421806658),
        (3e-7, 290, 1e9, 0.725789609377347, 0.27421039062265357),
        (0.999, 40, 1.5, 0.9940659901753421, 0.005934009824657887),
    ]

    @Test(arguments: betas)
    func incompleteBetaAgreesWithScipy(x: Double, a: Double, b: Double, lower: Double, upper: Double) {
        let result = SpecialFunctions.incompleteBeta(x, a, b)
        #expect(abs(result.lower - lower) < 1e-8 * lower)
        #expect(abs(result.upper - upper) < 1e-8 * upper)
    }

    @Test(arguments: [(20, 0.6827), (20, 0.95), (57, 0.6827)])
    func intervalCoversForEveryProbability(n: Int, confidence: Double) throws {
        // Exactly, by adding up the binomial probabilities of the outcomes whose interval holds p.
        let intervals = try (0...n).map {
            try BinomialProportion(successes: $0, tries: n).clopperPearson(confidence: confidence)
        }
        var smallest = 1.0
        for p in stride(from: 0.013, to: 1, by: 0.0171) {
            var coverage = 0.0
            for k in 0...n where intervals[k].contains(p) {
                coverage +=
                    BinomialProportion.probability(atMost: k, of: n, p: p)
                    - BinomialProportion.probability(atMost: k - 1, of: n, p: p)
            }
            smallest = min(smallest, coverage)
        }
        #expect(smallest >= confidence)
        #expect(smallest < 1, "an interval that always covers is too wide")
    }

    @Test func countsThatAreNoneAreRefused() {
        #expect(throws: Fault.self) { try BinomialProportion(successes: 1, tries: 0) }
        #expect(throws: Fault.self) { try BinomialProportion(successes: -1, tries: 5) }
        #expect(throws: Fault.self) { try BinomialProportion(successes: 6, tries: 5) }
    }

    @Test func significanceIsOneSided() {
        // scipy 1.17: norm.sf([1, 2, 3, 4, 5]), norm.isf(1e-7)
        let tails = [
            0.15865525393145707, 0.022750131948179195, 0.0013498980316300933, 3.167124183311986e-05,
            2.866515718791933e-07,
        ]
        for (index, tail) in tails.enumerated() {
            let sigma = Double(index + 1)
            #expect(abs(Significance.tailProbability(sigma: sigma) - tail) < 1e-13 * tail)
            #expect(abs(Significance.sigma(tailProbability: tail) - sigma) < 1e-12)
        }
        #expect(abs(Significance.sigma(tailProbability: 1e-7) - 5.1993375821928165) < 1e-12)
        #expect(Significance.sigma(tailProbability: 0) == .infinity)
        #expect(Significance.sigma(tailProbability: 1.5).isNaN)
    }
}
