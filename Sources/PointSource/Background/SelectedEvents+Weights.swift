import Numerics

extension SelectedEvents {
    /// Computes the weights of the first `count` events, eight at a time, from their origins and right ascensions.
    ///
    /// - Parameters:
    ///   - table: rows of four 64-bit numbers, in which origins are indices: a declination in the form that `halfSine`
    ///     expects, 1/(2σ²), 1/(2π σ² B_sp B_E), and the row of the energy in 32 bits.
    ///   - placement: of the source.
    ///   - halfSine: sin(Δdec/2) from the first numbers of eight rows.
    @inline(__always)
    func weigh<Row: BitwiseCopyable & Sendable>(
        from table: FlatTable<Row>, _ placement: SourcePlacement, halfSine: (SIMD8<Double>) -> SIMD8<Double>
    ) {
        reserve(count)
        let lanes = (count + 7) / 8
        // Values after the last event of a lane are computed, too, and never read.
        let origins = origins.view
        for i in count..<(lanes * 8) { origins[i] = 0 }
        collect(lanes: lanes, from: table, placement, halfSine: halfSine)
        multiplyShapes(lanes: lanes)
    }

    /// Copies the events' numbers from the table: the rows of their energies, the inputs of their weights, and, in place
    /// of the weights, the haversines of their angles to the source.
    @inline(__always)
    private func collect<Row: BitwiseCopyable & Sendable>(
        lanes: Int, from table: FlatTable<Row>, _ placement: SourcePlacement,
        halfSine: (SIMD8<Double>) -> SIMD8<Double>
    ) {
        scratch.0.reserve(lanes * 8)
        scratch.1.reserve(lanes * 8)
        let (origins, energies) = (origins.view, energies.view)
        let (weights, differences) = (weights.view, rightAscensionDifferences.view)
        let (halfInverseVariances, scales) = (scratch.0.view, scratch.1.view)
        for lane in 0..<lanes {
            let i = 8 * lane
            @inline(__always)
            func row(_ k: Int) -> SIMD4<Double> { table.prefix(of: Int(origins[i &+ k]), as: SIMD4<Double>.self) }
            let (declination, halfInverseVariance, scale, indices) = SIMD8.columns(row)
            energies.store(indices.lowWords, at: i)
            halfInverseVariances[lane: lane] = halfInverseVariance
            scales[lane: lane] = scale
            weights[lane: lane] = placement.haversine(
                halfSine: halfSine(declination), rightAscensionDifference: differences[lane: lane])
        }
    }

    /// The weights from haversines, in their place. Apart from ``collect(lanes:from:_:halfSine:)``: one loop after the
    /// other in a function makes the compiler keep numbers of both in memory.
    @inline(never)
    private func multiplyShapes(lanes: Int) {
        let weights = weights.view
        let (halfInverseVariances, scales) = (scratch.0.view, scratch.1.view)
        for lane in 0..<lanes {
            let shape = SpatialSignalDensity.shape(
                haversine: weights[lane: lane], halfInverseVariance: halfInverseVariances[lane: lane])
            weights[lane: lane] = scales[lane: lane] * shape
        }
    }
}
