import Diagnostics

/// The supported samples (docs/model.md §1).
public enum Catalogue {
    /// All samples, oldest first.
    public static let samples: [Sample] = [iceTracksDR1, iceTracksDR2v1, iceTracksDR2v2]

    /// Every name and alias of a sample.
    public static var sampleNames: [String] { samples.flatMap { [$0.name] + $0.aliases } }

    /// Every name of a dataset or of a single season of a sample, in alphabetical order.
    public static var datasetNames: [String] {
        Set(samples.flatMap { $0.datasets + $0.singleSeasons }.map(\.name)).sorted()
    }

    /// The sample with that name or alias, or another version of one, as in `IceTracks-DR2-v3.1` (``version(_:of:)``).
    ///
    /// - Throws: a usage `Fault` that lists the valid names and suggests the nearest.
    public static func sample(named name: String) throws -> Sample {
        let known = samples.first { $0.name == name || $0.aliases.contains(name) }
        guard let sample = known ?? versionedSample(named: name) else {
            throw Fault.unknownName(name, field: "sample", kind: "sample", legal: sampleNames)
        }
        return sample
    }

    /// Ten years of data, 2008–2018 (arXiv:2101.09836).
    public static let iceTracksDR1 = Sample(
        name: "IceTracks-DR1", aliases: [], defaultFolder: "icecube_10year_ps",
        doi: "doi:10.7910/DVN/VKL316", version: "2.0",
        datasets: tenYearDatasets, singleSeasons: tenYearDatasets.flatMap { $0.seasons.map($0.single) }
    )

    /// Fourteen years of data, first version.
    public static let iceTracksDR2v1 = Sample(
        name: "IceTracks-DR2-v1", aliases: [], defaultFolder: "icecube_14year_ps",
        doi: "doi:10.7910/DVN/MMIIZA", version: "1.0",
        datasets: fourteenYearDatasets, singleSeasons: fourteenYearDatasets.flatMap { $0.seasons.map($0.single) }
    )

    /// Fourteen years of data, with corrected response binnings: the default.
    public static let iceTracksDR2v2 = Sample(
        name: "IceTracks-DR2", aliases: ["IceTracks-DR2-v2"], defaultFolder: "icecube_14year_ps_v2",
        doi: "doi:10.7910/DVN/MMIIZA", version: "2.0",
        datasets: fourteenYearDatasets, singleSeasons: fourteenYearDatasets.flatMap { $0.seasons.map($0.single) }
    )
}

extension Catalogue {
    private static let romanNumerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"]

    private static let tenYearDatasets: [DatasetDefinition] = [
        single(
            "IC40", sinDeclination: BinEdges.ic40, log10Energy: BinEdges.energy(from: 2, to: 9.5), cut: (0.1, 5.0e-4)),
        single(
            "IC59", sinDeclination: BinEdges.ic59, log10Energy: BinEdges.energy(from: 2, to: 9.5), cut: (0.1, 5.0e-4)),
        single(
            "IC79", sinDeclination: BinEdges.ic79, log10Energy: BinEdges.energy(from: 2, to: 9.5), cut: (0.5, 1.9e-3)),
        single(
            "IC86_I", sinDeclination: BinEdges.ic86FirstOfTenYears,
            log10Energy: BinEdges.energy(from: 1, to: 10.5), cut: (0.25, 7.0e-5)
        ),
        DatasetDefinition(
            name: "IC86_II-VII", seasons: romanNumerals[1...6].map { "IC86_\($0)" }, configuration: "IC86_II",
            sinDeclinationEdges: BinEdges.ic86, log10EnergyEdges: BinEdges.energy(from: 0.5, to: 9.5),
            cutSmoothing: 0.25, cutThreshold: 7.0e-5
        ),
    ]

    private static let fourteenYearDatasets: [DatasetDefinition] = [
        single("IC40", sinDeclination: BinEdges.ic40, log10Energy: BinEdges.energy(from: 2, to: 9), cut: (0.1, 5.0e-4)),
        single(
            "IC59", sinDeclination: BinEdges.ic59, log10Energy: BinEdges.energy(from: 2, to: 9.5), cut: (0.1, 5.0e-4)),
        single("IC79", sinDeclination: BinEdges.ic79, log10Energy: BinEdges.energy(from: 1, to: 9), cut: (0.5, 1.9e-3)),
        DatasetDefinition(
            name: "IC86_I-XI", seasons: romanNumerals.map { "IC86_\($0)" }, configuration: "IC86",
            sinDeclinationEdges: BinEdges.ic86, log10EnergyEdges: BinEdges.energy(from: 1, to: 9.5),
            cutSmoothing: 0.25, cutThreshold: 7.0e-5
        ),
    ]

    /// A dataset of one season that has its own configuration.
    private static func single(
        _ name: String, sinDeclination: [Double], log10Energy: [Double], cut: (smoothing: Double, threshold: Double)
    ) -> DatasetDefinition {
        DatasetDefinition(
            name: name, seasons: [name], configuration: name,
            sinDeclinationEdges: sinDeclination, log10EnergyEdges: log10Energy,
            cutSmoothing: cut.smoothing, cutThreshold: cut.threshold
        )
    }
}
