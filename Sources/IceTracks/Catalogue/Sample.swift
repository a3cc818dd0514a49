import Diagnostics

/// One public release of IceCube's track-like events: its origin and its datasets.
///
/// The definitions are those of docs/model.md §1.
public struct Sample: Sendable, Equatable {
    /// The name of the sample in options, such as `IceTracks-DR2`.
    public let name: String
    /// Other names for the same sample.
    public let aliases: [String]
    /// The name of the release's folder.
    public let defaultFolder: String
    /// Dataverse persistent identifier, such as `doi:10.7910/DVN/MMIIZA`.
    public let doi: String
    /// Version of the dataset on Dataverse, such as `2.0`.
    public let version: String
    /// The datasets that an analysis uses by default, in order.
    public let datasets: [DatasetDefinition]
    /// Every season of the release as a separate dataset, with the binning and responses of its configuration.
    public let singleSeasons: [DatasetDefinition]
}

/// One term of the likelihood: the seasons of one detector configuration and their binning.
public struct DatasetDefinition: Sendable, Equatable {
    /// The dataset's name, such as `IC86_I-XI`.
    public let name: String
    /// The seasons whose events and uptimes are concatenated, in order.
    public let seasons: [String]
    /// The detector configuration whose responses the seasons share, such as `IC86`.
    public let configuration: String
    /// Edges of the bins in sin(declination), increasing from -1 to 1.
    public let sinDeclinationEdges: [Double]
    /// Edges of the bins in log10 of the reconstructed energy in GeV, increasing.
    public let log10EnergyEdges: [Double]
    /// Smoothing condition s of the spline through the energy cut (docs/model.md §7).
    public let cutSmoothing: Double
    /// Cumulative fraction of data events that defines the energy cut (docs/model.md §7).
    public let cutThreshold: Double

    /// The configuration's effective area, relative to the release folder.
    public var effectiveAreaFile: String { "irfs/\(configuration)_effectiveArea.csv" }
    /// The configuration's smearing matrix, relative to the release folder.
    public var smearingFile: String { "irfs/\(configuration)_smearing.csv" }
    /// The seasons' event files, relative to the release folder.
    public var eventFiles: [String] { seasons.map(Season.eventFile(of:)) }
    /// The seasons' uptime files, relative to the release folder.
    public var uptimeFiles: [String] { seasons.map(Season.uptimeFile(of:)) }

    /// The same binning and responses for only one of the seasons.
    func single(_ season: String) -> DatasetDefinition {
        DatasetDefinition(
            name: season, seasons: [season], configuration: configuration,
            sinDeclinationEdges: sinDeclinationEdges, log10EnergyEdges: log10EnergyEdges,
            cutSmoothing: cutSmoothing, cutThreshold: cutThreshold
        )
    }
}

extension Sample {
    /// The names of the datasets and single seasons that ``dataset(named:)`` knows, each once.
    public var datasetNames: [String] {
        var names: [String] = []
        for definition in datasets + singleSeasons where !names.contains(definition.name) {
            names.append(definition.name)
        }
        return names
    }

    /// The dataset with that name, or the single season as a separate dataset.
    ///
    /// - Throws: a usage `Fault` that lists the valid names and suggests the nearest.
    public func dataset(named name: String) throws -> DatasetDefinition {
        guard let definition = (datasets + singleSeasons).first(where: { $0.name == name }) else {
            throw Fault.unknownName(name, field: "datasets", kind: "dataset of \(self.name)", legal: datasetNames)
        }
        return definition
    }

    /// The datasets with those names, in the given order; all of ``datasets`` when the list is empty.
    ///
    /// - Throws: a usage `Fault` for an unknown name and for a season that is selected twice.
    public func datasets(named names: [String]) throws -> [DatasetDefinition] {
        guard !names.isEmpty else { return datasets }
        let definitions = try names.map(dataset(named:))
        var holder: [String: String] = [:]
        for definition in definitions {
            for season in definition.seasons {
                if let other = holder[season] {
                    throw Fault(
                        .usage, at: .field("datasets"),
                        "season \(season) is selected twice, in \"\(other)\" and in \"\(definition.name)\"",
                        remedy: "give each season once"
                    )
                }
                holder[season] = definition.name
            }
        }
        return definitions
    }
}

extension Fault {
    /// The fault for a name that is not in a list: it names the valid ones and suggests the nearest.
    static func unknownName(_ name: String, field: String, kind: String, legal: [String]) -> Fault {
        let guess = suggestion(nearestName(to: name, in: legal))
        return Fault(
            .usage, at: .field(field), "\"\(name)\" is not a \(kind)",
            remedy: "\(guess)Valid names are \(legal.joined(separator: ", "))"
        )
    }
}
