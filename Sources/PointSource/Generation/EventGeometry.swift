import Numerics

/// What the spatial density ratios of a trial's background events are computed from, one array per quantity. One per
/// thread, reused.
///
/// Events lie scattered over a large table; collecting what is needed of them first lets the arithmetic run over full
/// lanes.
struct EventGeometry {
    private var count = 0
    private let declinationTerm = LaneArray()
    private let cosineProduct = LaneArray()
    private let halfInverseVariance = LaneArray()
    private let scale = LaneArray()

    mutating func removeAll() { count = 0 }

    /// Makes room for a number of events in all, and for the rest of their last lane.
    func reserve(_ total: Int) {
        for array in [declinationTerm, cosineProduct, halfInverseVariance, scale] { array.reserve(total + 8) }
    }

    /// Adds an event. Room must have been made.
    @inline(__always)
    mutating func append(_ candidate: BackgroundGenerator.Candidate) {
        declinationTerm[count] = candidate.declinationTerm
        cosineProduct[count] = candidate.cosineProduct
        halfInverseVariance[count] = candidate.halfInverseVariance
        scale[count] = candidate.scale
        count += 1
    }

    /// Sets S_sp/B_sp of the events, which are those that were added, in the same order. What stands behind the last
    /// one in its lane is computed and never read.
    func ratios(of events: borrowing SelectedEvents) {
        for lane in 0..<((count + 7) / 8) {
            let sine = Portable.sin(0.5 * events.rightAscensionDifferences[lane: lane])
            let h = declinationTerm[lane: lane] + cosineProduct[lane: lane] * sine * sine
            let shape = SpatialSignalDensity.shape(
                haversine: h.replacing(with: 1, where: h .> 1), halfInverseVariance: halfInverseVariance[lane: lane])
            events.spatialRatios[lane: lane] = scale[lane: lane] * shape
        }
    }
}
