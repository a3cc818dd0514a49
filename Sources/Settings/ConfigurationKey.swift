/// The settings of a campaign: each has a key in the configuration file and a flag on the command line.
///
/// The raw value is the path of the key, such as "source.dec".
public enum ConfigurationKey: String, CaseIterable, Sendable {
    case sample, data, datasets
    case sourceName = "source.name"
    case rightAscension = "source.ra"
    case declination = "source.dec"
    case phi0 = "flux.phi0"
    case referenceEnergy = "flux.e0"
    case gamma = "flux.gamma"
    case cutoffEnergy = "flux.ecut"
    case signalEventsSeed = "fit.ns.seed"
    case signalEventsMinimum = "fit.ns.min"
    case signalEventsMaximum = "fit.ns.max"
    case gammaSeed = "fit.gamma.seed"
    case gammaMinimum = "fit.gamma.min"
    case gammaMaximum = "fit.gamma.max"
    case boxHalfWidth = "box.delta_angle"
    case negligibleRatio = "box.negligible_ratio"
    case energyRange = "injection.energy_range"
    case poisson = "injection.poisson"
    case compatibility = "compat"
    case trials, seed, output, probes, jobs
    case sources, gammas
    case energyRanges = "energy_ranges"

    /// The command-line option for the same setting; of a list, one that puts a single value in its place.
    public var flag: String {
        switch self {
        case .sourceName: "--name"
        case .rightAscension, .sources: "--ra"
        case .declination: "--dec"
        case .phi0: "--phi0"
        case .referenceEnergy: "--e0"
        case .gamma, .gammas: "--gamma"
        case .cutoffEnergy: "--ecut"
        case .signalEventsSeed: "--ns-seed"
        case .signalEventsMinimum: "--ns-min"
        case .signalEventsMaximum: "--ns-max"
        case .gammaSeed: "--gamma-seed"
        case .gammaMinimum: "--gamma-min"
        case .gammaMaximum: "--gamma-max"
        case .boxHalfWidth: "--box-half-width"
        case .negligibleRatio: "--negligible-ratio"
        case .energyRange, .energyRanges: "--energy-range"
        case .poisson: "--no-poisson"
        case .probes: "--probe"
        case .sample, .data, .datasets, .compatibility, .trials, .seed, .output, .jobs: "--" + rawValue
        }
    }

    /// What its number is measured in; nil for what is no number, or has no unit.
    public var unit: String? {
        switch self {
        case .rightAscension, .declination, .boxHalfWidth: "degrees"
        case .referenceEnergy, .cutoffEnergy, .energyRange: "GeV"
        case .phi0: "GeV^-1 cm^-2 s^-1"
        default: nil
        }
    }

    /// The names that may stand below a key, in order; below "" those of the top level.
    static func names(below path: String) -> [String] {
        let prefix = path.isEmpty ? "" : path + "."
        var names: [String] = []
        for key in allCases where key.rawValue.hasPrefix(prefix) {
            let name = key.rawValue.dropFirst(prefix.count).prefix { $0 != "." }
            if !names.contains(String(name)) { names.append(String(name)) }
        }
        return names
    }
}
