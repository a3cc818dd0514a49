import ArgumentParser
import Console
import Diagnostics
import Foundation
import IceTracks
import Results
import Settings
import StrictYAML
import TrialMaking

/// The options that define the data, the source and the analysis.
struct AnalysisOptions: ParsableArguments {
    @OptionGroup(title: "Input") private var input: InputOptions
    @OptionGroup(title: "Source") private var source: SourceOptions
    @OptionGroup(title: "Sky") private var sky: SkyOptions
    @OptionGroup(title: "Spectrum") private var spectrum: SpectrumOptions
    @OptionGroup(title: "Fit") private var fit: FitOptions
    @OptionGroup(title: "Injection") private var injection: InjectionOptions

    /// The configuration file; nil if none was given.
    var config: String? { input.config }

    /// The campaign's point to use, counted from 0; nil for all.
    var point: Int? { input.point }

    /// Whether files that differ from the release's record are used.
    var acceptChanged: Bool { input.acceptChanged }

    /// The settings of the command line.
    ///
    /// - Throws: `Fault` as `SampleChoice`, for a file that `--sample` names.
    private var commandLine: ConfigurationLayer {
        get throws(Fault) {
            var layer = ConfigurationLayer()
            try input.add(to: &layer)
            try source.add(to: &layer)
            sky.add(to: &layer)
            spectrum.add(to: &layer)
            fit.add(to: &layer)
            injection.add(to: &layer)
            return layer
        }
    }

    /// The settings: the command line overrides the file, which overrides the environment.
    ///
    /// - Throws: `Fault` as `ConfigurationLayer.init(contentsOf:)`.
    func layer() throws(Fault) -> ConfigurationLayer {
        let environment = ConfigurationLayer(environment: ProcessInfo.processInfo.environment)
        let file = try config.map { path throws(Fault) in try ConfigurationLayer(contentsOf: path) }
        return environment.overridden(by: file ?? ConfigurationLayer()).overridden(by: try commandLine)
    }

    /// The first given option in the order of the settings, with --config first; nil if none was given.
    ///
    /// - Throws: `Fault` as ``layer()``.
    var first: String? {
        get throws(Fault) {
            if config != nil { return "--config" }
            return try commandLine.keys.first?.flag ?? (acceptChanged ? "--accept-changed" : nil)
        }
    }

    /// Reads the release as the options say.
    var releaseReader: ReleaseReader {
        ReleaseReader(acceptsChanges: acceptChanged, listsEnergyRanges: (try? layer())?.energyRanges != nil)
    }

    /// The points of the campaign, or the one selected on the command line.
    ///
    /// - Parameter more: settings from the command's own options.
    /// - Throws: `Fault` as `ConfigurationLayer.points`; usage for a point that does not exist.
    func points(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> [CampaignPoint] {
        let points = try layer().overridden(by: more).points()
        guard let point else { return points }
        guard points.first?.number != nil else {
            throw Fault(
                .usage, at: .field("--point"),
                "the campaign has no points: it lists no sources, gammas or energy ranges, or searches all sources",
                remedy: "leave it out")
        }
        guard points.indices.contains(point) else {
            throw Fault(
                .usage, at: .field("--point"), "there is no point \(point): the campaign has \(points.count)",
                remedy: "count from 0 to \(points.count - 1); trialgen plan lists them")
        }
        return [points[point]]
    }

    /// The only point, for a command that needs exactly one.
    ///
    /// - Parameter more: settings from the command's own options.
    /// - Throws: `Fault` as ``points(_:)``; usage if there are several.
    func onlyPoint(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> CampaignPoint {
        let points = try points(more)
        guard points.count == 1 else {
            throw Fault(
                .usage, at: .field("--point"), "the campaign has \(points.count) points, and this command needs one",
                remedy: "give its number, from 0 to \(points.count - 1); trialgen plan lists them")
        }
        return points[0]
    }

    /// The settings with their defaults, for a command that needs exactly one point.
    func resolve(_ more: ConfigurationLayer = ConfigurationLayer()) throws -> Configuration {
        try onlyPoint(more).configuration()
    }

    /// A point's settings.
    ///
    /// - Parameter prepared: provides settings that the point does not set; the point must not contradict it.
    func configuration(of point: CampaignPoint, prepared: PreparedFile?) throws -> Configuration {
        guard let prepared else { return try point.configuration() }
        guard !acceptChanged else {
            throw Fault(
                .usage, at: .field("--accept-changed"),
                "has no effect with a prepared file, which replaces the release",
                remedy: "leave it out")
        }
        guard input.data == nil else {
            throw Fault(
                .usage, at: .field("--data"), "a release and a prepared file are both given",
                remedy: "leave out --data: the prepared file replaces the release")
        }
        return try Configuration(point.layer, of: prepared)
    }
}

private struct InputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings as YAML; options override them.", valueName: "file.yaml"), completion: .file())
    var config: String?

    @Option(help: .setting(\.data, "dir"), completion: .directory)
    var data: String?

    @Option(help: .setting(\.sample, "name"), completion: .named(Catalogue.sampleNames))
    var sample: String?

    @Option(help: .setting(\.datasets, "A,B,…"), completion: .named(Catalogue.datasetNames))
    var datasets: String?

    @Flag(help: "Use files of the release that differ from its record, trialgen.checksums; each command names them.")
    var acceptChanged = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Use only this point, counted from 0, of a campaign that lists sources, gammas or energy ranges.",
            valueName: "k"))
    var point: Int?

    func add(to layer: inout ConfigurationLayer) throws(Fault) {
        layer.set(\.sample, try sample.map { name throws(Fault) in try SampleChoice(name) })
        layer.set(\.data, data)
        layer.set(\.datasets, datasets.map(commaSeparated))
    }
}

private struct SourceOptions: ParsableArguments {
    @Option(help: .setting(\.sourceName, "text"))
    var name: String?

    @Option(parsing: .unconditional, help: .setting(\.rightAscension, "deg"), transform: rightAscension)
    var ra: Double?

    @Option(parsing: .unconditional, help: .setting(\.declination, "deg"), transform: declination)
    var dec: Double?

    @Option(help: .setting(\.positionReference, "text"))
    var reference: String?

    @Option(help: .setting(\.sources, "file"), completion: .file())
    var sources: String?

    @Option(help: .setting(\.search, "name"), completion: .list(Search.allCases.map(\.rawValue)))
    var search: String?

    @Flag(help: .setting(\.sourceFits))
    var sourceFits = false

    func add(to layer: inout ConfigurationLayer) throws(Fault) {
        layer.set(\.sources, try sources.map { path throws(Fault) in try SourceList(contentsOf: path) })
        layer.set(\.search, search)
        layer.set(\.sourceFits, sourceFits ? true : nil)
        layer.set(\.sourceName, name)
        layer.set(\.rightAscension, ra)
        layer.set(\.declination, dec)
        layer.set(\.positionReference, reference)
    }
}

private struct SkyOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: .setting(\.skySide, "n"))
    var nside: Int64?

    @Option(parsing: .unconditional, help: .setting(\.skyFineSide, "n"))
    var refine: Int64?

    @Option(parsing: .unconditional, help: .setting(\.skyMinimum, "deg"), transform: decimal)
    var decMin: Double?

    @Option(parsing: .unconditional, help: .setting(\.skyMaximum, "deg"), transform: decimal)
    var decMax: Double?

    func add(to layer: inout ConfigurationLayer) {
        layer.set(\.skySide, nside)
        layer.set(\.skyFineSide, refine)
        layer.set(\.skyMinimum, decMin)
        layer.set(\.skyMaximum, decMax)
    }
}

/// Reads a comma-separated list of numbers.
///
/// - Parameter option: the option's name, for messages.
/// - Throws: `Fault` (usage) quoting the first part that is not a finite number.
func parseNumbers(_ list: String, option: String) throws(Fault) -> [Double] {
    var numbers: [Double] = []
    for text in commaSeparated(list) {
        guard let number = decimalNumber(text) else {
            throw Fault(
                .usage, at: .field(option), "\"\(text)\" is not a number",
                remedy: "give numbers separated by commas, as in 1,2.5,4")
        }
        numbers.append(number)
    }
    return numbers
}

/// The parts of a comma-separated list, without surrounding spaces; empty parts are kept.
private func commaSeparated(_ list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let beginning = part.drop { $0 == " " }
        let spaces = beginning.reversed().prefix { $0 == " " }.count
        return String(beginning.dropLast(spaces))
    }
}
