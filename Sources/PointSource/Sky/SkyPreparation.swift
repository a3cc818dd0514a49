import IceTracks
import Numerics

/// What trials of skies need of the data and the responses, for sources at a list of declinations.
struct SkyPreparation: Sendable {
    let inputs: SearchInputs
    let skies: [SkyEvents]
    private let responses: ResponseTable
    /// The signal's energy densities of all datasets and responses at the energies of the data, an upper bound of each row
    /// over all θ, and the number of each declination's table in each dataset.
    let tables: [SignalTable]
    private let bounds: [[Double]]
    var tableIndices: [[Int]] { responses.indices }

    /// The data events in order of declination, which are the same for all declinations of sources.
    static func skies(of inputs: SearchInputs) throws -> [SkyEvents] {
        try concurrently(inputs.datasets.count, lastFirst: true) { j in
            SkyEvents(inputs.datasets[j].events, inputs.orders[j], inputs.densities[j])
        }
    }

    /// - Parameters:
    ///   - skies: those of the inputs.
    ///   - declinations: in radians.
    init(_ inputs: SearchInputs, _ skies: [SkyEvents], declinations: [Double]) throws {
        let responses = try inputs.responses(at: declinations)
        let grid = inputs.settings.grid
        tables = try concurrently(responses.responses.count) { i in
            let density = responses.responses[i].energyDensity
            let energies = skies[responses.datasetOfResponse[i]].energies
            return SignalTable(
                gridCount: grid.values.count, rows: energies.map { density.values(log10Energy: $0) })
        }
        bounds = tables.map { $0.rowBounds(step: grid.step) }
        (self.inputs, self.skies, self.responses) = (inputs, skies, responses)
    }

    /// The analysis of a source at one of the declinations, and the reach of each dataset's events.
    func parts(_ index: Int, _ source: Source) throws -> (analysis: PointSourceAnalysis, reaches: [SourceReach]) {
        let settings = inputs.settings
        let box = SelectionBox(source: source, halfWidth: settings.boxHalfWidth)
        let relevance = Relevance(box: box, negligibleRatio: settings.negligibleRatio)
        let reaches = try skies.indices.map { j in
            let number = responses.indices[index][j]
            return try SourceReach(
                skies[j], declination: source.declination, box: box, relevance: relevance, signal: tables[number],
                bounds: bounds[number])
        }
        let analysis = try inputs.analysis(
            of: source, skies.indices.map { (responses[index, $0], tables[responses.indices[index][$0]]) })
        return (analysis, reaches)
    }
}
