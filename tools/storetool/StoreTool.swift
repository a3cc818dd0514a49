import ArgumentParser
import Diagnostics
import Files
import Foundation
import Numerics
import PointSource
import Settings
import TrialStore

/// What the scripts in tools/ need that shells cannot do: synthetic chunks, the digest of a chunk's rows, the time and
/// memory of a command. No part of what is installed.
@main
struct StoreTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storetool", abstract: "Serves the scripts torture, lock-races, merge-scale and durability.",
        subcommands: [Writer.self, Rows.self, Chunks.self, Background.self, Digest.self, Measure.self])
}

/// A writer of a chunk, which says what is safe: the runner in a race of tools/lock-races.
struct Writer: ParsableCommand {
    @Option(help: "Number of the first trial.") var first: Int64
    @Option(help: "Commits, of ten trials each.") var commits = 5
    @Option(help: "Milliseconds from one commit to the next.") var pause: UInt32 = 2
    @Argument(help: "The chunk.") var file: String

    func run() throws {
        do {
            let chunk = try ChunkFile.open(file, header: try Chunks.header())
            say("opened \(chunk.committedCount)")
            for commit in 0..<Int64(commits) {
                let trials = first + 10 * commit..<first + 10 * commit + 10
                try chunk.append(trials.map { Chunks.record($0, meanSignal: 0) })
                try chunk.commit()
                say("safe \(trials.lowerBound) \(trials.upperBound - 1)")
                usleep(1000 * pause)
            }
            try chunk.close()
            say("closed")
        } catch let fault as Fault {
            say("fault \(fault)")
            throw ExitCode(fault.kind.rawValue)
        }
    }

    /// Without a buffer, since the process may be killed at any time.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

/// Chunks of trials that nobody made: numbers from a counter, in the layout of real ones.
struct Chunks: ParsableCommand {
    @Option(help: "How many chunks.") var files = 100
    @Option(help: "Rows of each.") var rows = 1000
    @Option(help: "Mean signals: 0, 1, 2 …; the first has half of the rows.") var hypotheses = 10
    @Argument(help: "Where they go.") var folder: String

    func run() throws {
        let header = try Self.header()
        let block = 10_000
        for file in 0..<files {
            let number = String(file)
            let name = "chunk." + String(repeating: "0", count: max(0, 5 - number.count)) + number + ".h5"
            let chunk = try ChunkFile.open(folder + "/" + name, header: header)
            for hypothesis in 0..<hypotheses {
                let count = share(hypothesis)
                for start in stride(from: 0, to: count, by: block) {
                    try chunk.append(
                        (start..<min(count, start + block)).map { row in
                            Self.record(Int64(file * count + row), meanSignal: Double(hypothesis))
                        })
                }
            }
            try chunk.close(SessionEnd(seconds: 1, threads: 1, isStopped: false))
        }
    }

    static func header() throws -> ChunkHeader {
        var layer = ConfigurationLayer()
        (layer.sourceName, layer.rightAscension, layer.declination) = ("synthetic", 40.67, -0.01)
        let campaign = Campaign(
            configuration: try Configuration(layer), fileDigests: ["events.csv": "00"], fluxPerEvent: 1e-15)
        return campaign.header(
            probes: [], softwareVersion: "synthetic", provenance: ["host": Provenance.hostName, "cpu": "none"])
    }

    private func share(_ hypothesis: Int) -> Int {
        if hypotheses == 1 { return rows }
        let signal = rows / 2 / (hypotheses - 1)
        return hypothesis == 0 ? rows - signal * (hypotheses - 1) : signal
    }

    static func record(_ trial: Int64, meanSignal: Double) -> TrialRecord {
        let mixed = UInt64(bitPattern: trial) &* 0x9E37_79B9_7F4A_7C15 ^ meanSignal.bitPattern
        let uniform = Double(mixed >> 11) * 0x1p-53
        return TrialRecord(
            trial: trial, seed: 1, meanSignal: meanSignal, injected: Int64(meanSignal), testStatistic: 10 * uniform,
            signalEvents: 20 * uniform, gamma: 1 + 3 * uniform)
    }
}

/// A chunk of very many background trials of a known distribution: TS = max(0, z)² with z normal, so that a one-sided
/// significance of s sigma lies at s². Compressed, since only TS differs from row to row.
struct Background: ParsableCommand {
    @Option(help: "Rows.") var rows = 1_000_000
    @Argument(help: "The chunk.") var file: String

    func run() throws {
        let key = Philox4x32.Key(seed: 2026, stream: 0)
        let block = 50_000
        _ = try WholeChunk.write(file, header: try Chunks.header(), deflate: 1) { add throws(Fault) in
            for start in stride(from: 0, to: rows, by: block) {
                var random = RandomStream(key: key, trial: UInt64(start), purpose: 0)
                try add(
                    (start..<min(rows, start + block)).map { trial in
                        // In single precision, which compresses better.
                        let z = Double(Float(max(0, random.normal())))
                        return TrialRecord(
                            trial: Int64(trial), seed: 1, meanSignal: 0, injected: 0, testStatistic: z * z,
                            signalEvents: 0, gamma: 2)
                    })
            }
        }
    }
}

/// SHA-256 of the rows of a file as they stand in it.
struct Digest: ParsableCommand {
    @Argument var file: String

    func run() throws {
        print(try TrialSet(file).rowsDigest())
    }
}

/// The numbers of the trials of a chunk, a line each, as they stand there.
struct Rows: ParsableCommand {
    @Argument var file: String

    func run() throws {
        let set = try TrialSet(file)
        for hypothesis in set.hypotheses { for record in try set.records(of: hypothesis) { print(record.trial) } }
    }
}

/// Runs a command; says on standard error how long it took and how much memory it had at most.
struct Measure: ParsableCommand {
    @Argument(parsing: .captureForPassthrough) var command: [String] = []

    func run() throws {
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        let start = ContinuousClock.now
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let megabytes = Double(usage.ru_maxrss) * 1024 / 1e6
        let text = "took \((seconds * 10).rounded() / 10) s, at most \(Int(megabytes.rounded())) MB of memory\n"
        FileHandle.standardError.write(Data(text.utf8))
        throw ExitCode(process.terminationStatus)
    }
}
