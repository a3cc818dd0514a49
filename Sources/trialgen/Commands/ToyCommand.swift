import ArgumentParser
import Console
import Diagnostics
import IceTracks
import Results
import ToyRelease

struct ToyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "toy", abstract: "Write a synthetic release in the public layout, for testing.",
        discussion: """
            It holds no data of IceCube. A source of 30 events is put at NGC 1068 unless --no-source is given.

            Example: trialgen toy -o toy
            """
    )

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder that the release's folder is made in.", valueName: "dir"),
        completion: .directory)
    var output: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Releases differ in their random numbers when their seeds do.", valueName: "s"))
    var seed: UInt64 = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of events in units of the real release's; 1 makes 1.6 million.", valueName: "x"),
        transform: decimal)
    var scale = 0.05

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Bins per reconstructed quantity of the smearing matrix.", valueName: "n"))
    var bins = 10

    @Flag(help: "Put no source into the events.")
    var noSource = false

    @OptionGroup(title: "Output") var report: OutputOptions

    /// The options behind the names that the toy release gives to what it checks.
    private static let flags = ["scale": "--scale", "bins": "--bins"]

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
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
