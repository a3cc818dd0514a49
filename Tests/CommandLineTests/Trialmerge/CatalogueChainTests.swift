import Foundation
import PointSource
import Testing
import TrialStore

@Suite("A catalogue search from the release to the post-trial p-value")
struct CatalogueChainTests {
    private let toy: ToyFolder
    private let folder: String

    private static let sources = [
        ("NGC 1068", 40.67, -0.01), ("beside", 41.2, 0.45), ("far", 200.0, 30.0), ("south", 310.5, -35.0),
    ]

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    /// Writes a configuration.
    private func configuration(
        _ name: String, _ sources: [(String, Double, Double)] = sources, _ more: String = "", background: Int = 600
    ) throws -> String {
        let items = sources.map { "- {name: \($0.0), ra: \($0.1), dec: \($0.2)}\n" }.joined()
        let text = """
            data: \(toy.release)
            datasets: [IC40, IC79]
            search: catalogue
            \(more)
            sources:
            \(items)
            seed: 4
            trials: [{mu: 0, count: \(background)}, {mu: 3, count: 50}]

            """
        try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
        return name
    }

    @discardableResult
    private func run(_ tool: BuiltTool, _ arguments: String..., code: Int32 = 0) throws -> BuiltTool.Outcome {
        try tool.require(arguments, code: code, in: folder)
    }

    private func digest(_ chunks: [String]) throws -> String {
        try BuiltTool.tableDigest(of: chunks, in: folder)
    }

    @Test("Uneven jobs, other threads and an interrupted run make the same table")
    func jobs() throws {
        let config = try configuration("c.yaml", Self.sources, "source_fits: true")
        try run(.trialgen, "run", "--config", config, "--threads", "1", "-o", "whole.h5")
        let whole = try digest(["whole.h5"])
        for job in 0..<3 {
            try run(.trialgen, "run", "--config", config, "--job", "\(job)", "--jobs", "3", "-o", "parts.h5")
        }
        let parts = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("parts") }
        #expect(parts.count == 3)
        #expect(try digest(parts) == whole)
        try run(.trialgen, "run", "--config", config, "--mu", "0", "--trials", "7", "-o", "some.h5")
        try run(.trialgen, "run", "--config", config, "--threads", "2", "-o", "some.h5")
        #expect(try digest(["some.h5"]) == whole)
        let verified = try run(.trialmerge, "verify", "some.h5", "--config", config)
        #expect(verified.output.contains("complete"))
        let short = try run(.trialmerge, "verify", parts[0], "--config", config, code: 75)
        #expect(short.output.contains("missing"))
    }

    @Test("A source added, or others in another order, change no number of a source")
    func otherLists() throws {
        let more = [("extra", 130.0, 12.5)] + Self.sources.reversed()
        var columns: [[String: [Double]]] = []
        for (name, sources) in [("a", Self.sources), ("b", more)] {
            let config = try configuration("\(name).yaml", sources, background: 200)
            try run(.trialgen, "run", "--config", config, "--mu", "0", "--trials", "200", "-o", "\(name).h5")
            let set = try TrialSet("\(folder)/\(name).h5")
            let null = Hypothesis(meanSignal: 0, seed: 4)
            var own: [String: [Double]] = [:]
            for (index, source) in sources.enumerated() {
                own[source.0] = try set.values(.source(.testStatistic, index), of: null)
            }
            let hottest = (0..<200).map { trial in own.values.map { $0[trial] }.max() }
            #expect(try set.values(.testStatistic, of: null) == hottest)
            columns.append(own)
        }
        for (name, _, _) in Self.sources {
            #expect(columns[0][name]?.count == 200 && columns[0][name] == columns[1][name], "\(name)")
        }
    }

    @Test("The p-values of the data are those of the trials, also for the fits of a list of points")
    func data() throws {
        let config = try configuration("c.yaml")
        try run(.trialgen, "run", "--config", config, "-o", "c.h5")
        let data = try run(.trialgen, "unblind", "--config", config, "--json", "--sort", "name")
        try data.output.write(toFile: folder + "/data.json", atomically: false, encoding: .utf8)
        let found = try run(.trialmerge, "catalogue", "c.h5", "--unblind", "data.json", "--json").object()
        #expect(
            found["n_trials"] as? Int == 600
                && (found["warnings"] as? [String])?.contains { $0.contains("points") } == false)
        let set = try TrialSet("\(folder)/c.h5")
        let rows = try #require(found["sources"] as? [[String: Any]])
        let fits = try #require(try data.object()["sources"] as? [[String: Any]])
        for (index, row) in rows.enumerated() {
            #expect(row["name"] as? String == Self.sources[index].0)
            let fit = try #require(fits.first { $0["name"] as? String == Self.sources[index].0 })
            let ts = try #require(fit["ts"] as? Double)
            #expect(row["ts"] as? Double == ts)
            let trials = try set.values(.source(.testStatistic, index), of: Hypothesis(meanSignal: 0, seed: 4))
            let local = try number(row, "p_local")
            #expect(abs(local - Double(trials.count { $0 >= ts }) / 600) < 1e-12)
        }
        let hottest = try #require(found["hottest"] as? [String: Any])
        #expect(rows.compactMap { $0["p_local"] as? Double }.min() == hottest["p_local"] as? Double)
        let (local, global) = (hottest["p_local"] as? Double ?? 1, hottest["p_global"] as? Double ?? 0)
        #expect(global >= local && global <= 4 * local + 0.05)

        let items = Self.sources.map { "\($0.0),\($0.1),\($0.2)\n" }.joined()
        try ("name,ra,dec\n" + items).write(toFile: folder + "/list.csv", atomically: false, encoding: .utf8)
        let points = try run(
            .trialgen, "unblind", "--data", toy.release, "--datasets", "IC40,IC79", "--sources", "list.csv", "--json")
        try points.output.write(toFile: folder + "/points.json", atomically: false, encoding: .utf8)
        let same = try run(.trialmerge, "catalogue", "c.h5", "--unblind", "points.json", "--json")
        #expect(same.error.contains("points.json was made for a list of points and does not name its campaign"))
        #expect(try number(same.object()["hottest"], "p_global") == global)
    }

    @Test("A plan counts the numbers of all sources")
    func plan() throws {
        func megabytes(_ more: String) throws -> Double {
            let config = try configuration("c.yaml", Self.sources, more, background: 99_950)
            return try number(
                run(.trialgen, "plan", "--config", config, "--jobs", "2", "--format", "table", "--json").object(),
                "disk_mb")
        }
        // Nine fields of eight bytes or fewer, and one or three numbers for each source, in chunks and merged file.
        #expect(abs(try megabytes("") - 2 * 0.1 * (70 + 8 * 4)) < 0.01)
        #expect(abs(try megabytes("source_fits: true") - 2 * 0.1 * (70 + 8 * 12)) < 0.01)
    }

    private func number(_ object: Any?, _ key: String) throws -> Double {
        try #require((object as? [String: Any])?[key] as? Double, "\(key)")
    }
}
