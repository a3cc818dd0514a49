import Console
import ToyRelease

/// What the demonstration shows: settings, commands, and what to try next.
struct DemoScript {
    /// A command of ours as a user would type it.
    struct Command {
        let program: String
        let arguments: [String]
        /// A file for the output; nil to print it.
        var output: String?
    }

    /// One subject with its commands.
    struct Scene {
        let title: String
        let explanation: String
        let commands: [Command]
    }

    /// The number of background trials.
    let trials: Int
    /// That of the toy release.
    let scale: Double
    let threads: Int

    static let settingsFile = "analysis.yaml"
    /// The first line of the settings, by which a folder is recognised as one of a demonstration.
    static let mark = "# Made by trialgen demo; trialgen config --init writes an example with all keys."
    /// The release's folder.
    static let release = ToyRelease.sample.defaultFolder

    /// Means of the injected signal around sensitivity and discovery potential.
    private static let means = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 50]

    var settings: String {
        let signal = Self.means.map { "  - {mu: \($0), count: \(trials / 40)}" }.joined(separator: "\n")
        return """
            \(Self.mark)
            data: .
            source: {name: toy source, ra: 40.67, dec: -0.01}   # degrees
            flux: {gamma: 2.0}                 # of the injected signal
            seed: 2026
            probes: ["4:2", "8:2", "16:2"]     # stores ln Lambda there
            trials:
              - {mu: 0, count: \(trials)}             # background
              - {mu: 0, count: \(trials * 5 / 2), tail: 7}   # background with weights, up to 7 sigma
            \(signal)
            output: trials.h5

            """
    }

    /// The release, if it does not exist.
    var toy: Scene {
        Scene(
            title: "A synthetic release", explanation: "It has a source of 30 events at the position of NGC 1068.",
            commands: [
                trialgen("toy", "--output", ".", "--seed", "7", "--scale", NumberFormat.plain(scale))
            ])
    }

    var scenes: [Scene] {
        [
            Scene(
                title: "The data, fitted", explanation: "The number of signal events, their spectrum and the flux.",
                commands: [
                    trialgen("unblind", settingsOption),
                    Command(
                        program: "trialgen", arguments: ["unblind"] + settingsOption + ["--events", "--json"],
                        output: "unblind.json"),
                ]),
            Scene(
                title: "Trials",
                explanation: "Background trials, weighted background trials, and trials with signal.",
                commands: [trialgen("run", settingsOption + ["--threads", String(threads)])]),
            Scene(
                title: "Background", explanation: "Thresholds, and the significance of the data.",
                commands: [trialmerge("background", "trials.h5", "--unblind", "unblind.json")]),
            Scene(
                title: "Sensitivity and 5 sigma discovery potential",
                explanation: "The threshold of 5 sigma comes from weighted trials: nothing is extrapolated.",
                commands: [
                    trialmerge("sensitivity", "trials.h5"), trialmerge("discovery", "trials.h5", "--sigma", "5"),
                ]),
            Scene(
                title: "The report", explanation: "Figures and tables of all this, as a page for a browser.",
                commands: [
                    Command(
                        program: "trialgen", arguments: ["scan"] + settingsOption + ["--json"], output: "scan.json"),
                    trialmerge(
                        "report", "trials.h5", "--unblind", "unblind.json", "--scan", "scan.json", "-o", "report.html"),
                ]),
        ]
    }

    /// Commands to try next, with what each does.
    static let next: [(command: String, purpose: String)] = [
        ("trialgen sensitivity --config analysis.yaml", "sensitivity, 3 and 5 sigma in one command"),
        ("trialgen inspect --config analysis.yaml --mu 5 --trial 3", "the events of one trial"),
        ("trialgen unblind --data . --ra 83.63 --dec 22.01", "another source"),
        ("trialgen plan --help", "the same trials as jobs for HTCondor or Slurm"),
        ("trialgen fetch IceTracks-DR2", "IceCube's public data instead of the toy"),
    ]

    private var settingsOption: [String] { ["--config", Self.settingsFile] }

    private func trialgen(_ command: String, _ arguments: String...) -> Command {
        trialgen(command, arguments)
    }

    private func trialgen(_ command: String, _ arguments: [String]) -> Command {
        Command(program: "trialgen", arguments: [command] + arguments)
    }

    private func trialmerge(_ arguments: String...) -> Command { Command(program: "trialmerge", arguments: arguments) }
}
