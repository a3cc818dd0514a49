import IceTracks
import Numerics

/// The responses of datasets at many declinations, of which few differ.
struct ResponseTable: Sendable {
    /// The different responses, and the dataset of each.
    let responses: [SignalResponse]
    let datasetOfResponse: [Int]
    /// The number of each declination's response in each dataset.
    let indices: [[Int]]

    init(_ datasets: [Dataset], declinations: [Double], settings: AnalysisSettings) throws {
        struct Key: Hashable {
            let dataset: Int
            let bins: SignalResponse.Bins
        }
        struct Inputs: Sendable {
            let dataset: Int
            let area: SourceEffectiveArea
            let smearing: SourceSmearing
        }
        var numbers: [Key: Int] = [:]
        var inputs: [Inputs] = []
        var indices: [[Int]] = []
        for declination in declinations {
            indices.append(
                try datasets.indices.map { j in
                    let bins = try SignalResponse.bins(of: datasets[j], declination: declination)
                    if let known = numbers[Key(dataset: j, bins: bins)] { return known }
                    numbers[Key(dataset: j, bins: bins)] = inputs.count
                    inputs.append(
                        Inputs(
                            dataset: j, area: try SourceEffectiveArea(dataset: datasets[j], declination: declination),
                            smearing: try SourceSmearing(dataset: datasets[j], declination: declination)))
                    return inputs.count - 1
                })
        }
        // The samplers are large, and differ only between the few bins of the smearing matrix.
        struct SamplerKey: Hashable {
            let dataset: Int
            let bin: Int
        }
        var samplers: [SamplerKey: SmearingSampler] = [:]
        for input in inputs {
            let key = SamplerKey(dataset: input.dataset, bin: input.smearing.declinationBin)
            if samplers[key] == nil { samplers[key] = SmearingSampler(smearing: input.smearing) }
        }
        self.indices = indices
        datasetOfResponse = inputs.map(\.dataset)
        responses = try concurrently(inputs.count) { [inputs, samplers] i in
            try SignalResponse(
                datasets[inputs[i].dataset], area: inputs[i].area, smearing: inputs[i].smearing, settings: settings,
                sampler: samplers[SamplerKey(dataset: inputs[i].dataset, bin: inputs[i].smearing.declinationBin)])
        }
    }

    /// The response of a dataset at one of the declinations.
    subscript(declination: Int, dataset: Int) -> SignalResponse { responses[indices[declination][dataset]] }
}
