import ArgumentParser
import Console
import Diagnostics
import Foundation
import IceTracks
import Settings
import TrialMaking

/// The options that define the data, the source and the analysis.
struct AnalysisOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings as YAML; options win over them.", valueName: "file.yaml"), completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("The release's folder, or the folder that holds it.", valueName: "dir"),
        completion: .directory)
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The release: IceTracks-DR1, IceTracks-DR2-v1 or IceTracks-DR2 (default).", valueName: "name"),
        completion: .list(Catalogue.sampleNames))
    var sample: String?

    @Option(
        help: ArgumentHelp("Datasets or single seasons, separated by commas (default: all).", valueName: "A,B,…"),
        completion: .list(Catalogue.datasetNames))
    var datasets: String?

    @Option(help: ArgumentHelp("The source's name, for tables.", valueName: "text"))
    var name: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Right ascension in degrees, from 0 to below 360.", valueName: "deg"))
    var ra: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Declination in degrees, -90 to 90.", valueName: "deg"))
    var dec: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Spectral index of the signal (default: 2).", valueName: "index"))
    var gamma: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("Reference energy in GeV (default: 1000).", valueName: "GeV"))
    var e0: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Energy of an exponential cutoff in GeV (default: none).", valueName: "GeV"))
    var ecut: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A flux normalisation to compare with, in GeV^-1 cm^-2 s^-1 at --e0.", valueName: "flux"))
    var phi0: Double?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Range of true energies in GeV that signal is injected from (default: all).", valueName: "lo hi"))
    var energyRange: [Double] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Least number of signal events in the fit (default: 0).", valueName: "n"))
    var nsMin: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Largest number of signal events in the fit (default: 1000).", valueName: "n"))
    var nsMax: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Where the fit of the number begins (default: 10).", valueName: "n")
    )
    var nsSeed: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Least spectral index in the fit (default: 1).", valueName: "index")
    )
    var gammaMin: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Largest spectral index in the fit (default: 4).", valueName: "index"))
    var gammaMax: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where the fit of the index begins (default: 3).", valueName: "index"))
    var gammaSeed: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Half-width of the box of events around the source in degrees (default: 10).", valueName: "deg"))
    var boxHalfWidth: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Density ratio below which events count as they are expected to on the average; 0 approximates nothing, "
                + "and is slow (default: 5e-5).", valueName: "e"))
    var negligibleRatio: Double?

    @Option(help: ArgumentHelp("Whose faults to reproduce: none (default) or skyllh-26.1.", valueName: "name"))
    var compat: String?

    @Flag(help: "Inject exactly the mean number of events, rounded, instead of a number drawn from Poisson's law.")
    var noPoisson = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of a campaign that lists sources, gammas or energy ranges only this point, counted from 0.", valueName: "k"
        ))
    var point: Int?

    /// What the command line says.
    var layer: ConfigurationLayer {
        var layer = ConfigurationLayer()
        layer.set(\.sample, sample, as: .sample)
        layer.set(\.data, data, as: .data)
        layer.set(\.datasets, datasets.map(commaSeparated), as: .datasets)
        layer.set(\.sourceName, name, as: .sourceName)
        layer.set(\.rightAscension, ra, as: .rightAscension)
        layer.set(\.declination, dec, as: .declination)
        layer.set(\.gamma, gamma, as: .gamma)
        layer.set(\.referenceEnergy, e0, as: .referenceEnergy)
        layer.set(\.cutoffEnergy, ecut, as: .cutoffEnergy)
        layer.set(\.phi0, phi0, as: .phi0)
        layer.set(\.energyRange, energyRange.isEmpty ? nil : energyRange, as: .energyRange)
        layer.set(\.signalEventsMinimum, nsMin, as: .signalEventsMinimum)
        layer.set(\.signalEventsMaximum, nsMax, as: .signalEventsMaximum)
        layer.set(\.signalEventsSeed, nsSeed, as: .signalEventsSeed)
        layer.set(\.gammaMinimum, gammaMin, as: .gammaMinimum)
        layer.set(\.gammaMaximum, gammaMax, as: .gammaMaximum)
        layer.set(\.gammaSeed, gammaSeed, as: .gammaSeed)
        layer.set(\.boxHalfWidth, boxHalfWidth, as: .boxHalfWidth)
        layer.set(\.negligibleRatio, negligibleRatio, as: .negligibleRatio)
        layer.set(\.compatibility, compat, as: .compatibility)
        layer.set(\.poisson, noPoisson ? false : nil, as: .poisson)
        return layer
    }

    /// What the environment says, the file's settings over it, and the command line's over these.
    ///
    /// - Throws: `Fault` as `ConfigurationLayer.init(contentsOf:)`.
    func said() throws(Fault) -> ConfigurationLayer {
        let environment = ConfigurationLayer(environment: ProcessInfo.processInfo.environment)
        guard let config else { return environment.overridden(by: layer) }
        return environment.overridden(by: try ConfigurationLayer(contentsOf: config)).overridden(by: layer)
    }

    /// The option that was given first of all in ``layer``'s order, --config included; nil if none was.
    var first: String? {
        config == nil ? ConfigurationKey.allCases.first { layer.places[$0] != nil }?.flag : "--config"
    }

    /// The points of the campaign, or the one that the command line names.
    ///
    /// - Parameter more: settings from options of the command at hand.
    /// - Throws: `Fault` as `ConfigurationLayer.points`; usage for a point that there is not.
    func points(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> [CampaignPoint] {
        let points = try said().overridden(by: more).points()
        guard let point else { return points }
        guard points.first?.number != nil else {
            throw Fault(
                .usage, at: .field("--point"),
                "the campaign has no points: it lists no sources, gammas or energy ranges",
                remedy: "leave it out")
        }
        guard points.indices.contains(point) else {
            throw Fault(
                .usage, at: .field("--point"), "there is no point \(point): the campaign has \(points.count)",
                remedy: "count from 0 to \(points.count - 1); trialgen plan lists them")
        }
        return [points[point]]
    }

    /// The point, where one is wanted.
    ///
    /// - Parameter more: settings from options of the command at hand.
    /// - Throws: `Fault` as ``points(_:)``; usage where there are several.
    func onlyPoint(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> CampaignPoint {
        let points = try points(more)
        guard points.count == 1 else {
            throw Fault(
                .usage, at: .field("--point"), "the campaign has \(points.count) points, and one is wanted here",
                remedy: "give its number, from 0 to \(points.count - 1); trialgen plan lists them")
        }
        return points[0]
    }

    /// What was said, and defaults, where one point is wanted.
    func resolve(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> Configuration {
        try onlyPoint(more).configuration()
    }

    /// A point's settings.
    ///
    /// - Parameter prepared: says what the point does not, and nothing may contradict it.
    func configuration(of point: CampaignPoint, prepared: PreparedFile?) throws -> Configuration {
        guard let prepared else { return try point.configuration() }
        guard data == nil else {
            throw Fault(
                .usage, at: .field("--data"), "the release and a prepared file are both given",
                remedy: "leave out --data: what trials need of the release is in the prepared file")
        }
        return try Configuration(point.layer, of: prepared)
    }
}

/// Reads a comma-separated list of numbers.
///
/// - Parameter option: the option's name, for messages.
/// - Throws: `Fault` (usage) quoting the first part that is no finite number.
func parseNumbers(_ list: String, option: String) throws(Fault) -> [Double] {
    var numbers: [Double] = []
    for text in commaSeparated(list) {
        guard let number = Double(text), number.isFinite else {
            throw Fault(
                .usage, at: .field(option), "\"\(text)\" is no number",
                remedy: "give numbers separated by commas, as in 1,2.5,4")
        }
        numbers.append(number)
    }
    return numbers
}

/// The parts of a comma-separated list, without the spaces around them; empty parts are kept.
private func commaSeparated(_ list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let beginning = part.drop { $0 == " " }
        let spaces = beginning.reversed().prefix { $0 == " " }.count
        return String(beginning.dropLast(spaces))
    }
}
