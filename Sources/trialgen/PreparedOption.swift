import ArgumentParser
import Trials

/// The option by which trials are made without the release.
struct PreparedOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Start from this file, which trialgen prepare made, instead of the release; it holds the analysis' settings.",
            valueName: "file"))
    var prepared: String?

    /// The file, checked.
    ///
    /// - Throws: `Fault` as `PreparedFile`.
    func open() throws -> PreparedFile? { try prepared.map { try PreparedFile(contentsOf: $0) } }
}
