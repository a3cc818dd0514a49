import Diagnostics
import IceTracks
import PointSource

/// A campaign's settings, complete and judged: those of a ``ConfigurationLayer``, and defaults for the rest.
public struct Configuration: Sendable, Equatable {
    public let sample: Sample
    /// The release's folder, or the one that holds it; nil if it was not named.
    public let data: String?
    /// The datasets, by name and in order.
    public let datasets: [String]
    public let source: Source
    /// As written; ``source`` has it in radians.
    public let rightAscensionDegrees: Double
    public let declinationDegrees: Double
    public let settings: AnalysisSettings
    /// As written; ``settings`` has it in radians.
    public let boxHalfWidthDegrees: Double
    /// A flux normalisation to be compared with, in GeV⁻¹ cm⁻² s⁻¹ at E0. No trial depends on it.
    public let phi0: Double?
    /// The trials that the campaign asks for; empty if it has no list of them.
    public let trials: [TrialOrder]
    public let seed: Int64
    public let output: String?
    public let probes: [Probe]
    /// Number of jobs into which the trials are cut; nil if it is not given. No trial depends on it.
    public let jobs: Int64?

    /// Judges settings and fills in defaults.
    ///
    /// - Throws: `Fault` (usage) for the first setting without meaning, naming the line or the flag it came from.
    public init(_ layer: ConfigurationLayer) throws {
        self = try layer.locatingFaults { try Configuration(judging: layer) }
    }

    /// As ``init(_:)``, but a fault names the key instead of the place where its value was found.
    init(judging layer: ConfigurationLayer) throws {
        if let list = layer.lists.first {
            throw Fault(
                .usage, at: .field(list.name), "lists several, and this command needs one",
                remedy: "choose a point of the campaign with --point; trialgen plan numbers them")
        }
        for setting in SettingTable.settings { try setting.check(layer) }
        sample = try Catalogue.sample(named: layer.sample ?? Catalogue.iceTracksDR2v2.name)
        datasets = try sample.datasets(named: layer.datasets ?? []).map(\.name)
        data = layer.data
        guard let rightAscension = layer.rightAscension, let declination = layer.declination else {
            throw Fault(
                .usage, at: .field(layer.rightAscension == nil ? "--ra" : "--dec"),
                "the source's position is not given",
                remedy: "give --ra and --dec in degrees, or source.ra and source.dec in the configuration")
        }
        source = try Source(
            name: layer.sourceName ?? "", rightAscensionDegrees: rightAscension, declinationDegrees: declination)
        rightAscensionDegrees = rightAscension
        declinationDegrees = declination
        boxHalfWidthDegrees = layer.boxHalfWidth ?? 10
        settings = try Configuration.settings(layer, boxHalfWidthDegrees: boxHalfWidthDegrees)
        phi0 = layer.phi0
        trials = layer.trials ?? []
        try TrialOrder.check(trials)
        seed = layer.seed ?? 1
        output = layer.output
        probes = layer.probes ?? []
        try Configuration.check(probes, settings)
        jobs = layer.jobs
    }

    private static func settings(_ layer: ConfigurationLayer, boxHalfWidthDegrees: Double) throws -> AnalysisSettings {
        var settings = AnalysisSettings()
        for setting in SettingTable.settings { setting.apply(layer, to: &settings) }
        // A seed that nobody chose gives way to bounds that somebody did.
        if layer.signalEventsSeed == nil { settings.signalEvents.start = clamped(settings.signalEvents) }
        if layer.gammaSeed == nil { settings.gamma.start = clamped(settings.gamma) }
        settings.boxHalfWidth = boxHalfWidthDegrees * (Double.pi / 180)
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
            let legal = AnalysisSettings.Compatibility.allCases.map(\.rawValue)
            guard let compatibility = AnalysisSettings.Compatibility(rawValue: name) else {
                let hint = suggestion(nearestName(to: name, in: legal))
                throw Fault(
                    .usage, at: .field(SettingTable.standard.compatibility.key.name),
                    "\"\(name)\" is not a known program",
                    remedy: "\(hint)Legal are \(legal.joined(separator: ", "))")
            }
            settings.compatibility = compatibility
        }
        try settings.check()
        return settings
    }

    /// The numbers of signal events that ln Λ may be asked for; far above any sample's number of events.
    public static let signalEventsRange = 0...1e9

    private static func clamped(_ parameter: AnalysisSettings.FitParameter) -> Double {
        guard parameter.minimum <= parameter.maximum else { return parameter.start }
        return min(max(parameter.start, parameter.minimum), parameter.maximum)
    }

    /// - Throws: `Fault` (usage) for a probe that lies outside the fit's range of γ or ``signalEventsRange``, or that is
    ///   listed twice.
    private static func check(_ probes: [Probe], _ settings: AnalysisSettings) throws(Fault) {
        var known = Set<String>()
        for probe in probes {
            guard known.insert(probe.description).inserted else {
                throw Fault(
                    .usage, at: .field(SettingTable.standard.probes.key.name), "the point \(probe) is given twice",
                    remedy: "remove one of them")
            }
            guard signalEventsRange.contains(probe.signalEvents),
                (settings.gamma.minimum...settings.gamma.maximum).contains(probe.gamma)
            else {
                throw Fault(
                    .usage, at: .field(SettingTable.standard.probes.key.name),
                    "the point \(probe) lies outside 0 <= n_s <= \(shortest(signalEventsRange.upperBound)), "
                        + "\(shortest(settings.gamma.minimum)) <= gamma <= \(shortest(settings.gamma.maximum))",
                    remedy: "choose another point, or widen fit.gamma")
            }
        }
    }
}
