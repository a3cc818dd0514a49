import Diagnostics
import IceTracks
import PointSource

/// A campaign's settings, complete and judged: what a ``ConfigurationLayer`` says, and defaults for the rest.
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
    /// The trials that the campaign asks for; empty if it does not say.
    public let trials: [TrialOrder]
    public let seed: Int64
    public let output: String?
    public let probes: [Probe]
    /// Into how many jobs the trials are cut; nil if the campaign does not say. No trial depends on it.
    public let jobs: Int64?

    /// Judges settings and fills in defaults.
    ///
    /// - Throws: `Fault` (usage) for the first setting without meaning, naming the line or the flag it came from.
    public init(_ layer: ConfigurationLayer) throws {
        self = try layer.locatingFaults { try Configuration(judging: layer) }
    }

    /// As ``init(_:)``, but a fault names the key instead of the place where its value was found.
    init(judging layer: ConfigurationLayer) throws {
        if let axis = CampaignAxis.allCases.first(where: { layer[keyPath: $0.list] != nil }) {
            throw Fault(
                .usage, at: .field(axis.listKey.rawValue), "lists several, and one is wanted here",
                remedy: "choose a point of the campaign with --point; trialgen plan numbers them")
        }
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
        if let phi0, !(phi0 > 0 && phi0.isFinite) {
            throw Fault(
                .usage, at: .field(ConfigurationKey.phi0.rawValue), "\(phi0) is no flux normalisation",
                remedy: "give a positive number in GeV^-1 cm^-2 s^-1")
        }
        trials = layer.trials ?? []
        for order in trials { try order.check() }
        seed = layer.seed ?? 1
        output = layer.output
        probes = layer.probes ?? []
        try Configuration.check(probes, settings)
        jobs = layer.jobs
        if let jobs { try CampaignSlices.check(jobs: jobs) }
    }

    private static func settings(_ layer: ConfigurationLayer, boxHalfWidthDegrees: Double) throws -> AnalysisSettings {
        var settings = AnalysisSettings()
        settings.spectrum = EnergySpectrum(
            gamma: layer.gamma ?? settings.spectrum.gamma,
            referenceEnergy: layer.referenceEnergy ?? settings.spectrum.referenceEnergy,
            cutoffEnergy: layer.cutoffEnergy ?? settings.spectrum.cutoffEnergy)
        settings.signalEvents.start = layer.signalEventsSeed ?? settings.signalEvents.start
        settings.signalEvents.minimum = layer.signalEventsMinimum ?? settings.signalEvents.minimum
        settings.signalEvents.maximum = layer.signalEventsMaximum ?? settings.signalEvents.maximum
        settings.gamma.start = layer.gammaSeed ?? settings.gamma.start
        settings.gamma.minimum = layer.gammaMinimum ?? settings.gamma.minimum
        settings.gamma.maximum = layer.gammaMaximum ?? settings.gamma.maximum
        // A seed that nobody chose gives way to bounds that somebody did.
        if layer.signalEventsSeed == nil { settings.signalEvents.start = clamped(settings.signalEvents) }
        if layer.gammaSeed == nil { settings.gamma.start = clamped(settings.gamma) }
        settings.boxHalfWidth = boxHalfWidthDegrees * (Double.pi / 180)
        settings.negligibleRatio = layer.negligibleRatio ?? settings.negligibleRatio
        if let range = layer.energyRange {
            guard range.count == 2 else {
                throw Fault(
                    .usage, at: .field(ConfigurationKey.energyRange.rawValue),
                    "an energy range has two ends, not \(range.count)",
                    remedy: "give two energies in GeV, as in --energy-range 1000 1e6")
            }
            settings.injectionRange = try AnalysisSettings.EnergyRange(lower: range[0], upper: range[1])
        }
        settings.poissonInjection = layer.poisson ?? settings.poissonInjection
        if let name = layer.compatibility {
            let legal = AnalysisSettings.Compatibility.allCases.map(\.rawValue)
            guard let compatibility = AnalysisSettings.Compatibility(rawValue: name) else {
                let hint = suggestion(nearestName(to: name, in: legal))
                throw Fault(
                    .usage, at: .field(ConfigurationKey.compatibility.rawValue),
                    "\"\(name)\" is nothing to be compatible with",
                    remedy: "\(hint)Legal are \(legal.joined(separator: ", "))")
            }
            settings.compatibility = compatibility
        }
        try checkMagnitudes(settings, boxHalfWidthDegrees)
        try settings.check()
        return settings
    }

    /// The numbers of signal events that ln Λ may be asked for; far above any sample's number of events.
    public static let signalEventsRange = 0...1e9

    private static func clamped(_ parameter: AnalysisSettings.FitParameter) -> Double {
        guard parameter.minimum <= parameter.maximum else { return parameter.start }
        return min(max(parameter.start, parameter.minimum), parameter.maximum)
    }

    /// Numbers that are legal but so large that tables would not fit in memory, or that mean nothing.
    private static func checkMagnitudes(_ settings: AnalysisSettings, _ boxHalfWidthDegrees: Double) throws(Fault) {
        func require(_ value: Double, _ key: ConfigurationKey, _ range: ClosedRange<Double>) throws(Fault) {
            guard range.contains(value) else {
                throw Fault(
                    .usage, at: .field(key.rawValue), "\(shortest(value)) is out of range",
                    remedy: "give a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))")
            }
        }
        try require(settings.gamma.minimum, .gammaMinimum, -10...20)
        try require(settings.gamma.maximum, .gammaMaximum, -10...20)
        try require(settings.signalEvents.minimum, .signalEventsMinimum, signalEventsRange)
        try require(settings.signalEvents.maximum, .signalEventsMaximum, signalEventsRange)
        try require(settings.spectrum.referenceEnergy, .referenceEnergy, 1e-3...1e15)
        if settings.spectrum.cutoffEnergy.isFinite {
            try require(settings.spectrum.cutoffEnergy, .cutoffEnergy, 1e-3...1e30)
        }
        try require(boxHalfWidthDegrees, .boxHalfWidth, 1e-3...180)
    }

    /// - Throws: `Fault` (usage) for a probe that lies outside the fit's range of γ or ``signalEventsRange``.
    private static func check(_ probes: [Probe], _ settings: AnalysisSettings) throws(Fault) {
        for probe in probes {
            guard signalEventsRange.contains(probe.signalEvents),
                (settings.gamma.minimum...settings.gamma.maximum).contains(probe.gamma)
            else {
                throw Fault(
                    .usage, at: .field(ConfigurationKey.probes.rawValue),
                    "the point \(probe) lies outside 0 <= n_s <= \(shortest(signalEventsRange.upperBound)), "
                        + "\(shortest(settings.gamma.minimum)) <= gamma <= \(shortest(settings.gamma.maximum))",
                    remedy: "choose another point, or widen fit.gamma")
            }
        }
    }
}
