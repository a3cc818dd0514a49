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
    public static func sample(named name: String) throws(Fault) -> Sample {
        let known = samples.first { $0.name == name || $0.aliases.contains(name) }
        guard let sample = known ?? versionedSample(named: name) else {
            throw Fault.unknownName(name, field: "sample", kind: "sample", legal: sampleNames)
        }
        return sample
    }

    /// Ten years of data, 2008–2018 (arXiv:2101.09836).
    public static let iceTracksDR1 = builtIn(PackageResources.IceTracks_DR1_yaml, "IceTracks-DR1.yaml")

    /// Fourteen years of data, first version.
    public static let iceTracksDR2v1 = builtIn(PackageResources.IceTracks_DR2_v1_yaml, "IceTracks-DR2-v1.yaml")

    /// Fourteen years of data, with corrected response binnings: the default.
    public static let iceTracksDR2v2 = builtIn(PackageResources.IceTracks_DR2_yaml, "IceTracks-DR2.yaml")

    /// A definition in this package, which the tests read.
    private static func builtIn(_ text: [UInt8], _ file: String) -> Sample {
        do {
            return try SampleReader(file: file, isBuiltIn: true).read(String(decoding: text, as: UTF8.self))
        } catch {
            fatalError("the definition of a release in this program is not valid: \(error)")
        }
    }
}
