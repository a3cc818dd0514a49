import PointSource
import Testing

@Suite struct YieldTests {
    @Test func sharesSumToOneAndFollowTheirDerivative() throws {
        let weights = try ToyAnalysis.make().weights
        for gamma in [1.0, 1.77, 2.5, 3.99] {
            let values = weights.values(parameter: gamma)
            #expect(abs(values.reduce(0, +) - 1) < 1e-14)
            #expect(values.allSatisfy { $0 > 0 })
        }
    }

    @Test func conversionsAreInverse() throws {
        let analysis = try ToyAnalysis.make()
        #expect(abs(analysis.events(forFlux: analysis.flux(forEvents: 12.5)) - 12.5) < 1e-12)
        #expect(analysis.flux(forEvents: 0) == 0)
    }

    /// SkyLLH's fault moves the yield away from the horizon and nowhere on it (docs/model.md, section 9).
    @Test func compatibilityRestoresTheFaultyDeclination() throws {
        func ratio(_ declination: Double) throws -> Double {
            let right = try ToyAnalysis.make(declinationDegrees: declination)
            let faulty = try ToyAnalysis.make(declinationDegrees: declination) { $0.compatibility = .skyllh26_1 }
            return right.fluxPerEvent() / faulty.fluxPerEvent()
        }
        #expect(abs(try ratio(0) - 1) < 1e-12)
        #expect(abs(try ratio(-60) - 1) > 0.05)
    }

    @Test func livetimeScalesTheYield() throws {
        let dataset = try #require(try ToyAnalysis.datasets().first)
        let source = try Source(rightAscensionDegrees: 10, declinationDegrees: 20)
        func conversion(_ seconds: Double) throws -> FluxConversion {
            let response = DetectorResponse(
                name: dataset.name, effectiveArea: dataset.effectiveArea, livetimeSeconds: seconds)
            return try FluxConversion(responses: [response], source: source, settings: AnalysisSettings())
        }
        #expect(abs(try conversion(2e7).fluxPerEvent() * 2 / conversion(1e7).fluxPerEvent() - 1) < 1e-10)
    }
}
