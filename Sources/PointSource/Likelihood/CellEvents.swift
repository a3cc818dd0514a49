import Numerics

/// One dataset's events within one cell of the grid of θ, where every R is a parabola r0 + r1 t + r2 t² in t = θ − θ_k.
///
/// Listed events are stored in lanes of eight, the last one padded with R = 0; weak ones enter through ``CellMoments``.
/// One per dataset and thread, reused.
final class CellEvents {
    private(set) var total = 0.0
    /// Listed events.
    private(set) var count = 0
    private(set) var lanes = 0
    private(set) var moments = CellMoments()
    let r0 = LaneArray()
    let r1 = LaneArray()
    let r2 = LaneArray()

    /// Loads the events' ratios in cell k of the grid.
    func load(_ events: DatasetEvents, cell k: Int) {
        total = events.total
        count = events.listedCount
        lanes = (count + 7) / 8
        r0.reserve(count + 8)
        r1.reserve(count + 8)
        r2.reserve(count + 8)
        let (r0, r1, r2) = (r0.view, r1.view, r2.view)
        let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
        let step = rows.step
        let (first, second) = (0.5 / step, 0.5 / (step * step))
        for lane in 0..<lanes {
            let (left, centre, right, _) = SIMD8.columns { rows.nodes(row: Int(energies[8 &* lane &+ $0]), cell: k) }
            let weight = weights[lane: lane]
            r0[lane: lane] = weight * centre
            r1[lane: lane] = weight * ((right - left) * first)
            r2[lane: lane] = weight * (((left + right) - 2 * centre) * second)
        }
        moments = CellMoments(events, cell: k)
    }
}
