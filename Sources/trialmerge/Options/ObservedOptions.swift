import ArgumentParser
import Console
import Diagnostics
import Foundation

/// The TS that was observed: as a number, or as the result of `trialgen unblind --json`.
struct ObservedOptions: ParsableArguments {
    @Option(
        name: .customLong("ts"), parsing: .unconditional,
        help: "An observed TS, whose p-value and significance are wanted.")
    var ts: Double?

    @Option(help: ArgumentHelp("The same, from what trialgen unblind --json printed.", valueName: "result.json"))
    var unblind: String?

    /// Nil if none was given.
    ///
    /// - Throws: `Fault`: `usage` for two of them or one that is not finite; `missingInput` or `badData` for a file that
    ///   is not there or has no TS.
    func observedTS() throws(Fault) -> Double? {
        if let unblind {
            guard ts == nil else {
                throw Fault(.usage, at: .field("--unblind"), "was given together with --ts", remedy: "give one of them")
            }
            return try Self.ts(inResult: unblind)
        }
        if let ts, !ts.isFinite {
            throw Fault(.usage, at: .field("--ts"), "\(ts) is no observed TS", remedy: "give a finite number")
        }
        return ts
    }

    private struct UnblindResult: Decodable { let ts: Double }

    private static func ts(inResult path: String) throws(Fault) -> Double {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Fault(
                .missingInput, at: .file(path), "cannot be read (\(error.localizedDescription))",
                remedy: "name what trialgen unblind --json wrote")
        }
        guard let result = try? JSONDecoder().decode(UnblindResult.self, from: data), result.ts.isFinite else {
            throw Fault(
                .badData, at: .file(path), "is no JSON object with a number \"ts\"",
                remedy: "name what trialgen unblind --json wrote")
        }
        return result.ts
    }
}
