import Diagnostics
import Numerics

/// What a trial can be tilted towards: one source, or a stack, with the events of each dataset that are tilted.
struct TiltTarget: Sendable {
    let analysis: PointSourceAnalysis
    /// By dataset.
    let tables: [TiltTable]
    /// By dataset: the candidates in the tables, if the trials are skies.
    let skies: [SkyCandidates]?
    /// By dataset: the expected contribution to Σ R of the events that are not drawn, at the points of the grid of θ.
    let negligibleRatios: [FlatTable<SIMD8<Double>>]
    /// By dataset: how strongly candidates are tilted. Empty when the points of a mixture are chosen.
    private(set) var strengths: [TiltStrength]

    /// The source of an analysis, or its stack.
    ///
    /// - Throws: `Fault` (usage) for trials that cannot be weighted, or if the box extends more than 120° from a source.
    init(_ analysis: PointSourceAnalysis) throws {
        try Self.check(analysis)
        guard let stack = analysis.stack else {
            let builders = try analysis.models.map { model in
                var builder = try TiltTable.Builder(rowCount: model.signalTable.count)
                for group in model.background.groups {
                    for i in group.first..<group.end {
                        let candidate = model.background.candidates[i]
                        let place = CandidatePlace(
                            candidate, placement: model.background.placement, halfWidth: group.halfWidth)
                        try builder.add(i, row: Int(candidate.energy), place)
                    }
                }
                return builder
            }
            self.init(analysis, builders, nil, negligible: analysis.models.map(\.background.negligibleRatios))
            return
        }
        try self.init(
            analysis,
            analysis.models.indices.map { j in
                try SkyCandidates(
                    stack.skies[j],
                    stack.members.map { (source: $0.source, reach: $0.reaches[j], firstRow: $0.firstRows[j]) })
            }, negligible: stack.negligibleRatios)
    }

    /// A source of a catalogue.
    ///
    /// - Throws: as ``init(_:)``.
    init(_ catalogue: CatalogueAnalysis, source s: Int) throws {
        try Self.check(catalogue.sources[s])
        try self.init(
            catalogue.sources[s],
            catalogue.skies.indices.map { j in
                try SkyCandidates(
                    catalogue.skies[j],
                    [(source: catalogue.sources[s].source, reach: catalogue.reaches[s][j], firstRow: 0)])
            }, negligible: catalogue.reaches[s].map(\.negligibleRatios))
    }

    private init(
        _ analysis: PointSourceAnalysis, _ skies: [SkyCandidates], negligible: [FlatTable<SIMD8<Double>>]
    ) throws {
        let builders = try concurrently(analysis.models.count, lastFirst: true) { j in
            var builder = try TiltTable.Builder(rowCount: analysis.models[j].signalTable.count)
            try skies[j].forEach { number, row, place throws(Fault) in try builder.add(number, row: row, place) }
            return builder
        }
        self.init(analysis, builders, skies, negligible: negligible)
    }

    private init(
        _ analysis: PointSourceAnalysis, _ builders: [TiltTable.Builder], _ skies: [SkyCandidates]?,
        negligible: [FlatTable<SIMD8<Double>>]
    ) {
        self.analysis = analysis
        tables = builders.map { $0.table() }
        strengths = builders.map(\.strength)
        self.skies = skies
        negligibleRatios = negligible
    }

    /// - Throws: `Fault` (usage) for trials that cannot be weighted.
    private static func check(_ analysis: PointSourceAnalysis) throws(Fault) {
        guard let obstacle = analysis.settings.obstacleToWeights else { return }
        throw Fault(.usage, at: .field("--tail"), obstacle.problem, remedy: obstacle.remedy)
    }

    /// Without what is needed only for the choice of points.
    consuming func chosen() -> TiltTarget {
        strengths = []
        return self
    }

    /// Σ ln(1 + ζ R̄) over the events of a dataset.
    func logProduct(dataset j: Int, zeta: Double, cell: Int) -> Double {
        let signal = analysis.models[j].signalTable
        func density(_ row: Int) -> Double { signal.density(row: row, point: cell) }
        return skies?[j].logProduct(tables[j], zeta: zeta, density: density)
            ?? tables[j].logProduct(zeta: zeta, density: density)
    }

    /// The tilt of each energy at a point of a mixture.
    func rows(_ point: ProposalMixture.Point, dataset j: Int) -> TiltRows {
        let tilt = Tilt(analysis, point.signalEvents, cell: analysis.grid.nearest(to: point.gamma).index)
        let signal = analysis.models[j].signalTable
        return TiltRows(
            slopes: (0..<signal.count).map { tilt.zetas[j] * signal.density(row: $0, point: tilt.cell) },
            table: tables[j])
    }

    /// Gives the tilted events of a trial their right ascensions, in a sky that has been drawn.
    ///
    /// - Parameter point: from which the trial is drawn.
    func tilt(
        _ angles: SkyAngles, _ number: UInt64, key: Philox4x32.Key, _ point: ProposalMixture.Point,
        _ buffers: inout WeightedBuffers
    ) {
        guard let skies else { return }
        for (j, candidates) in skies.enumerated() {
            var random = RandomStream(key: key, trial: number, purpose: RandomPurpose.tilt(dataset: j).rawValue)
            buffers.tilted[j].draw(rows(point, dataset: j), tables[j], candidates, &random)
            candidates.move(buffers.tilted[j], in: angles[j])
        }
    }
}

extension SignalTable {
    /// S_E of a row at a point of the grid of θ.
    func density(row: Int, point: Int) -> Double { values[row * stride + point] }
}

/// The tilt of the datasets at a point (n, θ).
struct Tilt {
    /// The grid point of θ.
    let cell: Int
    /// z_j = n f_j/N_j, and ζ_j = z_j/(1 − z_j).
    let fractions: [Double]
    let zetas: [Double]

    init(_ analysis: PointSourceAnalysis, _ n: Double, cell: Int) {
        self.cell = cell
        let shares = analysis.weights.values(parameter: analysis.grid.values[cell])
        fractions = analysis.models.indices.map { n * shares[$0] / Double(analysis.models[$0].eventCount) }
        zetas = fractions.map { $0 / (1 - $0) }
    }

    /// Σ_j [N_j ln(1 − z_j) + ζ_j M_j]: the part of ln Λ that is common to all trials.
    func commonLogarithm(_ target: TiltTarget) -> Double {
        target.analysis.models.indices.reduce(0) { sum, j in
            let negligible = target.negligibleRatios[j][cell / 8][cell % 8]
            return sum + Double(target.analysis.models[j].eventCount) * Portable.log1p(-fractions[j]) + zetas[j]
                * negligible
        }
    }
}

extension AnalysisSettings {
    /// Why background trials with these settings cannot be weighted, and what to do instead; nil if they can.
    package var obstacleToWeights: (problem: String, remedy: String)? {
        if exposure != nil {
            return (
                "weighted trials are for the exposure of the data, and these are for another one",
                "make ordinary trials, or leave the exposure out"
            )
        }
        if signalEvents.minimum > 0 {
            return (
                "weighted trials are for fits in which n_s may be 0, where TS is not negative, and the smallest n_s is "
                    + "\(shortest(signalEvents.minimum)) (fit.ns.min)",
                "make ordinary trials, or leave the key out"
            )
        }
        if nullSignal != 0 {
            return (
                "weighted trials are background, and the null hypothesis has \(shortest(nullSignal)) signal events "
                    + "(fit.mean_n_sig_0)",
                "make ordinary trials with mu \(shortest(nullSignal)), or leave the key out"
            )
        }
        return nil
    }
}
