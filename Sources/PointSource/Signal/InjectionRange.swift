import Diagnostics
import IceTracks
import Numerics

/// The true energies from which signal is injected, for one dataset's smearing matrix.
struct InjectionRange {
    /// In lg(E/GeV).
    let log10Energies: ClosedRange<Double>
    private let valid: ClosedRange<Double>

    /// - Throws: `Fault` (usage) if the range exceeds the smearing matrix or has no simulation at the source.
    init(_ range: AnalysisSettings.EnergyRange?, smearing: SourceSmearing) throws {
        valid = smearing.validRange
        guard let range else {
            log10Energies = valid
            return
        }
        guard let widened = try smearing.widened(range) else {
            throw Fault(
                .usage, at: .field("injection.energy_range"),
                "\(smearing.dataset) has no simulation at the source between \(shortest(range.lower)) and \(shortest(range.upper)) GeV",
                remedy: "choose another range, or exclude the dataset")
        }
        log10Energies = widened
    }

    /// Detected signal in the range over detected signal in the valid range; partly covered bins count by their
    /// overlap.
    func fraction(area: SourceEffectiveArea, spectrum: EnergySpectrum) -> Double {
        if log10Energies == valid { return 1 }
        func detected(_ range: ClosedRange<Double>) -> Double {
            var sum = 0.0
            for (bin, value) in area.values.enumerated() {
                let lower = max(area.log10EnergyEdges[bin], range.lowerBound)
                let upper = min(area.log10EnergyEdges[bin + 1], range.upperBound)
                if lower < upper { sum += value * spectrum.integral(fromLog10Energy: lower, toLog10Energy: upper) }
            }
            return sum
        }
        let whole = detected(valid)
        return whole > 0 ? min(1, detected(log10Energies) / whole) : 0
    }
}

extension AnalysisSettings.EnergyRange {
    /// The range in a dataset: widened to edges of the smearing matrix in true energy, and cut to the simulated
    /// energies at the source (docs/model.md, section 7). Nil if it is empty then.
    ///
    /// - Throws: `Fault`: usage for a range that exceeds the matrix, bad data for a source outside it.
    public func widened(in dataset: Dataset, at source: Source) throws -> AnalysisSettings.EnergyRange? {
        let smearing = try SourceSmearing(dataset: dataset, declination: source.declination)
        return try smearing.widened(self).map {
            try AnalysisSettings.EnergyRange(
                lower: Portable.exp10($0.lowerBound), upper: Portable.exp10($0.upperBound))
        }
    }
}
