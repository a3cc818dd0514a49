import Diagnostics
import IceTracks
import Testing

@testable import PointSource

/// What is not a number is never a TS of 0, and no search waits for a precision that numbers do not have.
@Suite struct NotFiniteTests {
    /// The data of a toy season with one event moved onto the source and given another σ.
    private static func data(sigma: Double) throws -> (PointSourceAnalysis, [EventTable]) {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        let dataset = try #require(try ToyAnalysis.datasets().first { $0.name == "IC40" })
        let table = dataset.events
        var events = EventTable()
        for i in 0..<table.count {
            let isFirst = i == 0
            events.append(
                modifiedJulianDate: table.modifiedJulianDate[i], log10Energy: table.log10Energy[i],
                angularError: isFirst ? sigma : table.angularError[i],
                rightAscension: isFirst ? analysis.source.rightAscension : table.rightAscension[i],
                declination: isFirst ? analysis.source.declination : table.declination[i])
        }
        return (analysis, [events])
    }

    @Test("events whose density is not finite are a fault", arguments: [1e-300, 1e-200, .nan, 0, 4])
    func densities(sigma: Double) throws {
        let (analysis, data) = try Self.data(sigma: sigma)
        let fault = #expect(throws: Fault.self) { try analysis.fitData(data) }
        #expect(fault?.kind == .badData && fault?.problem.contains("event 0 is not valid") == true, "\(fault as Any)")
        let (sound, events) = try Self.data(sigma: 0.01)
        #expect(try sound.fitData(events).convergence == .converged)
    }

    @Test("a spectrum without signal is refused by name", arguments: [1e-3, 1e-4, 0.1])
    func spectra(cutoff: Double) throws {
        let fault = #expect(throws: Fault.self) {
            try ToyAnalysis.make(only: ["IC40"]) { $0.spectrum.cutoffEnergy = cutoff }
        }
        #expect(fault?.kind == .usage && fault?.place == .field("flux.ecut"), "\(fault as Any)")
    }

    @Test("searches end where numbers do, not at a width")
    func widths() {
        // The level lies 10²⁰ steps away, where a thousandth of a step is far below the distance of two numbers.
        let end = ProfileSearch.crossing(from: 0, step: 1e-10, to: 1e30, level: 0) { 1e10 - $0 }
        #expect(abs(end / 1e10 - 1) < 1e-9)
        #expect(ProfileSearch.crossing(from: 1, step: 0, to: 2, level: 0) { _ in 1 } == 2)
        #expect(ProfileSearch.crossing(from: 1, step: 1, to: .infinity, level: 0) { _ in 1 } == .infinity)
        let top = 1000.0
        #expect(ProfileSearch.maximum(in: top.nextDown...top) { $0 } >= top.nextDown)
        #expect(ProfileSearch.maximum(in: 5...5) { $0 } == 5)
    }

    /// Hung: fluxes at E0 = 10¹¹ GeV differ by 10²⁴ between the ends of the range of γ.
    @Test func intervalsAtAFarReferenceEnergy() throws {
        let analysis = try ToyAnalysis.make(declinationDegrees: 79.5, only: ["IC40"]) {
            $0.spectrum.referenceEnergy = 1e11
        }
        let data = try ToyAnalysis.datasets().filter { $0.name == "IC40" }.map(\.events)
        let fit = try analysis.fitData(data)
        let intervals = try analysis.intervals(of: data, about: fit)
        #expect(intervals.flux.upperBound.isFinite && intervals.flux.lowerBound >= 0)
    }
}
