import Inference
import Results
import Testing

@testable import Report

/// Figures of background without any TS above 0, or with negative ones.
@Suite struct SpikeTests {
    private static func figures(_ ts: [Double], observed: Double? = nil) throws -> [Figure] {
        let background = try TSDistribution(ts)
        let thresholds = background.thresholds().compactMap { try? $0.threshold.get() }
        return [
            .tsDistribution(background, fits: [], observed: observed),
            .survival(background, thresholds: thresholds, fits: [], observed: observed),
        ]
    }

    @Test(
        "gnuplot draws them without a complaint",
        arguments: [
            [Double](repeating: 0, count: 1000), [0], [Double](repeating: 0, count: 999) + [3],
            (0..<1000).map { Double($0) * 0.01 - 8 }, [Double](repeating: -2, count: 50),
        ])
    func drawn(ts: [Double]) throws {
        for observed in [nil, 0.0, 12, -5] {
            for figure in try Self.figures(ts, observed: observed) {
                #expect(!(try Gnuplot().draw(figure, as: .svg)).isEmpty)
            }
        }
    }

    @Test("every trial is drawn once, the spike apart")
    func counts() throws {
        for ts in [[Double](repeating: 0, count: 40), (0..<40).map { Double($0) - 20 }] {
            let figure = try Self.figures(ts)[0]
            let shares = ["spike", "trials"].flatMap { figure[$0]?.rows ?? [] }.map { $0[1] }
            #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        }
    }
}
