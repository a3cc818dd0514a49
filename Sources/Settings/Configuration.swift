import Diagnostics
import IceTracks
import PointSource

/// A campaign's settings, complete and checked: those of a ``ConfigurationLayer``, and defaults for the rest.
public struct Configuration: Sendable, Equatable {
    public let sample: Sample
    /// The release's folder, or the folder that contains it; nil if it was not given.
    public let data: String?
    /// The datasets, by name and in order.
    public let datasets: [String]
    public let search: Search
    /// The source; of a search with a list the first one, and of the sky any place, which must not be shown as the source
    /// of the campaign.
    public let source: Source
    /// As written; ``source`` has it in radians.
    public let rightAscensionDegrees: Double
    public let declinationDegrees: Double
    /// The list of the search; empty for a search of one source.
    public let sources: [ListedSource]
    /// Whether trials store n_s and θ of every source of a catalogue.
    public let sourceFits: Bool
    /// Where the sky is searched; nil for other searches.
    public let sky: SkyGrid?
    /// The position in ``sources`` of the source at which all signal is injected; nil if all sources share it.
    public let injectionSource: Int?
    public let settings: AnalysisSettings
    /// As written; ``settings`` has it in radians.
    public let boxHalfWidthDegrees: Double
    /// A flux normalisation for comparison, in GeV⁻¹ cm⁻² s⁻¹ at E0. Trials do not depend on it.
    public let phi0: Double?
    /// The campaign's list of trials; empty if it has none.
    public let trials: [TrialOrder]
    public let seed: Int64
    public let output: String?
    public let probes: [Probe]
    /// Number of jobs into which the trials are split; nil if not given. Trials do not depend on it.
    public let jobs: Int64?

    /// The texts of the settings that are labels, by key.
    let labels: [String: String]

    /// The text of a setting that is a label; nil if it was not given.
    public func label(_ setting: KeyPath<SettingTable, Setting<String>>) -> String? {
        labels[SettingTable.standard[keyPath: setting].key.name]
    }

    /// Checks settings and fills in defaults.
    ///
    /// - Throws: `Fault` (usage) for the first invalid setting, naming its line or option.
    public init(_ layer: ConfigurationLayer) throws {
        self = try layer.locatingFaults { try Configuration(judging: layer) }
    }

    /// As ``init(_:)``, but a fault names the key instead of the place of its value.
    init(judging layer: ConfigurationLayer) throws {
        if let list = layer.lists.first {
            throw Fault(
                .usage, at: .field(list.name), "lists several values, and this command needs one",
                remedy: "choose a point of the campaign with --point; trialgen plan lists them")
        }
        for setting in SettingTable.settings { try setting.check(layer) }
        try Configuration.checkExclusions(layer)
        sample = try layer.sample?.sample() ?? Catalogue.iceTracksDR2v2
        datasets = try sample.datasets(named: layer.datasets ?? []).map(\.name)
        data = layer.data
        search = try Search(layer)
        try Configuration.checkSearch(search, layer)
        sources = search.hasList(in: layer) ? try ListedSource.all(layer, search) : []
        sky = search == .sky ? try Configuration.sky(layer) : nil
        let first = try sources.first ?? Configuration.singleSource(sky == nil ? layer : layer.placingSource())
        (source, rightAscensionDegrees, declinationDegrees) = (
            first.source, first.rightAscensionDegrees, first.declinationDegrees
        )
        sourceFits = layer.sourceFits ?? false
        injectionSource = try Configuration.injectionSource(layer, sources)
        boxHalfWidthDegrees = layer.boxHalfWidth ?? 10
        settings = try Configuration.settings(layer, boxHalfWidthDegrees: boxHalfWidthDegrees)
        labels = SettingTable.settings.reduce(into: [:]) { labels, setting in
            guard setting.key.role == .label, let setting = setting as? Setting<String> else { return }
            labels[setting.key.name] = layer[setting]
        }
        phi0 = layer.phi0
        trials = layer.trials ?? []
        try TrialOrder.check(trials)
        seed = layer.seed ?? 1
        output = layer.output
        probes = layer.probes ?? []
        try Configuration.check(probes, settings)
        jobs = layer.jobs
        try check(trials, at: SettingTable.standard.trials.key.name)
        if let sky { try Configuration.check(zip(sources, injectionWeights).filter { $1 > 0 }.map(\.0), in: sky) }
    }

    /// - Throws: `Fault` (usage) for a parameter of the fit that is both fixed and free, and for a spectrum with a file
    ///   and a table.
    private static func checkExclusions(_ layer: ConfigurationLayer) throws(Fault) {
        let keys = layer.keys
        for key in keys {
            guard let other = keys.first(where: { key.excludes($0) }) else { continue }
            let name = { (key: SettingKey) in
                if case .field(let option)? = layer.place(of: key) { option } else { key.name }
            }
            let meaning = other.isAtOrBelow(key.name) ? " fixes the parameter" : " is given"
            throw Fault(
                .usage, at: .field(key.name),
                "\(name(key))\(meaning), but \(name(other)) is given as well",
                remedy: "keep one of them")
        }
    }

    private static func sky(_ layer: ConfigurationLayer) throws(Fault) -> SkyGrid {
        let standard = SkyGrid.standardDeclinations
        let (minimum, maximum) = (layer.skyMinimum ?? standard.lowerBound, layer.skyMaximum ?? standard.upperBound)
        guard minimum < maximum else {
            let key =
                layer.skyMinimum == nil ? SettingTable.standard.skyMaximum.key : SettingTable.standard.skyMinimum.key
            throw Fault(
                .usage, at: .field(key.name),
                "the declinations from \(shortest(minimum)) to \(shortest(maximum)) degrees are none",
                remedy: "give a smallest declination below the largest one")
        }
        let side = layer.skySide.map { Int(clamping: $0) } ?? SkyGrid.standardSide
        return try SkyGrid(
            side: side, fineSide: layer.skyFineSide.map { Int(clamping: $0) } ?? max(side, SkyGrid.standardFineSide),
            declinations: minimum...maximum)
    }

    /// - Throws: `Fault` (usage), about the list, for a place of signal that the search does not look at.
    private static func check(_ places: [ListedSource], in sky: SkyGrid) throws(Fault) {
        let limits = sky.declinations
        guard let outside = places.first(where: { !limits.contains($0.declinationDegrees) }) else {
            return
        }
        throw Fault(
            .usage, at: .field(SettingTable.standard.sources.key.name),
            "the place of signal \(outside.source.name), at declination \(shortest(outside.declinationDegrees)) degrees, is "
                + "outside the limits of the search, \(shortest(limits.lowerBound)) to \(shortest(limits.upperBound)) degrees",
            remedy: "choose wider limits (sky.dec_min, sky.dec_max), or another place")
    }

    private static func singleSource(_ layer: ConfigurationLayer) throws -> ListedSource {
        guard let rightAscension = layer.rightAscension, let declination = layer.declination else {
            throw Fault(
                .usage, at: .field(layer.rightAscension == nil ? "--ra" : "--dec"),
                "the source's position is not given",
                remedy: "give --ra and --dec in degrees, or source.ra and source.dec in the configuration")
        }
        let source = try Source(
            name: layer.sourceName ?? "", rightAscensionDegrees: rightAscension, declinationDegrees: declination)
        return ListedSource(
            source: source, rightAscensionDegrees: rightAscension, declinationDegrees: declination, weight: 1,
            reference: nil)
    }

    private static func injectionSource(_ layer: ConfigurationLayer, _ sources: [ListedSource]) throws(Fault) -> Int? {
        guard let name = layer.injectionSource else { return nil }
        return try sources.index(of: name, at: SettingTable.standard.injectionSource.key.name)
    }

    /// The exposure of trials if it is given in years.
    public var exposureYears: Double? { if case .years(let years)? = settings.exposure { years } else { nil } }

    /// A scale of 1 is no exposure: fingerprints are those of campaigns without the key.
    private static func exposure(_ layer: ConfigurationLayer) throws(Fault) -> Exposure? {
        guard let years = layer.exposureYears else {
            return layer.exposureScale.flatMap { $0 == 1 ? nil : .scale($0) }
        }
        guard layer.exposureScale == nil else {
            let table = SettingTable.standard
            throw Fault(
                .usage, at: .field(table.exposureYears.key.name),
                "\(table.exposureScale.key.name) and \(table.exposureYears.key.name) are both given",
                remedy: "keep one of them")
        }
        return .years(years)
    }

    private static func settings(_ layer: ConfigurationLayer, boxHalfWidthDegrees: Double) throws -> AnalysisSettings {
        var settings = AnalysisSettings()
        settings.spectrum = try spectrum(layer)
        settings.family = try family(layer, injected: settings.spectrum)
        for setting in SettingTable.settings { setting.apply(layer, to: &settings) }
        // A default seed is moved into bounds that the user has set.
        if layer.signalEventsSeed == nil { settings.signalEvents.start = clamped(settings.signalEvents) }
        if layer.gammaSeed == nil { settings.gamma.start = clamped(settings.gamma) }
        if layer.peakSeed == nil { settings.peak.start = clamped(settings.peak) }
        settings.boxHalfWidth = boxHalfWidthDegrees * (Double.pi / 180)
        settings.nullSignal = max(0, layer.nullSignal ?? 0)
        settings.exposure = try exposure(layer)
        if let range = layer.energyRange {
            guard range.count == 2 else {
                throw Fault(
                    .usage, at: .field(SettingTable.standard.energyRange.key.name),
                    "an energy range has two ends, not \(range.count)",
                    remedy: "give two energies in GeV, as in --energy-range 1000 1e6")
            }
            settings.injectionRange = try AnalysisSettings.EnergyRange(lower: range[0], upper: range[1])
        }
        if let name = layer.compatibility {
            guard let compatibility = AnalysisSettings.Compatibility(rawValue: name) else {
                throw Fault(
                    unknown: name, "value", among: AnalysisSettings.Compatibility.allCases.map(\.rawValue),
                    at: SettingTable.standard.compatibility.key.name)
            }
            settings.compatibility = compatibility
        }
        try settings.check()
        return settings
    }

    /// The numbers of signal events at which ln Λ can be evaluated; the maximum far exceeds any sample's number of
    /// events.
    public static let signalEventsRange = 0...1e9

    private static func clamped(_ parameter: AnalysisSettings.FitParameter) -> Double {
        guard parameter.minimum <= parameter.maximum else { return parameter.start }
        return min(max(parameter.start, parameter.minimum), parameter.maximum)
    }

    /// - Throws: `Fault` (usage) for a probe that lies outside the fit's range of θ or ``signalEventsRange``, or that
    ///   is listed twice.
    private static func check(_ probes: [Probe], _ settings: AnalysisSettings) throws(Fault) {
        var known = Set<String>()
        let parameter = settings.parameter
        for probe in probes {
            guard known.insert(probe.description).inserted else {
                throw Fault(
                    .usage, at: .field(SettingTable.standard.probes.key.name), "the point \(probe) is given twice",
                    remedy: "remove one of them")
            }
            guard signalEventsRange.contains(probe.signalEvents),
                (parameter.minimum...parameter.maximum).contains(probe.gamma)
            else {
                throw Fault(
                    .usage, at: .field(SettingTable.standard.probes.key.name),
                    "the point \(probe) lies outside 0 <= n_s <= \(shortest(signalEventsRange.upperBound)), "
                        + "\(shortest(parameter.minimum)) <= \(parameter.label) <= \(shortest(parameter.maximum))",
                    remedy: "choose another point, or widen \(parameter.name)")
            }
        }
    }
}
