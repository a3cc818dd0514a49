import ArgumentParser
import Console
import Diagnostics
import Files
import IceTracks
import Results
import ToyRelease

struct ToyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toy", abstract: "Write a synthetic release in the public layout, for testing.",
        discussion: """
            It contains no IceCube data. It has a source of 30 events at NGC 1068 unless --no-source is given.

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

    @Flag(help: "Do not add a source to the events.")
    var noSource = false

    @OptionGroup(title: "Output") var report: OutputOptions

    /// The option for each name by which the toy release reports an invalid parameter.
    private static let flags = ["scale": "--scale", "bins": "--bins"]

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        try OutputFolder.checkName(output)
        var toy = ToyRelease(seed: seed, scale: scale, bins: bins)
        if noSource { toy.source = nil }
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
