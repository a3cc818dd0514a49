import Diagnostics

/// The version of a dataset on a Dataverse server, such as 2.0.
public struct DatasetVersion: Sendable, Hashable, Comparable, LosslessStringConvertible {
    public let major: Int
    public let minor: Int

    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Nil unless the text is two numbers without sign and leading zeros, as in `3.1`.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major > 0, minor >= 0,
            "\(major).\(minor)" == description
        else { return nil }
        self.init(major: major, minor: minor)
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (one: DatasetVersion, other: DatasetVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}

extension Catalogue {
    /// The same datasets in another version on the server: a sample with its own name and folder, such as
    /// `IceTracks-DR2-v3.1` in `icecube_14year_ps_v3.1`. A version that the catalogue has is the catalogue's sample.
    public static func version(_ version: DatasetVersion, of sample: Sample) -> Sample {
        let family = samples.filter { $0.doi == sample.doi }
        if let known = family.first(where: { $0.version == version.description }) { return known }
        let (newest, oldest) = (family.last ?? sample, family.first ?? sample)
        return Sample(
            name: "\(newest.name)-v\(version)", aliases: [], defaultFolder: "\(oldest.defaultFolder)_v\(version)",
            doi: newest.doi, version: version.description, datasets: newest.datasets)
    }

    /// The sample that ``version(_:of:)`` names so; nil for other names.
    static func versionedSample(named name: String) -> Sample? {
        guard let mark = name.range(of: "-v", options: .backwards),
            let version = DatasetVersion(String(name[mark.upperBound...])),
            let base = samples.last(where: { $0.name == name[..<mark.lowerBound] })
        else { return nil }
        let sample = Self.version(version, of: base)
        return sample.name == name || samples.contains(sample) ? sample : nil
    }
}
