import ArgumentParser
import Console
import Diagnostics
import Files
import IceTracks
import Results
import Settings
import StrictYAML
import ToyRelease

struct ToyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toy", abstract: "Write a synthetic release in the public layout, for testing.",
        discussion: """
            It contains no IceCube data. It has a source of 30 events of gamma 2.5 at NGC 1068, unless --source or \
            --no-source is given.

            Example: trialgen toy -o toy
            """
    )

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Make the release's folder in this folder.", valueName: "dir"),
        completion: .directory)
    var output: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed of the random numbers of the release.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of events relative to the real release; 1 makes 1.6 million.", valueName: "x"),
        transform: decimal)
    var scale = 0.05

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Bins per reconstructed quantity of the smearing matrix.", valueName: "n"),
        transform: wholeNumber)
    var bins = 10

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Add this source instead: right ascension and declination in degrees or as in 02h42m40.7s, about this number "
                + "of events, spectral index 1 to 4.",
            valueName: "ra dec n gamma"))
    var source: String?

    @Flag(help: "Do not add a source to the events.")
    var noSource = false

    @OptionGroup(title: "Output") var report: OutputOptions

    /// The option for each name by which the toy release reports an invalid parameter.
    private static let flags = [
        "scale": "--scale", "bins": "--bins", "source right ascension": "--source", "source declination": "--source",
        "source gamma": "--source", "source events": "--source",
    ]

    /// The arguments with the values of `--source` as one: the parser would take a negative declination for an option.
    static func joiningSource(_ arguments: [String]) -> [String] {
        guard arguments.first == configuration.commandName, let option = arguments.firstIndex(of: "--source") else {
            return arguments
        }
        let values = arguments[(option + 1)...].prefix(4).prefix { word in
            word.first != "-" || word.dropFirst().first?.isNumber == true
        }
        guard values.count > 1 else { return arguments }
        return arguments[...option] + [values.joined(separator: " ")] + arguments[(option + 1 + values.count)...]
    }

    /// Reads the four numbers of a source.
    private static func source(_ words: [String]) throws(Fault) -> ToyRelease.Source {
        func fault(_ problem: String, _ remedy: String?) -> Fault {
            Fault(.usage, at: .field("--source"), problem, remedy: remedy)
        }
        guard words.count == 4 else {
            throw fault(
                "needs four values, not \(words.count)", "write --source RA DEC N GAMMA, as in 40.67 -0.01 30 2.5")
        }
        var angles: [Double] = []
        for (word, coordinate) in zip(words, [Sexagesimal.Coordinate.rightAscension, .declination]) {
            do throws(Fault) {
                angles.append(try skyCoordinate(word, coordinate))
            } catch {
                throw fault(error.problem, error.remedy)
            }
        }
        guard let events = decimalNumber(words[2]), let gamma = decimalNumber(words[3]) else {
            throw fault(
                "\"\(decimalNumber(words[2]) == nil ? words[2] : words[3])\" is not a number",
                "write --source RA DEC N GAMMA, as in 40.67 -0.01 30 2.5")
        }
        return ToyRelease.Source(
            rightAscension: Angle.radians(fromDegrees: angles[0]), declination: Angle.radians(fromDegrees: angles[1]),
            eventCount: events, gamma: gamma)
    }

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        try OutputFolder.checkName(output)
        var toy = ToyRelease(seed: seed, scale: scale, bins: bins)
        if noSource { toy.source = nil }
        if let source {
            guard !noSource else {
                throw Fault(
                    .usage, at: .field("--no-source"), "contradicts --source", remedy: "leave one of them out")
            }
            toy.source = try Self.source(source.split(separator: " ").map(String.init))
        }
        logger.info("writing a toy release of scale \(scale) into \(output)")
        let folder: String
        do {
            folder = try toy.write(into: output)
        } catch let fault as Fault {
            guard case .field(let name)? = fault.place, let flag = Self.flags[name] else { throw fault }
            throw Fault(fault.kind, at: .field(flag), fault.problem, remedy: fault.remedy)
        }
        if report.json {
            let json: JSONValue = [
                "folder": .string(folder), "sample": .string(ToyRelease.sample.name), "seed": .string(String(seed)),
                "scale": .number(scale),
            ]
            return try StandardOutput.print(json.description)
        }
        try StandardOutput.print("toy release (\(ToyRelease.sample.name), synthetic): \(folder)")
    }
}
