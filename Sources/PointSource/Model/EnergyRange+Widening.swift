import IceTracks
import Numerics

extension AnalysisSettings.EnergyRange {
    /// What the range becomes in a dataset: widened to edges of the smearing matrix in true energy, and cut to what was
    /// simulated at the source (docs/model.md, section 7). Nil if nothing is left.
    ///
    /// - Throws: `Fault`: usage for a range that leaves the matrix, bad data for a source outside of it.
    public func widened(in dataset: Dataset, at source: Source) throws -> AnalysisSettings.EnergyRange? {
        let smearing = try SourceSmearing(dataset: dataset, declination: source.declination)
        let range = try smearing.widened(
            self, log10Lower: Portable.log10(lower), log10Upper: Portable.log10(upper))
        return try range.map {
            try AnalysisSettings.EnergyRange(
                lower: Portable.exp10($0.lowerBound), upper: Portable.exp10($0.upperBound))
        }
    }
}
