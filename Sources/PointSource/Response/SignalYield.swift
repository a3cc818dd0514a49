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
    ///   - yields: of the dataset, for every declination.
    ///   - declination: the source's declination, in radians.
    ///   - grid: the points of the grid of θ.
    init(_ yields: YieldSplines, declination: Double, grid: ParameterGrid) throws {
        // Interpolating in declination first and in θ afterwards gives the tensor-product spline: both are linear.
        logarithm = try BSpline.interpolating(
            x: grid.values, y: yields.fitted.map { yields.logarithm($0, declination: declination) }, degree: 2)
    }

    /// Y(θ) in events / (GeV⁻¹ cm⁻² s⁻¹).
    public func value(parameter: Double) -> Double { Portable.exp(logarithm.value(at: parameter)) }
}
