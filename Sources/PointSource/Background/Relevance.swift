import Numerics

/// The distance from a source in right ascension up to which data events are relevant: beyond it, their density ratio
/// stays below a negligible value for every θ (docs/model.md, section 6).
struct Relevance: Sendable {
    let negligibleRatio: Double
    /// |Δra| at the box's edge, at most π.
    let edge: Double

    init(box: SelectionBox, negligibleRatio: Double) {
        self.negligibleRatio = negligibleRatio
        edge = min(Double.pi, box.rightAscensionHalfWidth)
    }

    /// |Δra| in [0, edge]; 0 if the event is not relevant at any right ascension.
    ///
    /// - Parameters:
    ///   - cosineProduct: cos dec · cos dec_source.
    ///   - signalBound: an upper bound of S_E at the event's energy.
    func halfWidth(
        _ candidate: BackgroundGenerator.Candidate, cosineProduct: Double, signalBound: Double
    ) -> Double {
        if signalBound == 0 { return 0 }
        if negligibleRatio == 0 { return edge }
        // ψ/sin ψ < 2 up to ψ = 1.8, where the search for the angle ends.
        let excess = Portable.log(2 * candidate.scale * signalBound / negligibleRatio)
        if excess <= 0 { return 0 }
        let psi = (excess / candidate.halfInverseVariance).squareRoot()
        if !(psi < 1.8) { return edge }
        let sine = Portable.sin(0.5 * psi)
        let reach = (sine * sine - candidate.halfSine * candidate.halfSine) / cosineProduct
        if reach <= 0 { return 0 }
        if !(reach < 1) { return edge }
        return min(edge, 2 * Portable.asin(reach.squareRoot()))
    }
}
