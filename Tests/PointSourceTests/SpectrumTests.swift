import Diagnostics
import Numerics
import TestSupport
import Testing

@testable import PointSource

/// Shapes of spectra, and the family of a moved table (docs/model.md, section 2).
@Suite("Spectra") struct SpectrumTests {
    static let table = Result {
        // A bump over four decades, 20 points each.
        let energies = (0...80).map { Portable.exp10(3 + Double($0) / 20) }
        return try SpectrumTable(
            energies: energies,
            energyFluxes: energies.map { energy in
                let x = Portable.log10(energy) - 5
                return 1e-9 * Portable.exp(-1.5 * x * x)
            })
    }

    private static func shapes() throws -> [SpectrumShape] {
        [
            .logParabola(alpha: 2, beta: 0.2),
            .brokenPowerLaw(BrokenPowerLaw(lowIndex: 2, highIndex: 3, breakEnergy: 1e5)),
            .brokenPowerLaw(BrokenPowerLaw(lowIndex: 2.5, highIndex: 1.5, breakEnergy: 300, smoothness: 0.5)),
            .table(try table.get(), peak: 4.3),
        ]
    }

    /// Φ0 is the flux at E0 of every shape.
    @Test func normalisation() throws {
        for shape in try Self.shapes() {
            for energy in [500.0, 1e4, 2e5] {
                let spectrum = EnergySpectrum(shape: shape, referenceEnergy: energy)
                #expect(abs(spectrum.value(atEnergy: energy) - 1) < 1e-12, "\(shape) at \(energy)")
                // Integrals scale with it; α of a log-parabola belongs to its E0.
                if case .logParabola = shape { continue }
                let other = EnergySpectrum(shape: shape)
                let factor = other.value(atEnergy: energy)
                let ratio =
                    other.integral(fromLog10Energy: 4, toLog10Energy: 4.2)
                    / spectrum.integral(fromLog10Energy: 4, toLog10Energy: 4.2)
                #expect(abs(ratio / factor - 1) < 1e-10, "\(shape) at \(energy)")
            }
        }
        let table = EnergySpectrum(shape: .table(try Self.table.get(), peak: 4.3))
        #expect(abs(table.referenceEnergy / Portable.exp10(4.3) - 1) < 1e-12)
        #expect(abs(table.value(atEnergy: Portable.exp10(4.3)) - 1) < 1e-12)
    }

    /// A moved table conserves energy: E² dN/dE keeps its height, and ∫ E dN/dE dE its value.
    @Test func movedTable() throws {
        let table = try Self.table.get()
        func energy(_ peak: Double) -> Double {
            // In units of E_peak² dN/dE at the peak, by fine bins.
            (0..<2000).reduce(0) { sum, i in
                let low = 0.005 * Double(i)
                let middle = Portable.exp10(low + 0.0025)
                return sum + middle * table.integral(fromLog10Energy: low, toLog10Energy: low + 0.005, peak: peak)
            } / Portable.exp10(2 * peak)
        }
        let sums = [3.0, 4.5, 5, 6.2].map(energy)
        for sum in sums { #expect(abs(sum / sums[0] - 1) < 1e-4) }
        // A bin is the sum of its parts, and nothing but the floor lies outside.
        let whole = table.integral(fromLog10Energy: 1, toLog10Energy: 9, peak: 5)
        let parts = (0..<16).reduce(0.0) {
            $0 + table.integral(fromLog10Energy: 1 + 0.5 * Double($1), toLog10Energy: 1.5 + 0.5 * Double($1), peak: 5)
        }
        #expect(abs(whole / parts - 1) < 1e-12)
        #expect(table.integral(fromLog10Energy: 7.5, toLog10Energy: 8, peak: 5) < 1e-90)
        #expect(table.value(atEnergy: 1e8, peak: 5) == 1e-100)
        // SkyLLH's rule goes on below the table.
        var other = table
        other.rule = .skyllh26_1
        #expect(other.value(atEnergy: 500, peak: 5) > 1e-3 * other.value(atEnergy: 1e3, peak: 5))
        let coarse = other.integral(fromLog10Energy: 4.9, toLog10Energy: 5, peak: 5)
        let exact = table.integral(fromLog10Energy: 4.9, toLog10Energy: 5, peak: 5)
        #expect(coarse != exact && abs(coarse / exact - 1) < 1e-4)
    }

    @Test func invalidTables() {
        let rows: [([Double], [Double], String)] = [
            ([1e3], [1], "2 to 10000 rows, not 1"), ([1e3, 1e2], [1, 1], "row 2: the energy 100 is not above"),
            ([1e3, 1e3], [1, 1], "is not above"), ([0, 1e3], [1, 1], "row 1: the energy 0 is not positive"),
            ([1e2, 1e3], [1, -1], "row 2: the flux -1 is negative"), ([1e2, 1e3], [0, 0], "zero at every energy"),
        ]
        for (energies, fluxes, text) in rows {
            expectFault(.usage, text) { _ = try SpectrumTable(energies: energies, energyFluxes: fluxes) }
        }
    }

    /// A member of the fitted family and the same spectrum outside it give the same yields, up to the interpolation
    /// between grid points.
    @Test func membersAndOthersAgree() throws {
        // γ₁ = γ₂: a power law by another name.
        let law = BrokenPowerLaw(lowIndex: 2.5, highIndex: 2.5, breakEnergy: 1e4)
        let member = try ToyAnalysis.make { $0.spectrum.gamma = 2.5 }
        let other = try ToyAnalysis.make { $0.spectrum = EnergySpectrum(shape: .brokenPowerLaw(law)) }
        #expect(abs(member.fluxPerEvent() / other.fluxPerEvent() - 1) < 1e-12)
        for (one, two) in zip(member.injectedShares, other.injectedShares) { #expect(abs(one - two) < 1e-12) }
        // The same events are injected.
        var (first, second) = (member.makeWorkspace(), other.makeWorkspace())
        for number in 0..<5 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 10, seed: 8)
            let fits = (
                try member.trial(number, of: hypothesis, workspace: &first).fit,
                try other.trial(number, of: hypothesis, workspace: &second).fit
            )
            #expect(abs(fits.0.logLambda - fits.1.logLambda) < 1e-6)
        }
        // A fixed parameter may differ from the injected one.
        let wrong = try ToyAnalysis.make {
            $0.spectrum.gamma = 2.5
            $0.gamma = .init(name: "fit.gamma", fixed: 3)
        }
        #expect(abs(wrong.fluxPerEvent() / member.fluxPerEvent() - 1) < 1e-12)
        #expect(wrong.fluxPerEvent(gamma: 3) > 1.1 * wrong.fluxPerEvent())
    }

    /// Fits of a table: the grid, the maximum over the whole range, a prepared copy.
    @Test func fittedTable() throws {
        let table = try Self.table.get()
        let analysis = try ToyAnalysis.make(only: ["IC40", "IC79"]) {
            $0.spectrum = EnergySpectrum(shape: .table(table, peak: 5))
            $0.family = .table(table)
        }
        #expect(analysis.grid.values.count == 228 && analysis.grid.values[1] == 1.06)
        #expect(analysis.grid.values[227] == 10.1)
        #expect(analysis.settings.injectedParameter == 5)
        var workspace = analysis.makeWorkspace()
        var peaks: [Double] = []
        for number in 0..<12 as Range<UInt64> {
            let mu = number < 4 ? 0.0 : 25
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: 5), workspace: &workspace)
            if mu > 0 { peaks.append(trial.fit.gamma) }
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
            for step in 0...180 {
                for n in [0.3, 1, 3, 10, 25] {
                    let probe = Probe(signalEvents: n, gamma: 1.06 + 0.05 * Double(step))
                    let value = analysis.logLambda(at: probe, workspace: &workspace)
                    #expect(value <= trial.fit.logLambda + 5e-7, "trial \(number) at \(probe)")
                }
            }
        }
        // The energy resolution of eight trials' events.
        let median = peaks.sorted()[peaks.count / 2]
        #expect(abs(median - 5) < 0.7, "\(peaks)")

        let copy = try PreparedAnalysisTests.copy(of: analysis)
        var other = copy.makeWorkspace()
        let hypothesis = Hypothesis(meanSignal: 5, seed: 2)
        let trials = (
            try analysis.trial(3, of: hypothesis, workspace: &workspace),
            try copy.trial(3, of: hypothesis, workspace: &other)
        )
        #expect(trials.0 == trials.1)
        #expect(copy.fluxPerEvent() == analysis.fluxPerEvent())
    }

    /// A prepared copy of an injected spectrum that is not fitted.
    @Test func preparedWithAnotherSpectrum() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"]) {
            $0.spectrum = EnergySpectrum(shape: .logParabola(alpha: 2, beta: 0.3))
        }
        let copy = try PreparedAnalysisTests.copy(of: analysis)
        #expect(copy.fluxPerEvent() == analysis.fluxPerEvent())
        var (one, other) = (analysis.makeWorkspace(), copy.makeWorkspace())
        let hypothesis = Hypothesis(meanSignal: 5, seed: 2)
        let trials = (
            try analysis.trial(1, of: hypothesis, workspace: &one), try copy.trial(1, of: hypothesis, workspace: &other)
        )
        #expect(trials.0 == trials.1)
    }

    /// The mixture of weighted trials covers the whole range of peaks.
    @Test func weightedTrials() throws {
        let table = try Self.table.get()
        let analysis = try ToyAnalysis.make(only: ["IC40"]) {
            $0.spectrum = EnergySpectrum(shape: .table(table, peak: 5))
            $0.family = .table(table)
            $0.peak = .init(name: "fit.peak", start: 4, minimum: 3, maximum: 7)
        }
        let background = try WeightedBackground(analysis, tail: 4)
        let hypothesis = Hypothesis(tail: 4, seed: 6)
        var workspace = analysis.makeWorkspace()
        let weighted = try (0..<4000 as Range<UInt64>).map {
            try analysis.weightedTrial($0, of: hypothesis, background: background, workspace: &workspace)
        }
        let weights = weighted.map { Portable.exp($0.logWeight) }
        #expect(WeightedTrialTests.Mean(weights).agrees(with: 1))
        for index in background.mixture.heldOut.indices {
            let ratios = zip(weights, weighted).map { $0 * Portable.exp($1.heldOut[index]) }
            let mean = WeightedTrialTests.Mean(ratios)
            #expect(mean.agrees(with: 1, within: 4.5), "\(background.mixture.heldOut[index]): \(mean)")
        }
    }

    @Test func invalidSettings() throws {
        let table = try Self.table.get()
        let cases: [(String, String, (inout AnalysisSettings) -> Void)] = [
            (
                "flux.beta", "9 is out of range",
                { $0.spectrum = EnergySpectrum(shape: .logParabola(alpha: 2, beta: 9)) }
            ),
            (
                "flux.smoothness", "0.001 is out of range",
                {
                    $0.spectrum = EnergySpectrum(
                        shape: .brokenPowerLaw(
                            BrokenPowerLaw(lowIndex: 2, highIndex: 3, breakEnergy: 1e5, smoothness: 0.001)))
                }
            ),
            (
                "flux.e0", "lies outside the spectrum's 1000 to 10000000 GeV",
                { $0.spectrum = EnergySpectrum(shape: .table(table, peak: 5), referenceEnergy: 100) }
            ),
            (
                "flux.peak", "9 lies outside the fit range 3 to 7 of peak",
                {
                    $0.spectrum = EnergySpectrum(shape: .table(table, peak: 9))
                    $0.family = .table(table)
                    $0.peak = .init(name: "fit.peak", start: 4, minimum: 3, maximum: 7)
                }
            ),
            (
                "fit.peak", "exceed the allowed range",
                {
                    $0.family = .table(table)
                    $0.peak = .init(name: "fit.peak", start: 4, minimum: -9, maximum: 7)
                }
            ),
        ]
        for (field, text, change) in cases {
            expectFault(.usage, field, text) { _ = try ToyAnalysis.make { change(&$0) } }
        }
    }
}
