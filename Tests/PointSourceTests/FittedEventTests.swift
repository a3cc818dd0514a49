import Foundation
import Testing

@testable import PointSource

@Suite struct FittedEventTests {
    /// ln Λ again from the listed events alone: Σ ln(1 + z (R − 1)), and ln(1 − z) for each event outside the box. At a maximum
    /// inside the bounds the weights sum to n_s (∂lnΛ/∂n_s = 0).
    @Test func eventsGiveTheLikelihoodAgain() throws {
        let (analysis, data) = (try ToyAnalysis.make(), try ToyAnalysis.datasets().map(\.events))
        let fit = try analysis.fitData(data)
        try #require(fit.signalEvents > 1)
        let events = try analysis.fittedEvents(of: data, fit)
        let shares = analysis.weights.values(parameter: fit.gamma)
        var logLambda = 0.0
        for (name, (share, all)) in zip(analysis.datasetNames, zip(shares, analysis.eventCounts)) {
            let own = events.filter { $0.event.dataset == name }
            let z = fit.signalEvents * share / Double(all)
            logLambda += own.reduce(0) { $0 + log(1 + z * ($1.event.ratio - 1)) } + Double(all - own.count) * log(1 - z)
        }
        #expect(abs(logLambda - fit.logLambda) < 1e-6 * abs(fit.logLambda), "\(logLambda) \(fit.logLambda)")
        let sum = events.reduce(0) { $0 + $1.weight }
        #expect(abs(sum / fit.signalEvents - 1) < 1e-3, "\(sum) \(fit.signalEvents)")
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.weight >= $1.weight })
        // The index leads to the event in its table.
        for event in events.prefix(20) {
            let table = data[try #require(analysis.datasetNames.firstIndex(of: event.event.dataset))]
            #expect(table.declination[event.index] == event.event.declination)
            #expect(table.log10Energy[event.index] == event.event.log10Energy)
            #expect(abs(table.rightAscension[event.index] - event.event.rightAscension) < 1e-9)
        }
    }
}
