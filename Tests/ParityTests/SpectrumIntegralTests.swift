import Foundation
import Numerics
import PointSource
import Testing

/// Integrals of spectra against mpmath's, 30 digits, stored by tools/spectra/integrals.py.
@Suite("Integrals of spectra") struct SpectrumIntegralTests {
    struct Stored: Decodable {
        let log10_energy_edges: [Double]
        let e0: Double
        let shapes: [Shape]
    }

    struct Shape: Decodable {
        let shape: String
        let gamma: Double?
        let ecut: Double?
        let alpha: Double?
        let beta: Double?
        let gamma1: Double?
        let gamma2: Double?
        let ebreak: Double?
        let smoothness: Double?
        let peak: Double?
        let table: [[Double]]?
        let integrals: [String]

        func spectrum() throws -> EnergySpectrum {
            if let gamma { return EnergySpectrum(gamma: gamma, cutoffEnergy: ecut ?? .infinity) }
            if let alpha, let beta { return EnergySpectrum(shape: .logParabola(alpha: alpha, beta: beta)) }
            if let gamma1, let gamma2, let ebreak, let smoothness {
                return EnergySpectrum(
                    shape: .brokenPowerLaw(
                        BrokenPowerLaw(
                            lowIndex: gamma1, highIndex: gamma2, breakEnergy: ebreak, smoothness: smoothness)))
            }
            let rows = try #require(table)
            return EnergySpectrum(
                shape: .table(
                    try SpectrumTable(energies: rows[0], energyFluxes: rows[1]), peak: try #require(peak)))
        }
    }

    private static let stored = Result {
        try JSONDecoder().decode(
            Stored.self, from: Data(contentsOf: Folders.reference.appendingPathComponent("spectrum_integrals.json")))
    }

    /// Outside a table there is nothing but the floor of 1e−100 of the peak.
    @Test func everyShape() throws {
        let stored = try Self.stored.get()
        let edges = stored.log10_energy_edges
        #expect(stored.shapes.count >= 20 && edges.count > 30)
        var largest: [String: Double] = [:]
        for shape in stored.shapes {
            let spectrum = try shape.spectrum()
            #expect(shape.integrals.count == edges.count - 1)
            for (bin, text) in shape.integrals.enumerated() {
                let exact = try #require(Double(text))
                let value = spectrum.integral(fromLog10Energy: edges[bin], toLog10Energy: edges[bin + 1])
                let width = Portable.exp10(edges[bin + 1])
                if exact <= 1e-90 * width {
                    #expect(value <= 2e-90 * width)
                    continue
                }
                largest[shape.shape, default: 0] = max(largest[shape.shape, default: 0], abs(value / exact - 1))
            }
        }
        for (shape, deviation) in largest.sorted(by: { $0.key < $1.key }) {
            print("parity integrals of \(shape): largest relative deviation \(deviation)")
            // The cutoff has SkyLLH's rule of 5000 points, whose error grows with E/Ec.
            if shape != "cutoff" { #expect(deviation <= 1e-10, "\(shape)") }
        }
        #expect(largest.count == 5)
    }
}
