import Foundation
import PointSource
import Testing
import TrialStore

@Suite("trialgen inspect of catalogues and stacks")
struct InspectListTests {
    private let toy: ToyFolder
    private let folder: String

    /// Two sources 0.7° apart, which share events, and a far one.
    private static let sources = [("NGC 1068", 40.67, -0.01), ("beside", 41.2, 0.45), ("far", 200.0, 30.0)]

    init() throws {
        toy = try ToyFolder.shared.get()
        let list = Self.sources.map { "- {name: \($0.0), ra: \($0.1), dec: \($0.2)}\n" }.joined()
        folder = try toy.scratch(campaign: "source_fits: true\nseed: 4\nsources:\n\(list)")
    }

    private func run(_ arguments: [String], code: Int32 = 0) throws -> BuiltTool.Outcome {
        let outcome = try BuiltTool.trialgen.run(arguments, in: folder)
        try #require(outcome.code == code, "\(outcome.error)")
        return outcome
    }

    private func number(_ object: [String: Any], _ key: String) throws -> Double {
        try #require(object[key] as? Double, "\(key)")
    }

    private func rows(_ object: [String: Any], _ key: String) throws -> [[String: Any]] {
        try #require(object[key] as? [[String: Any]], "\(key)")
    }

    /// Foundation reads numbers to the last digit but one.
    private static func isClose(_ one: Double, _ other: Double) -> Bool {
        abs(one - other) <= 1e-14 * max(abs(one), abs(other))
    }

    /// The angle between two places, all in degrees.
    private static func angle(_ ra: Double, _ dec: Double, _ otherRA: Double, _ otherDec: Double) -> Double {
        let degree = Double.pi / 180
        let h =
            pow(sin((dec - otherDec) / 2 * degree), 2)
            + cos(dec * degree) * cos(otherDec * degree) * pow(sin((ra - otherRA) / 2 * degree), 2)
        return 2 * asin(min(1, h.squareRoot())) / degree
    }

    /// Checks that the listed events give the trial's TS: ln Λ of one dataset is a sum over its events, of which those that
    /// are not listed have a ratio of nearly 0.
    private func checkLikelihood(_ inspection: [String: Any], total: Int) throws {
        let (ns, ts) = (try number(inspection, "ns"), try number(inspection, "ts"))
        let all = Double(total) + (try number(inspection, "n_sig"))
        let ratios = try rows(inspection, "events").map { try number($0, "ratio") }
        let z = ns / all
        let sum = ratios.reduce(0) { $0 + log1p(z * ($1 - 1)) } + (all - Double(ratios.count)) * log1p(-z)
        #expect(abs(2 * sum - ts) < 0.02 * (1 + ns), "\(2 * sum) and \(ts)")
    }

    private var total: Int {
        get throws {
            let described = try run(["describe", "--config", "c.yaml", "--search", "catalogue", "--json"]).object()
            return try #require(try rows(described, "datasets").first?["n_events"] as? Int)
        }
    }

    private static let all = ["--json", "--top", "100000"]

    @Test("A sky of a catalogue: the record's fits, and the events of the hottest source or of a named one")
    func catalogue() throws {
        let (common, total) = (["--config", "c.yaml", "--search", "catalogue"], try total)
        _ = try run(["run"] + common + ["--mu", "12", "--trials", "6", "-o", "c.h5"])
        let records = try TrialSet(folder + "/c.h5").records(of: Hypothesis(meanSignal: 12, seed: 4))
        for trial in [0, 4, 5] {
            let fits = try #require(records[trial].sources)
            let found = try run(["inspect"] + common + ["--mu", "12", "--trial", "\(trial)"] + Self.all).object()
            #expect(try Self.isClose(number(found, "ts"), records[trial].testStatistic))
            #expect(try number(found, "n_sig") == Double(records[trial].injected))
            let sources = try rows(found, "sources")
            for (row, (ts, ns)) in zip(sources, zip(fits.testStatistics, fits.signalEvents)) {
                #expect(try Self.isClose(number(row, "ts"), ts) && Self.isClose(number(row, "ns"), ns))
            }
            let hottest = try #require(
                fits.testStatistics.indices.max { fits.testStatistics[$0] < fits.testStatistics[$1] })
            #expect(found["source"] as? String == Self.sources[hottest].0)
            for (index, (name, ra, dec)) in Self.sources.enumerated() {
                let own = try run(
                    ["inspect"] + common + ["--mu", "12", "--trial", "\(trial)", "--source", name] + Self.all
                ).object()
                #expect(try Self.isClose(number(own, "ts"), fits.testStatistics[index]))
                #expect(own["source"] as? String == name)
                if index == hottest { #expect(NSDictionary(dictionary: own) == NSDictionary(dictionary: found)) }
                for event in try rows(own, "events") {
                    let psi = try Self.angle(number(event, "ra"), number(event, "dec"), ra, dec)
                    #expect(try abs(psi - number(event, "psi")) < 1e-6)
                }
                try checkLikelihood(own, total: total)
            }
            #expect(try rows(found, "events").prefix(3).contains { $0["injected"] as? Bool == true })
        }
        let text = try run(["inspect"] + common + ["--mu", "12", "--trial", "4"]).output
        #expect(text.contains("at ") && text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("Weighted trials of a catalogue and of a stack", arguments: ["catalogue", "stack"])
    func weighted(search: String) throws {
        try stackConfiguration()
        let (common, total) = (["--config", "s.yaml", "--search", search], try total)
        _ = try run(["run"] + common + ["--mu", "0", "--tail", "5", "--trials", "12", "-o", "w.h5"])
        let records = try TrialSet(folder + "/w.h5").records(of: Hypothesis(tail: 5, seed: 4))
        for trial in [3, 11] {
            let found = try run(["inspect"] + common + ["--tail", "5", "--trial", "\(trial)"] + Self.all).object()
            #expect(try Self.isClose(number(found, "ts"), records[trial].testStatistic))
            #expect(try Self.isClose(number(found, "log_weight"), #require(records[trial].weight?.logWeight)))
            #expect(found["proposal"] as? Int == records[trial].weight.map { Int($0.proposal) })
            try checkLikelihood(found, total: total)
        }
        let text = try run(["inspect"] + common + ["--tail", "5", "--trial", "3"]).output
        #expect(text.contains("for 5 sigma"), "\(text)")
    }

    /// The same sources without what belongs to a catalogue.
    private func stackConfiguration() throws {
        let text = try String(contentsOfFile: folder + "/c.yaml", encoding: .utf8)
        try text.replacing("source_fits: true\n", with: "").write(
            toFile: folder + "/s.yaml", atomically: false, encoding: .utf8)
    }

    @Test("A trial of a stack: each event once, with the nearest source")
    func stack() throws {
        try stackConfiguration()
        let (common, total) = (["--config", "s.yaml", "--search", "stack"], try total)
        _ = try run(["run"] + common + ["--mu", "12", "--trials", "4", "-o", "s.h5"])
        let records = try TrialSet(folder + "/s.h5").records(of: Hypothesis(meanSignal: 12, seed: 4))
        var near = Set<String>()
        for trial in 0..<4 {
            let found = try run(["inspect"] + common + ["--mu", "12", "--trial", "\(trial)"] + Self.all).object()
            #expect(try Self.isClose(number(found, "ts"), records[trial].testStatistic))
            #expect(try Self.isClose(number(found, "ns"), records[trial].signalEvents))
            let events = try rows(found, "events")
            for event in events {
                let distances = try Self.sources.map {
                    try Self.angle(number(event, "ra"), number(event, "dec"), $0.1, $0.2)
                }
                let least = try #require(distances.min())
                #expect(try abs(least - number(event, "psi")) < 1e-6)
                let name = try #require(event["source"] as? String)
                #expect(try abs(distances[#require(Self.sources.firstIndex { $0.0 == name })] - least) < 1e-6)
                if event["injected"] as? Bool == true { near.insert(name) }
            }
            #expect(events.count { $0["injected"] as? Bool == true } <= Int(records[trial].injected))
            let places = Set(try events.map { "\(try number($0, "ra")) \(try number($0, "dec"))" })
            #expect(places.count == events.count)
            try checkLikelihood(found, total: total)
        }
        #expect(near.count == 3)
        let text = try run(["inspect"] + common + ["--mu", "12", "--trial", "1"]).output
        #expect(text.contains("near") && text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("What makes no sense is refused with a sentence")
    func faults() throws {
        try stackConfiguration()
        for (arguments, says) in [
            (["--config", "c.yaml", "--search", "catalogue", "--source", "NGC 1086"], "Did you mean"),
            (["--config", "s.yaml", "--search", "stack", "--source", "far"], "but the search is stack"),
            (["--config", "s.yaml", "--point", "1", "--source", "far"], "but the search is source"),
            (["--config", "c.yaml", "--search", "catalogue", "--tail", "5", "--mu", "1"], "--tail"),
        ] {
            let refused = try run(["inspect", "--trial", "1"] + arguments, code: 64)
            #expect(refused.error.contains(says), "\(refused.error)")
        }
    }
}
