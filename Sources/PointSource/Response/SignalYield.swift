import Diagnostics
import IceTracks
import Numerics

/// The expected number of signal events of the source in a dataset per unit of flux normalisation, as a function of θ.
///
/// Y(θ) = exp of an interpolating spline of degree 2 through ln H at the grid points, where H is the effective area
/// folded with the spectrum and multiplied by the livetime (docs/model.md, section 3). Unit: events / (GeV⁻¹ cm⁻² s⁻¹).
public struct SignalYield: Sendable {
    /// ln Y as a function of θ.
    let logarithm: BSpline

    init(logarithm: BSpline) { self.logarithm = logarithm }

    /// - Parameters:
    ///   - response: the dataset's response.
    ///   - declination: the source's declination, in radians.
    ///   - grid: the points of the grid of θ.
    ///   - spectrum: the spectrum at each of them.
    ///   - compatibility: selects the declination argument of the spline (docs/model.md, section 9).
    /// - Throws: `Fault`: bad data for an effective area that is zero everywhere; usage, naming the spectrum, for a
    ///   yield that is zero or not finite.
    init(
        response: DetectorResponse, declination: Double, grid: ParameterGrid,
        compatibility: AnalysisSettings.Compatibility, spectrum: (Double) -> EnergySpectrum
    ) throws {
        let logarithms = try grid.values.map { parameter in
            try Self.logarithm(
                response: response, declination: declination, spectrum: spectrum(parameter),
                compatibility: compatibility)
        }
        logarithm = try BSpline.interpolating(x: grid.values, y: logarithms, degree: 2)
    }

    /// ln Y of one spectrum.
    ///
    /// Interpolating in declination first and in θ afterwards gives the tensor-product spline: both are linear.
    ///
    /// - Throws: as the initializer.
    static func logarithm(
        response: DetectorResponse, declination: Double, spectrum: EnergySpectrum,
        compatibility: AnalysisSettings.Compatibility
    ) throws -> Double {
        let area = response.effectiveArea
        let centres = zip(area.declinationEdges, area.declinationEdges.dropFirst()).map { 0.5 * ($0 + $1) }
        let argument = compatibility == .skyllh26_1 ? Portable.sin(declination) : declination
        let clamped = min(max(argument, centres[0]), centres[centres.count - 1])
        let rows = try rows(area: area, spectrum: spectrum, dataset: response.name)
        return try BSpline.interpolating(
            x: centres, y: rows.map { Portable.log($0 * response.livetimeSeconds) }, degree: 2
        )
        .value(at: clamped)
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

    /// Y(θ) in events / (GeV⁻¹ cm⁻² s⁻¹).
    public func value(parameter: Double) -> Double { Portable.exp(logarithm.value(at: parameter)) }
}
