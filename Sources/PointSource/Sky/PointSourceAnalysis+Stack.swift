import Diagnostics
import IceTracks
import Numerics

extension PointSourceAnalysis {
    /// The search for the sum of many sources with one n_s and one θ. ``source`` is the first of them.
    ///
    /// Flux normalisations are those of all sources together, of which a source has the share of its weight.
    ///
    /// - Parameters:
    ///   - datasets: at least one, as loaded by ``IceTracks/Release``.
    ///   - sources: at least one.
    ///   - weights: the relative fluxes of the sources, ≥ 0 and not all 0; nil for equal ones. Sources of weight 0 are
    ///     left out.
    /// - Throws: `Fault` as ``init(datasets:source:settings:)`` and ``CatalogueAnalysis``.
    public init(datasets: [Dataset], stack sources: [Source], weights: [Double]? = nil, settings: AnalysisSettings)
        throws
    {
        try CatalogueAnalysis.check(sources: sources, weights: weights, settings)
        let relative = weights ?? sources.map { _ in 1 }
        let kept = sources.indices.filter { relative[$0] > 0 }
        let total = kept.reduce(0) { $0 + relative[$1] }
        let inputs = try SearchInputs(datasets: datasets, settings: settings)
        let builder = try StackBuilder(
            inputs, kept.map { sources[$0] }, weights: kept.map { relative[$0] / total })
        try self.init(
            source: sources[kept[0]], settings: settings, models: builder.models, conversion: builder.conversion,
            stack: builder.stack)
    }

    /// The sources of a stack with their shares of the flux, which sum to 1; empty for one source.
    public var stackedSources: [(source: Source, share: Double)] {
        stack?.members.map { ($0.source, $0.weight) } ?? []
    }

    /// Fills the workspace with the events of one sky; returns the number of injected events.
    func generateStack(
        _ number: UInt64, of hypothesis: Hypothesis, _ workspace: inout TrialWorkspace
    ) throws -> Int {
        guard let stack, var buffers = workspace.stack.take() else { return 0 }
        defer { workspace.stack = buffers }
        buffers.angles.draw(number, key: hypothesis.key)
        let total = try stack.signal.draw(number, of: hypothesis, into: &buffers.signal)
        for j in models.indices {
            let (events, injected) = (workspace.events[j], buffers.signal.events[j])
            events.removeAll(total: models[j].eventCount + injected.count)
            stack.collect(j, buffers, into: events)
            for (i, event) in injected.enumerated() { stack.add(event, index: i, dataset: j, to: events) }
        }
        return total
    }

    /// Fills the workspace with the background events of one sky.
    ///
    /// - Parameter change: changes the right ascensions that were drawn.
    func generateStack(
        _ number: UInt64, key: Philox4x32.Key, _ workspace: inout TrialWorkspace,
        _ change: (SkyAngles, inout WeightedBuffers) -> Void
    ) {
        guard let stack, let buffers = workspace.stack else { return }
        buffers.angles.draw(number, key: key)
        change(buffers.angles, &workspace.weighted)
        for j in models.indices {
            workspace.events[j].removeAll(total: models[j].eventCount)
            stack.collect(j, buffers, into: workspace.events[j])
        }
    }
}

/// Computes the parts of a stack's analysis.
private struct StackBuilder {
    let models: [DatasetModel]
    let conversion: FluxConversion
    let stack: StackModel

    /// - Parameter weights: above 0, with the sum 1.
    init(_ inputs: SearchInputs, _ sources: [Source], weights: [Double]) throws {
        let (settings, datasets) = (inputs.settings, inputs.datasets)
        let grid = settings.grid
        let sky = try CatalogueAnalysis(inputs, sources: sources, weights: weights)
        // ln Y_sj at the points of the grid: [source][dataset][point].
        let logarithms = sources.map { source in
            inputs.yields.map { yields in
                yields.fitted.map { yields.logarithm($0, declination: source.declination) }
            }
        }
        // ln Σ_s W_s Y_sj. Of one source it is ln Y to the last bit.
        let sums = datasets.indices.map { j in
            grid.values.indices.map { k in
                Self.logarithmOfSum(zip(weights, logarithms).map { ($0, $1[j][k]) })
            }
        }
        let yields = DatasetWeights(
            yields: try sums.map {
                SignalYield(logarithm: try BSpline.interpolating(x: grid.values, y: $0, degree: 2))
            })
        conversion = try Self.conversion(yields, sky, weights, settings)

        let lanes = SignalTable.stride(gridCount: grid.values.count) / 8
        var members: [StackModel.Member] = []
        var rowCounts = datasets.map { _ in 0 }
        for (s, source) in sources.enumerated() {
            let shares = datasets.indices.map { j in
                FlatTable(
                    (0..<lanes).map { lane in
                        var values = SIMD8<Double>.zero
                        for i in 0..<8 where 8 * lane + i < grid.values.count {
                            let k = 8 * lane + i
                            values[i] = weights[s] * Portable.exp(logarithms[s][j][k] - sums[j][k])
                        }
                        return values
                    })
            }
            members.append(
                StackModel.Member(
                    source: source, weight: weights[s], box: sky.sources[s].box, reaches: sky.reaches[s],
                    models: sky.sources[s].models, firstRows: rowCounts, shares: shares))
            for j in datasets.indices { rowCounts[j] += sky.skies[j].energies.count }
        }
        let tables = try concurrently(datasets.count) { [members] j in
            SignalTable(
                gridCount: grid.values.count,
                values: FlatTable(
                    members.indices.flatMap { s in
                        Self.scaled(sky.tables[sky.tableIndices[s][j]], by: members[s].shares[j])
                    }))
        }
        let negligible = datasets.indices.map { j in
            FlatTable(
                (0..<lanes).map { lane in
                    members.reduce(SIMD8<Double>.zero) {
                        $0 + $1.shares[j][lane] * $1.reaches[j].negligibleRatios[lane]
                    }
                })
        }
        stack = StackModel(
            members: members, skies: sky.skies, negligibleRatios: negligible,
            rows: sky.skies.map { sky in
                Dictionary(uniqueKeysWithValues: sky.energies.enumerated().map { ($1.bitPattern, $0) })
            },
            signal: sky.signal)
        models = datasets.indices.map { sky.sources[0].models[$0].with(table: tables[$0]) }
    }

    private static func scaled(_ table: SignalTable, by shares: FlatTable<SIMD8<Double>>) -> [Double] {
        (0..<table.values.count).map { i in
            let k = i % table.stride
            return table.values[i] * shares[k / 8][k % 8]
        }
    }

    private static func logarithmOfSum(_ terms: [(weight: Double, logarithm: Double)]) -> Double {
        let largest = terms.map(\.logarithm).max() ?? 0
        return largest + Portable.log(terms.reduce(0) { $0 + $1.weight * Portable.exp($1.logarithm - largest) })
    }

    /// The conversion between the stack's events and its flux; the flux of a source is its weight times that.
    private static func conversion(
        _ yields: DatasetWeights, _ sky: CatalogueAnalysis, _ weights: [Double], _ settings: AnalysisSettings
    ) throws -> FluxConversion {
        func sum(_ value: (PointSourceAnalysis) -> [Double]) -> [Double] {
            let terms = zip(weights, sky.sources.map(value))
            return sky.skies.indices.map { j in terms.reduce(0) { $0 + $1.0 * $1.1[j] } }
        }
        let injected =
            settings.injectedParameter.map { InjectedYields(parameter: $0, weights: yields) }
            ?? InjectedYields(values: sum(\.injectedYields))
        // The fraction of the stack's signal in the injection's range: that of the sources, by their events.
        let fractions = zip(sum { $0.conversion.eventsPerFlux() }, sum(\.injectedYields)).map { $0 / $1 }
        return try FluxConversion(weights: yields, injectedFractions: fractions, injected: injected)
            .injecting(settings.injectionRange == nil ? fractions.map { _ in 1 } : fractions)
    }
}
