import Diagnostics
import Foundation
import IceTracks
import Numerics

/// Writes a synthetic release in the layout of IceTracks-DR2: events, uptimes and responses of all 14 seasons.
///
/// Rates, spectra and angular errors depend on declination as in the public release, bins of the smearing matrix differ
/// between slices, and some slices are empty; the formulae are those of `../shared/oracle/make_sample.py`, with our own
/// random numbers. All arithmetic is portable, so the same options give the same bytes on every system.
public struct ToyRelease: Sendable {
    /// A point source whose events are hidden among the others.
    public struct Source: Sendable, Equatable {
        /// Right ascension in radians, 0...2π.
        public var rightAscension: Double
        /// Declination in radians, within 89° of the equator.
        public var declination: Double
        /// Approximate number of events over all seasons: every season gets a rounded share.
        public var eventCount: Double
        /// Spectral index, 1...4.
        public var gamma: Double

        /// A source; angles in radians.
        public init(rightAscension: Double, declination: Double, eventCount: Double, gamma: Double) {
            self.rightAscension = rightAscension
            self.declination = declination
            self.eventCount = eventCount
            self.gamma = gamma
        }

        /// 30 events of gamma 2.5 at NGC 1068 (ra 40.67°, dec -0.01°).
        public static let standard = Source(
            rightAscension: 40.67 * Angle.degree, declination: -0.01 * Angle.degree, eventCount: 30, gamma: 2.5
        )
    }

    /// Seed of the random numbers.
    public var seed: UInt64
    /// Number of events relative to the real release; 1 makes 1.6 million.
    public var scale: Double
    /// Bins of reconstructed energy, psi and angular error of the smearing matrix, each.
    public var bins: Int
    /// Bins of true declination of the smearing matrix.
    public var smearingDeclinationBins: Int
    /// Bins of declination of the effective area.
    public var effectiveAreaDeclinationBins: Int
    /// The injected source, if any.
    public var source: Source?

    /// The sample whose layout and folder name the release has.
    public static let sample = Catalogue.iceTracksDR2v2

    public init(
        seed: UInt64 = 1, scale: Double = 0.05, bins: Int = 10, smearingDeclinationBins: Int = 6,
        effectiveAreaDeclinationBins: Int = 50, source: Source? = .standard
    ) {
        self.seed = seed
        self.scale = scale
        self.bins = bins
        self.smearingDeclinationBins = smearingDeclinationBins
        self.effectiveAreaDeclinationBins = effectiveAreaDeclinationBins
        self.source = source
    }

    /// Writes the release into a folder with the sample's default name inside `directory`, which is created if needed.
    ///
    /// The folder appears under its name only when it is complete. An earlier toy release with that name is replaced;
    /// anything else is left unchanged.
    ///
    /// - Returns: the release's folder.
    /// - Throws: a `Fault`: usage for options out of range, cannotCreate if something else has the name or the folder
    ///   cannot be created, inputOutput if the disk is full.
    @discardableResult
    public func write(into directory: String) throws -> String {
        try check()
        var output = try ReleaseOutput(directory: directory, name: Self.sample.defaultFolder)
        do {
            for (index, configuration) in Self.configurations.enumerated() {
                try output.write(effectiveArea(configuration), to: "irfs/\(configuration.name)_effectiveArea.csv")
                var random = stream(.smearing, file: index)
                try output.write(smearing(configuration, &random), to: "irfs/\(configuration.name)_smearing.csv")
            }
            for (index, season) in Self.seasons.enumerated() {
                var random = stream(.events, file: index)
                try output.write(events(season, &random), to: Season.eventFile(of: season.name))
                try output.write(uptime(season), to: Season.uptimeFile(of: season.name))
            }
            try output.write(Array(description.utf8), to: ReleaseOutput.toyMarker)
            try output.writeRecord(origin: "\(Self.sample.name), synthetic, seed \(seed)")
        } catch {
            output.discard()
            throw error
        }
        return try output.publish()
    }
}

extension ToyRelease {
    struct Configuration: Sendable {
        let name: String
        /// Effective area relative to that of IC86.
        let efficiency: Double
    }

    struct ToySeason: Sendable {
        let name: String
        let configuration: Configuration
        /// Approximate number of events of the real season.
        let fullEventCount: Int
        /// Modified Julian Date at which the season's first run starts.
        let start: Double
        let definition: DatasetDefinition
    }

    static let configurations = [
        Configuration(name: "IC40", efficiency: 0.35), Configuration(name: "IC59", efficiency: 0.7),
        Configuration(name: "IC79", efficiency: 0.9), Configuration(name: "IC86", efficiency: 1),
    ]

    static let seasons: [ToySeason] = {
        let eventCounts = ["IC40": 36900, "IC59": 107_011, "IC79": 93133]
        return sample.singleSeasons.enumerated().compactMap { index, definition in
            configurations.first { $0.name == definition.configuration }.map { configuration in
                ToySeason(
                    name: definition.name, configuration: configuration,
                    fullEventCount: eventCounts[definition.name] ?? 126_000,
                    start: 54562 + 360 * Double(index), definition: definition
                )
            }
        }
    }()

    private enum Purpose: UInt32 {
        case smearing = 1
        case events = 2
    }

    private func stream(_ purpose: Purpose, file: Int) -> RandomStream {
        // "toy" in ASCII: a stream of the seed that no campaign uses.
        RandomStream(key: Philox4x32.Key(seed: seed, stream: 0x746F79), trial: UInt64(file), purpose: purpose.rawValue)
    }

    private var description: String {
        let source =
            source.map {
                "source: ra \($0.rightAscension) rad, dec \($0.declination) rad, \($0.eventCount) events, gamma \($0.gamma)"
            } ?? "source: none"
        return """
            This release is invented: trialgen toy wrote it for tests and demonstrations. It holds no data of IceCube.
            seed: \(seed)
            scale: \(scale)
            bins: \(bins), \(smearingDeclinationBins) in true declination
            effective area: \(effectiveAreaDeclinationBins) bins in declination
            \(source)

            """
    }

    /// - Throws: a usage `Fault` for the first option out of range.
    private func check() throws {
        func require(_ isLegal: Bool, _ field: String, _ value: some Any, _ range: String) throws {
            guard !isLegal else { return }
            throw Fault(.usage, at: .field(field), "\(value) is out of range", remedy: "give a value in \(range)")
        }
        try require(scale > 0 && scale <= 20, "scale", scale, "(0, 20]")
        try require((2...50).contains(bins), "bins", bins, "2 to 50")
        try require(
            (1...100).contains(smearingDeclinationBins), "smearing declination bins", smearingDeclinationBins,
            "1 to 100"
        )
        try require(
            (2...500).contains(effectiveAreaDeclinationBins), "effective-area declination bins",
            effectiveAreaDeclinationBins, "2 to 500"
        )
        if let source {
            try require(
                source.rightAscension >= 0 && source.rightAscension <= 2 * .pi, "source right ascension",
                shortest(Angle.degrees(fromRadians: source.rightAscension)), "0 to 360 degrees"
            )
            try require(
                abs(source.declination) <= 89 * Angle.degree, "source declination",
                shortest(Angle.degrees(fromRadians: source.declination)), "-89 to 89 degrees"
            )
            try require(source.gamma >= 1 && source.gamma <= 4, "source gamma", source.gamma, "1 to 4")
            try require(
                source.eventCount >= 0 && source.eventCount <= 1e6, "source events", source.eventCount, "0 to 1000000"
            )
        }
        for season in Self.seasons {
            let binCount = season.definition.sinDeclinationEdges.count - 1
            guard eventCount(season) >= binCount else {
                throw Fault(
                    .usage, at: .field("scale"),
                    "\(scale) leaves \(eventCount(season)) events for \(season.name), fewer than its \(binCount) bins "
                        + "in sin(dec)",
                    remedy: "give a scale of at least 0.002"
                )
            }
        }
    }

    /// The number of background events of a season. The scale has been checked, so the product is small.
    func eventCount(_ season: ToySeason) -> Int {
        Int(exactly: (Double(season.fullEventCount) * scale).rounded(.down)) ?? 0
    }
}
