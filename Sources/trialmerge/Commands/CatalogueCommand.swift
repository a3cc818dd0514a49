import ArgumentParser
import Results

/// `trialmerge catalogue merged.h5 --unblind result.json`.
struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "Search a catalogue: local p of each source, post-trial p of the hottest one and of the population.",
        discussion: """
            The trials are skies of a campaign with search: catalogue. The local p-value of a source is the fraction of \
            background trials in which its TS is at least as large as in the data. The hottest source has the smallest \
            one. The population test is the smallest probability, over k, that k or more of the sources have a local \
            p-value as small as the k-th smallest. The post-trial p-value of either is the fraction of trials that are \
            at least as extreme, found by the same rule. Weighted trials (trialgen run --tail 7) give the p-values of the \
            sources and of the hottest one up to their significance; the population's is counted. Intervals hold \
            68.27 %. Without --unblind, the command prints what a post-trial significance requires. Memory: 16 bytes \
            for each TS.

            Example: trialmerge catalogue merged.h5 --unblind result.json --subset north
            """)

    @OptionGroup var trials: TrialOptions

    @Option(
        help: ArgumentHelp(
            "Read the TS of the sources in the data from the output of trialgen unblind --json on the list.",
            valueName: "result.json"),
        completion: .file())
    var unblind: String?

    @Option(
        help: ArgumentHelp(
            "Search only these sources: north (declination -5 degrees and above), south, or names.",
            valueName: "north|south|name,…"))
    var subset: String?

    func run() throws {
        let logger = try trials.makeLogger()
        let data = try unblind.map { try UnblindedData(file: $0) }
        var inputs = try TrialInputs(trials, command: "catalogue")
        try data?.check(inputs.campaign().configuration.search)
        let (summary, warnings) = try inputs.catalogue(subset: subset, observed: data?.list)
        try summary.print(trials.reporting, logger, inputWarnings: inputs.warnings + warnings)
    }
}
