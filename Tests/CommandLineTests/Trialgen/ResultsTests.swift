import Console
import Foundation
import Testing

@Suite("trialgen: results")
struct ResultsTests {
    private let toy: ToyFolder

    init() throws { toy = try ToyFolder.shared.get() }

    private func run(_ arguments: String..., more: [String] = []) throws -> BuiltTool.Outcome {
        let run = try BuiltTool.trialgen.run(arguments + toy.source + more, in: toy.path)
        try #require(run.code == 0, "\(run.error)")
        return run
    }

    @Test("unblind prints a table, or one JSON object with the agreed keys")
    func unblind() throws {
        let unblind = try run("unblind", "--json")
        let (json, ns) = (try unblind.object(), try unblind.number("ns"))
        #expect(try unblind.number("log_lambda") * 2 == unblind.number("ts"))
        #expect(ns > 0)
        for key in ["n_events", "n_selected"] {
            #expect(try #require(json[key] as? [String: Int]).keys.sorted() == ["IC40"])
        }
        #expect(json["converged"] as? Bool == true)
        let gamma = try unblind.number("gamma")
        // The flux is that of n_s events at the fitted gamma.
        let flux = try run("flux", "--json", "--mu", "\(ns)", "--gamma", "\(gamma)")
        #expect(try abs(unblind.number("flux_norm") / flux.number("mu2flux") - 1) < 1e-12)

        let text = try run("unblind", "--name", "NGC 1068").output
        #expect(text.hasPrefix("NGC 1068 (ra 40.67, dec -0.01 deg)\nIceTracks-DR2: IC40\n"))
        #expect(text.contains("GeV^-1 cm^-2 s^-1 at 1000 GeV"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("scan agrees with the fit at the fitted point, and is 0 at n_s = 0")
    func scan() throws {
        let best = try run("unblind", "--json")
        let (ns, gamma) = (try best.number("ns"), try best.number("gamma"))
        let scan = try run("scan", "--json", "--ns-values", "0,\(ns)", "--gamma-values", "2,\(gamma)").object()
        let points = try #require(scan["points"] as? [[Double]])
        for (point, expected) in zip(points, [[0, 2], [0, gamma], [ns, 2], [ns, gamma]]) {
            #expect(zip(point, expected).allSatisfy { abs($0 - $1) < 1e-12 })
        }
        #expect(points[0][2] == 0 && points[1][2] == 0)
        let maximum = try best.number("log_lambda")
        #expect(abs(points[3][2] - maximum) < 1e-9)
        #expect(points[2][2] <= maximum)
    }

    @Test("scan without values covers the 99 % contour")
    func scanOfTheContour() throws {
        let best = try run("unblind", "--json").number("log_lambda")
        let points = try #require(run("scan", "--json").object()["points"] as? [[Double]])
        let (ns, gammas) = (Set(points.map { $0[0] }).sorted(), Set(points.map { $0[1] }).sorted())
        #expect(ns.count == 41 && gammas.count == 41 && points.count == 41 * 41)
        let largest = try #require(points.map { $0[2] }.max())
        #expect(largest <= best + 1e-9 && largest > best - 0.1)
        // Twice the logarithm of 100 is the quantile of χ² with two degrees of freedom.
        #expect(points.filter { $0[0] == ns[40] }.allSatisfy { best - $0[2] > log(100) - 0.05 })
        for gamma in [gammas[0], gammas[40]] where gamma > 1 && gamma < 4 {
            #expect(points.filter { $0[1] == gamma }.allSatisfy { best - $0[2] > log(100) - 0.05 }, "\(gamma)")
        }
    }

    @Test("unblind --events lists the events near the source, the largest weights first")
    func events() throws {
        let run = try run("unblind", "--events", "--json")
        let events = try #require(run.object()["events"] as? [[String: Any]])
        let weights = events.compactMap { $0["weight"] as? Double }
        #expect(weights.count == events.count && weights == weights.sorted(by: >))
        #expect(weights.allSatisfy { (0...1).contains($0) })
        // Events with smaller weights, farther away, are not listed.
        #expect(try abs(weights.reduce(0, +) / run.number("ns") - 1) < 0.1)
        for event in events {
            let (psi, weight) = (try #require(event["psi"] as? Double), try #require(event["weight"] as? Double))
            #expect(psi <= 3 || weight >= 0.01)
        }
        #expect(try #require(run.object()["livetime_days"] as? [String: Double]).keys.sorted() == ["IC40"])
        #expect(try self.run("unblind", "--json").object()["events"] == nil)
        let text = try self.run("unblind", "--events").output
        #expect(text.contains("weight") && text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("flux and its inverse; with responses alone and with all data")
    func flux() throws {
        let both = try run("flux", "--json", "--mu", "10", "--flux", "1e-15")
        let perEvent = try both.number("flux_per_event")
        #expect(try both.number("mu2flux") == 10 * perEvent)
        #expect(try both.number("flux2mu") == 1e-15 / perEvent)
        #expect(try run("flux", "--json").object()["mu2flux"] == nil)
        // A range that holds all energies changes nothing, but takes the other road.
        let all = try run("flux", "--json", more: ["--energy-range", "1e2", "1e9"])
        #expect(abs(try all.number("flux_per_event") / perEvent - 1) < 1e-10)
        let part = try run("flux", "--json", more: ["--energy-range", "1e4", "1e5"])
        #expect(try part.number("flux_per_event") > perEvent)
    }

    @Test("describe lists the datasets and their shares")
    func describe() throws {
        let run = try BuiltTool.trialgen.run(
            ["describe", "--json", "--data", toy.path, "--ra", "0", "--dec", "-60", "--phi0", "1e-12"], in: toy.path)
        let json = try run.object()
        let datasets = try #require(json["datasets"] as? [[String: Any]])
        #expect(datasets.map { $0["name"] as? String } == ["IC40", "IC59", "IC79", "IC86_I-XI"])
        let shares = datasets.compactMap { $0["share"] as? Double }
        let yields = datasets.compactMap { $0["yield_per_unit_flux"] as? Double }
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        let expected = try #require(json["expected_events"] as? Double)
        #expect(abs(expected / (1e-12 * yields.reduce(0, +)) - 1) < 1e-12)
        for key in ["n_events", "livetime_days", "n_selected"] { #expect(datasets.allSatisfy { $0[key] is Double }) }
    }

    @Test("inspect replays the trial that run recorded, injected events on top")
    func inspect() throws {
        let json = try run("inspect", "--json", "--trial", "3", "--mu", "20", "--seed", "9", "--top", "5").object()
        let injected = try #require(json["n_sig"] as? Int)
        let events = try #require(json["events"] as? [[String: Any]])
        #expect(injected > 5 && events.count == 5)
        #expect(events.first?["injected"] as? Bool == true)
        let ratios = events.compactMap { $0["ratio"] as? Double }
        #expect(ratios == ratios.sorted(by: >))
        let text = try run("inspect", "--trial", "3", "--mu", "20", "--seed", "9").output
        #expect(text.contains("yes") && text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("A configuration file says the same as options, and options win")
    func configuration() throws {
        let file = try toy.scratch() + "/analysis.yaml"
        try """
        data: \(toy.release)
        datasets: [IC40]
        source: {name: NGC 1068, ra: 40.67, dec: -0.01}
        flux: {gamma: 2.5}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let fromFile = try BuiltTool.trialgen.run(["flux", "--json", "--config", file], in: toy.path)
        let fromOptions = try run("flux", "--json", "--gamma", "2.5")
        #expect(fromFile.output == fromOptions.output)
        let overridden = try BuiltTool.trialgen.run(["flux", "--json", "--config", file, "--gamma", "3"], in: toy.path)
        #expect(overridden.output == (try run("flux", "--json", "--gamma", "3")).output)
    }

    @Test("--help and --version go to standard output with exit code 0")
    func help() throws {
        for arguments in [["--help"], ["--version"], ["run", "--help"], ["scan", "--help"]] {
            let run = try BuiltTool.trialgen.run(arguments, in: toy.path)
            #expect(run.code == 0 && !run.output.isEmpty && run.error.isEmpty, "\(arguments)")
        }
        for tool in [BuiltTool.trialgen, .trialmerge] {
            let version = try tool.run("--version").output
            #expect(version.hasPrefix(SoftwareVersion.current), "\(version)")
            #expect(version.dropFirst(SoftwareVersion.current.count).wholeMatch(of: /( \([0-9a-f]{10,}\))?\n/) != nil)
        }
    }

    @Test("The same seed makes the same toy release")
    func toyRelease() throws {
        let folder = try toy.scratch()
        let run = try BuiltTool.trialgen.run(
            ["toy", "--output", folder, "--scale", "0.004", "--bins", "4", "--json"], in: folder)
        #expect(try run.object()["folder"] as? String == folder + "/icecube_14year_ps_v2")
        for file in ["events/IC40_exp.csv", "irfs/IC86_smearing.csv"] {
            let copy = try Data(contentsOf: URL(filePath: "\(folder)/icecube_14year_ps_v2/\(file)"))
            #expect(copy == (try Data(contentsOf: URL(filePath: "\(toy.release)/\(file)"))))
        }
    }
}
