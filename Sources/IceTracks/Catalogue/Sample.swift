import Diagnostics

/// One release of IceCube's track-like events, public or defined by a user: its origin and its datasets.
///
/// The definitions are those of docs/model.md §1.
public struct Sample: Sendable, Equatable {
    /// The name of the sample in options, such as `IceTracks-DR2`.
    public let name: String
    /// Other names for the same sample.
    public let aliases: [String]
    /// The name of the release's folder; empty if a sample has no usual name.
    public let defaultFolder: String
    /// Dataverse persistent identifier, such as `doi:10.7910/DVN/MMIIZA`; empty if a user's sample has none, as the version.
    public let doi: String
    /// Version of the dataset on Dataverse, such as `2.0`.
    public let version: String
    /// The datasets that an analysis uses by default, in order.
    public let datasets: [DatasetDefinition]
    /// Every season of the release as a separate dataset, with the binning and responses of its configuration.
    public let singleSeasons: [DatasetDefinition]

    public init(
        name: String, aliases: [String] = [], defaultFolder: String, doi: String = "", version: String = "",
        datasets: [DatasetDefinition]
    ) {
        self.name = name
        self.aliases = aliases
        self.defaultFolder = defaultFolder
        self.doi = doi
        self.version = version
        self.datasets = datasets
        singleSeasons = datasets.flatMap { dataset in dataset.seasonFiles.map(dataset.single) }
    }

    /// Whether it is one of the public releases, not one that a user defined.
    public var isBuiltIn: Bool { (try? Catalogue.sample(named: name)) == self }

    /// The folders of the release that contain its files, such as `events`, by name.
    var subfolders: [String] {
        let folders = Release.files(of: datasets).compactMap { file in
            file.contains("/") ? file.split(separator: "/").first.map(String.init) : nil
        }
        return Set(folders).sorted()
    }
}

/// One term of the likelihood: the seasons of one detector configuration and their binning.
public struct DatasetDefinition: Sendable, Equatable {
    /// The dataset's name, such as `IC86_I-XI`.
    public let name: String
    /// The seasons whose events and uptimes are concatenated, in order.
    public let seasonFiles: [SeasonFiles]
    /// The detector configuration whose responses the seasons share, such as `IC86`.
    public let configuration: String
    /// The configuration's effective area, relative to the release folder.
    public let effectiveAreaFile: String
    /// The configuration's smearing matrix, relative to the release folder.
    public let smearingFile: String
    /// The bins in sin(declination), from -1 to 1.
    public let sinDeclination: BinSpecification
    /// The bins in log10 of the reconstructed energy in GeV.
    public let log10Energy: BinSpecification
    /// Smoothing condition s of the spline through the energy cut (docs/model.md §7).
    public let cutSmoothing: Double
    /// Cumulative fraction of data events that defines the energy cut (docs/model.md §7).
    public let cutThreshold: Double
    /// The columns of the event files.
    public let columns: EventColumns
    /// Smaller angular errors are raised to this value, in degrees; nil to use them as they are.
    public let angularErrorFloorDegrees: Double?

    /// The names of the seasons, in order.
    public var seasons: [String] { seasonFiles.map(\.name) }
    /// Edges of the bins in sin(declination), increasing from -1 to 1.
    public var sinDeclinationEdges: [Double] { sinDeclination.edges }
    /// Edges of the bins in log10 of the reconstructed energy in GeV, increasing.
    public var log10EnergyEdges: [Double] { log10Energy.edges }
    /// The seasons' event files, relative to the release folder.
    public var eventFiles: [String] { seasonFiles.map(\.events) }
    /// The seasons' uptime files, relative to the release folder.
    public var uptimeFiles: [String] { seasonFiles.map(\.uptime) }

    public init(
        name: String, seasons: [SeasonFiles], configuration: String, effectiveAreaFile: String, smearingFile: String,
        sinDeclination: BinSpecification, log10Energy: BinSpecification, cutSmoothing: Double, cutThreshold: Double,
        columns: EventColumns = EventColumns(), angularErrorFloorDegrees: Double? = nil
    ) {
        self.name = name
        seasonFiles = seasons
        self.configuration = configuration
        self.effectiveAreaFile = effectiveAreaFile
        self.smearingFile = smearingFile
        self.sinDeclination = sinDeclination
        self.log10Energy = log10Energy
        self.cutSmoothing = cutSmoothing
        self.cutThreshold = cutThreshold
        self.columns = columns
        self.angularErrorFloorDegrees = angularErrorFloorDegrees
    }

    /// The same binning and responses for only one of the seasons.
    func single(_ season: SeasonFiles) -> DatasetDefinition {
        DatasetDefinition(
            name: season.name, seasons: [season], configuration: configuration, effectiveAreaFile: effectiveAreaFile,
            smearingFile: smearingFile, sinDeclination: sinDeclination, log10Energy: log10Energy,
            cutSmoothing: cutSmoothing, cutThreshold: cutThreshold, columns: columns,
            angularErrorFloorDegrees: angularErrorFloorDegrees
        )
    }
}

/// A season and its files, relative to the release folder.
public struct SeasonFiles: Sendable, Equatable {
    /// Such as `IC86_III`.
    public let name: String
    public let events: String
    public let uptime: String

    public init(name: String, events: String, uptime: String) {
        (self.name, self.events, self.uptime) = (name, events, uptime)
    }

    /// The files of a season in the layout of the public releases.
    public init(name: String) {
        self.init(name: name, events: Season.eventFile(of: name), uptime: Season.uptimeFile(of: name))
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
