import Console
import PointSource

extension Hypothesis {
    /// Mu for tables: "0", of weighted trials "0, 7 sigma".
    public var muText: String {
        NumberFormat.plain(meanSignal) + (tail.map { ", \(NumberFormat.plain($0)) sigma" } ?? "")
    }

    /// The options of `trialgen run` that make its trials: "--mu 0 --tail 7 --seed 1".
    var options: String {
        "--mu \(NumberFormat.plain(meanSignal))" + (tail.map { " --tail \(NumberFormat.plain($0))" } ?? "")
            + " --seed \(seed)"
    }

    /// Mu under the given key, `tail` in sigma for weighted trials alone, and `seed`.
    public func members(_ muKey: String = "mu") -> [JSONValue.Member] {
        [.init(muKey, .number(meanSignal))] + (tail.map { [.init("tail", .number($0))] } ?? [])
            + [.init("seed", .integer(seed))]
    }
}
