import ArgumentParser
import Console

/// Repeats small analyses whose answers are known, and counts how often the quoted intervals hold them
/// (docs/statistics.md).
@main
enum Main {
    static func main() { CommandRunner.run(Closure.self) }
}

struct Closure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closure", abstract: "Counts how often quoted intervals hold the truth.",
        subcommands: [
            CampaignClosure.self, SourceClosure.self, WeightedClosure.self, TailCoverage.self, BridgeClosure.self,
        ])
}

/// A share of repeats in per cent, with its standard deviation.
func share(_ hits: Int, of repeats: Int) -> String {
    let p = Double(hits) / Double(repeats)
    let deviation = (p * (1 - p) / Double(repeats)).squareRoot()
    return "\(NumberFormat.fixed(100 * p, 1)) ± \(NumberFormat.fixed(100 * deviation, 1))"
}
