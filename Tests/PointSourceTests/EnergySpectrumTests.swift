import Numerics
import PointSource
import Testing

@Suite struct EnergySpectrumTests {
    /// Simpson's rule in ln E, fine enough for ten digits.
    func numeric(_ spectrum: EnergySpectrum, _ lower: Double, _ upper: Double) -> Double {
        let n = 20_000
        let (a, b) = (lower * 2.302585092994046, upper * 2.302585092994046)
        let h = (b - a) / Double(n)
        var sum = 0.0
        for i in 0...n {
            let energy = Portable.exp(a + Double(i) * h)
            sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * spectrum.value(atEnergy: energy) * energy
        }
        return sum * h / 3
    }

    @Test(arguments: [0.9, 1.0, 1.7, 2.0, 3.2, 4.1])
    func powerLawIntegral(gamma: Double) {
        let spectrum = EnergySpectrum(gamma: gamma)
        let (exact, sum) = (spectrum.integral(fromLog10Energy: 2, toLog10Energy: 3.5), numeric(spectrum, 2, 3.5))
        #expect(abs(exact / sum - 1) < 1e-10)
    }

    @Test func cutoffIntegral() {
        let spectrum = EnergySpectrum(gamma: 2.2, cutoffEnergy: 1e4)
        let (rule, sum) = (spectrum.integral(fromLog10Energy: 3, toLog10Energy: 5), numeric(spectrum, 3, 5))
        // The 5000-point trapezoid rule that SkyLLH prescribes is good to about 1e-7.
        #expect(abs(rule / sum - 1) < 1e-6)
        #expect(rule < EnergySpectrum(gamma: 2.2).integral(fromLog10Energy: 3, toLog10Energy: 5))
    }

    @Test func valueAtReferenceEnergyIsOne() {
        #expect(EnergySpectrum(gamma: 2.7, referenceEnergy: 1e5).value(atEnergy: 1e5) == 1)
    }
}
