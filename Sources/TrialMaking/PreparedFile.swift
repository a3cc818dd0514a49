import Diagnostics
import Files
import Foundation
import PointSource
import Settings

/// A file with everything that trials need of a release, for one source and set of settings, and with their campaign
/// (docs/file-format.md).
public struct PreparedFile: Sendable {
    public let path: String
    /// The campaign of the trials made from it.
    public let campaign: Campaign
    private let contents: FileContents
    private let header: PreparedHeader

    /// Reads a file and checks every byte of it.
    ///
    /// - Throws: `Fault`: missing input, input/output; bad data for a file that is not a prepared file, has another
    ///   version, or is truncated or damaged.
    public init(contentsOf path: String) throws {
        self.path = path
        contents = try FileContents(of: path, "a file of trialgen prepare", headerSize: PreparedHeader.length) {
            header, size throws(Fault) in
            _ = try PreparedHeader(header, fileSize: size, file: path)
        }
        let bytes = contents.bytes
        header = try PreparedHeader(bytes, fileSize: bytes.count, file: path)
        guard header.checksum == PreparedHeader.checksum(of: bytes) else {
            throw Fault(
                .badData, at: .file(path), "is damaged: its checksum does not match",
                remedy: "copy it again, or make it again with trialgen prepare")
        }
        guard let text = String(validating: bytes[header.text], as: UTF8.self) else {
            throw Fault(
                .badData, at: .file(path), "its campaign is not UTF-8 text",
                remedy: "make it again with trialgen prepare")
        }
        campaign = try Campaign(text: text, file: path)
        guard campaign.modelVersion == PointSourceAnalysis.modelVersion else {
            throw Fault(
                .badData, at: .file(path),
                "was made by a trialgen with model version \"\(campaign.modelVersion)\", but this one has "
                    + "\"\(PointSourceAnalysis.modelVersion)\": it would make other trials",
                remedy: "make it again with this trialgen prepare, or use the trialgen that made it")
        }
    }

    /// The analysis, ready to make trials; it keeps the file's bytes in memory.
    ///
    /// - Throws: `Fault` (bad data) for contents that were not written by an analysis.
    public func analysis() throws -> PointSourceAnalysis {
        var reader = PreparedReader(
            owner: contents, bytes: UnsafeRawBufferPointer(rebasing: contents.bytes[header.analysis]), file: path)
        return try PointSourceAnalysis(
            from: &reader, source: campaign.configuration.source, settings: campaign.configuration.settings)
    }

    /// The campaign with a configuration that agrees with its own in everything that trials depend on.
    public func campaign(of configuration: Configuration) -> Campaign {
        Campaign(
            configuration: configuration, fileDigests: campaign.fileDigests, modelVersion: campaign.modelVersion,
            fluxPerEvent: campaign.fluxPerEvent, widenedRange: campaign.widenedRange)
    }

    /// Writes a file, which appears under its name only when complete.
    ///
    /// - Parameters:
    ///   - replace: whether an existing file is replaced even if it is not a prepared file.
    ///   - inputs: files that are never replaced.
    /// - Returns: its size in bytes.
    /// - Throws: `Fault` (cannot create, input/output).
    @discardableResult
    public static func write(
        _ analysis: PointSourceAnalysis, _ campaign: Campaign, to path: String, replace: Bool = false,
        inputs: [String] = []
    ) throws(Fault) -> Int {
        var writer = PreparedWriter()
        analysis.write(to: &writer)
        writer.align()
        let bytes = PreparedHeader.file(campaign: campaign.text, analysis: writer.bytes)
        try Publication.write(bytes, to: path, collision(replace: replace), inputs: inputs)
        return bytes.count
    }

    /// Checks an output before the work; ``write(_:_:to:replace:inputs:)`` checks again.
    package static func checkOutput(_ path: String, replace: Bool, inputs: [String]) throws(Fault) {
        try Publication.check(path, collision(replace: replace), inputs: inputs)
    }

    private static func collision(replace: Bool) -> Publication.Collision {
        .init(replace: replace, own: .beginning("a prepared file", PreparedHeader.magic))
    }
}

extension Configuration {
    /// Checks settings, completed by those of a prepared file.
    ///
    /// - Throws: `Fault` (usage) for a setting that differs from the file's and affects trials, naming its place; as
    ///   ``init(_:)``.
    public init(_ layer: ConfigurationLayer, of prepared: PreparedFile) throws {
        let own = prepared.campaign.configuration
        var reader = ConfigurationReader(file: prepared.path)
        let whole = try reader.read(own.labelledYAML).overridden(by: layer)
        let configuration = try Configuration(whole)
        let differences = CampaignDifference.between(own.canonicalYAML, configuration.canonicalYAML)
        if let difference = differences.first {
            let key = String(difference.key.prefix { $0 != "[" })
            try whole.locatingFaults {
                throw Fault(
                    .usage, at: .field(key),
                    "\(difference.second ?? "nothing") contradicts \(prepared.path), which was prepared for "
                        + (difference.first ?? "nothing"),
                    remedy: "leave it out, or prepare another file")
            }
        }
        self = configuration
    }
}
