import Diagnostics
import IceTracks
import Numerics

/// ln of the expected numbers of signal events in a dataset as functions of the declination (docs/model.md, section 3):
/// the same for every source.
struct YieldSplines: Sendable {
    /// One for each point of the grid of θ.
    let fitted: [BSpline]
    /// That of the injected spectrum; nil if it is a member of the fitted family.
    let injected: BSpline?
    /// The centres of the first and last declination bins.
    private let range: ClosedRange<Double>
    private let compatibility: AnalysisSettings.Compatibility

    /// - Throws: `Fault`: bad data for an effective area that is zero everywhere; usage, naming the spectrum, for a
    ///   yield that is zero or not finite.
    init(_ response: DetectorResponse, settings: AnalysisSettings) throws {
        let edges = response.effectiveArea.declinationEdges
        let centres = zip(edges, edges.dropFirst()).map { 0.5 * ($0 + $1) }
        func spline(_ spectrum: EnergySpectrum) throws -> BSpline {
            let rows = try Self.rows(area: response.effectiveArea, spectrum: spectrum, dataset: response.name)
            return try BSpline.interpolating(
                x: centres, y: rows.map { Portable.log($0 * response.livetimeSeconds) }, degree: 2)
        }
        fitted = try settings.grid.values.map { try spline(settings.fittedSpectrum($0)) }
        injected = settings.injectedParameter == nil ? try spline(settings.injectedSpectrum) : nil
        range = centres[0]...centres[centres.count - 1]
        compatibility = settings.compatibility
    }

    /// ln Y of one of the splines at a declination in radians (docs/model.md, section 9, for SkyLLH's argument).
    func logarithm(_ spline: BSpline, declination: Double) -> Double {
        let argument = compatibility == .skyllh26_1 ? Portable.sin(declination) : declination
        return spline.value(at: min(max(argument, range.lowerBound), range.upperBound))
    }

    /// Area times spectrum, summed over energy, for every declination row; zeros are replaced by 1e−10 of the smallest
    /// positive value.
    private static func rows(area: EffectiveArea, spectrum: EnergySpectrum, dataset: String) throws -> [Double] {
        let edges = area.log10EnergyEdges
        let flux = zip(edges, edges.dropFirst()).map { spectrum.integral(fromLog10Energy: $0, toLog10Energy: $1) }
        let sums = (0..<area.declinationBinCount).map { row in
            var sum = 0.0
            for (bin, integral) in flux.enumerated() { sum += area[declination: row, energy: bin] * integral }
            return sum
        }
        guard let smallest = sums.filter({ $0 > 0 }).min(), smallest * 1e-10 > 0, sums.allSatisfy(\.isFinite) else {
            let isZero = (0..<area.declinationBinCount).allSatisfy { row in
                edges.indices.dropLast().allSatisfy { area[declination: row, energy: $0] == 0 }
            }
            if isZero {
                throw Fault(
                    .badData, at: .field(dataset), "the effective area is zero everywhere", remedy: "check the release")
            }
            throw spectrum.noSignal(in: dataset)
        }
        return sums.map { $0 == 0 ? smallest * 1e-10 : $0 }
    }
}
