import ArgumentParser
import Console
import Inference
import PointSource
import Settings
import TrialMaking

/// Small campaigns against one of many trials: threshold, sensitivity, discovery potential.
struct CampaignClosure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaigns", abstract: "Repeats small campaigns; the truth comes from one of many trials.")

    @Option(help: "What trialgen prepare wrote.") var prepared: String
    @Option(help: "How many campaigns.") var repeats = 500
    @Option(help: "Background trials of the truth.") var truth: Int64 = 10_000_000
    @Option(help: "Trials of the truth at each mu.") var truthSignal: Int64 = 300_000
    @Option(help: "Background trials of a campaign.") var background: Int64 = 20_000
    @Option(help: "Trials of a campaign at each mu.") var signal: Int64 = 400
    @Option(parsing: .upToNextOption, help: "The mu of all campaigns.") var mu: [Double] = [
        0.6, 1, 1.4, 1.8, 2.2, 2.6, 3,
    ]
    @Option(help: "Counted discovery potential, in sigma.") var sigma = 3.0
    @Option(help: "Threads.") var threads = 1
    @OptionGroup var logging: LoggingOptions

    /// How often intervals hold the truth, and how much longer they are than the estimates' scatter wants.
    private struct Tally {
        var one = 0
        var two = 0
        var made = 0

        mutating func note(_ low: Double, _ high: Double?, _ wideLow: Double, _ wideHigh: Double?, _ truth: Double) {
            made += 1
            if low <= truth, truth <= high ?? .infinity { one += 1 }
            if wideLow <= truth, truth <= wideHigh ?? .infinity { two += 1 }
        }
    }

    private struct Row {
        let name: String
        let truth: Double
        var tally = Tally()
    }

    func run() throws {
        let file = try PreparedFile(contentsOf: prepared)
        let runner = TrialRunner(analysis: try file.analysis(), threads: threads)
        let criteria: [(name: String, criterion: DetectableSignal.Criterion)] = [
            ("sensitivity", .sensitivity), ("\(NumberFormat.plain(sigma)) sigma discovery", .discovery(sigma: sigma)),
            ("5 sigma discovery", .discovery()),
        ]
        let style = logging.progressStyle
        let whole = try campaign(runner, seed: 1_000_000, background: truth, signal: truthSignal, style)
        let truths = try criteria.map {
            try DetectableSignal.find($0.criterion, in: whole, interpolation: .poisson)
        }
        var rows: [Row] = []
        for ((name, _), found) in zip(criteria, truths) {
            rows.append(Row(name: "\(name): threshold", truth: found.threshold.value))
            for interpolation in DetectionPower.Interpolation.allCases {
                rows.append(Row(name: "\(name): \(interpolation.rawValue)", truth: found.mu))
            }
        }
        let progress = Console.Progress("campaigns", unit: "repeats", total: repeats, style: style)
        for seed in 1...Int64(repeats) {
            let trials = try campaign(runner, seed: seed, background: background, signal: signal, .never)
            var place = 0
            for (_, criterion) in criteria {
                for (index, interpolation) in DetectionPower.Interpolation.allCases.enumerated() {
                    let found = try? DetectableSignal.find(criterion, in: trials, interpolation: interpolation)
                    let wide = try? DetectableSignal.find(
                        criterion, in: trials, interpolation: interpolation, confidence: 0.95)
                    guard let found, let wide else { continue }
                    if index == 0 {
                        rows[place].tally.note(
                            found.threshold.low, found.threshold.high, wide.threshold.low, wide.threshold.high,
                            rows[place].truth)
                    }
                    rows[place + 1 + index].tally.note(
                        found.muLow, found.muHigh, wide.muLow, wide.muHigh, rows[place + 1 + index].truth)
                }
                place += 1 + DetectionPower.Interpolation.allCases.count
            }
            progress.advance(by: 1)
        }
        progress.finish()
        var table = Table([
            .name("interval of"), .number("truth"), .number("repeats"), .number("68.27 %"), .number("95 %"),
        ])
        for row in rows where row.tally.made > 0 {
            table.add([
                row.name, NumberFormat.significant(row.truth, 4), NumberFormat.count(row.tally.made),
                share(row.tally.one, of: row.tally.made), share(row.tally.two, of: row.tally.made),
            ])
        }
        try StandardOutput.print(table.text)
    }

    /// The trials of one seed.
    private func campaign(
        _ runner: TrialRunner, seed: Int64, background: Int64, signal: Int64, _ style: Console.Progress.Style
    ) throws -> SearchTrials {
        func make(_ mu: Double, _ count: Int64) throws -> [SensitivitySearch.Made] {
            var made: [SensitivitySearch.Made] = []
            guard let range = TrialRange(first: 0, last: count - 1) else { return made }
            let progress = Console.Progress("mu \(mu)", unit: "trials", total: Int(count), style: style)
            try runner.run(TrialRanges([range]), of: Hypothesis(meanSignal: mu, seed: seed)) { records in
                made += records.map { (Int($0.injected), $0.testStatistic) }
                progress.advance(by: records.count)
            }
            progress.finish()
            return made
        }
        let signals = try mu.map { (mu: $0, trials: try make($0, signal)) }
        return SearchTrials(
            background: try TSDistribution(try make(0, background).map(\.ts)),
            signal: try signals.map { try SignalTrials(mu: $0.mu, ts: $0.trials.map(\.ts)) },
            injected: try InjectedTrials.sorted(signals.flatMap(\.trials)))
    }
}
