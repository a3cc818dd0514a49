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

    @Test("describe --expected: the events of a flux in bins of energy add up to all events")
    func expected() throws {
        let json = try run("describe", "--json", "--expected", more: ["--phi0", "1e-12"]).object()
        let bins = try #require(json["expected"] as? [String: Any])
        let (edges, counts) = (bins["log10_energy_edges"] as? [Double] ?? [], bins["counts"] as? [Double] ?? [])
        let (total, all) = (try #require(bins["total"] as? Double), try #require(json["expected_events"] as? Double))
        #expect(edges.count == counts.count + 1 && edges == edges.sorted() && edges.first == 2)
        #expect(abs(total / all - 1) < 1e-12 && abs(counts.reduce(0, +) / total - 1) < 1e-9)
        #expect((bins["datasets"] as? [[String: Any]])?.map { $0["name"] as? String } == ["IC40"])
        let text = try run("describe", "--expected", more: ["--phi0", "1e-12"]).output
        #expect(text.contains("expected signal events in bins of reconstructed energy"))
    }

    @Test("Sexagesimal coordinates are those in degrees, with the same fingerprint")
    func sexagesimal() throws {
        let results = try [
            ("40.669583333333335", "-0.013333333333333334"), ("02h42m40.7s", "-00d00m48s"), ("02:42:40.7", "-00:00:48"),
        ]
        .map { ra, dec in try run("unblind", "--json", more: ["--ra", ra, "--dec", dec]).output }
        #expect(results[1] == results[0] && results[2] == results[0])
    }

    @Test("A null hypothesis with signal: TS, trials and p-values against it, and no searches")
    func nullHypothesis() throws {
        let (plain, null) = (try run("unblind", "--json"), try run("unblind", "--json", more: ["--mean-n-sig-0", "2"]))
        #expect(try plain.number("log_lambda") == null.number("log_lambda"))
        let gammas = (0...300).map { String(1 + Double($0) / 100) }.joined(separator: ",")
        let scan = try run("scan", "--json", "--ns-values", "2", "--gamma-values", gammas).object()
        let best = try #require(scan["points"] as? [[Double]]).map { $0[2] }.max() ?? 0
        #expect(abs(try null.number("ts") - 2 * (plain.number("log_lambda") - best)) < 2e-3)

        let folder = try toy.scratch()
        let file = folder + "/unblind.json"
        try null.output.write(toFile: file, atomically: true, encoding: .utf8)
        for mu in ["2", "0"] {
            _ = try run(
                "run", "--mean-n-sig-0", "2", "--mu", mu, "--trials", "40", "--output", folder + "/c.h5", "--quiet")
        }
        let background = try BuiltTool.trialmerge.run(
            "background", folder + "/c.h5", "--unblind", file, "--json")
        try #require(background.code == 0, "\(background.error)")
        #expect(try background.object()["n"] as? Int == 40)
        let text = try BuiltTool.trialmerge.run("background", folder + "/c.h5").output
        #expect(text.contains("null hypothesis with 2 signal events"))
        let sensitivity = try BuiltTool.trialmerge.run("sensitivity", folder + "/c.h5")
        #expect(sensitivity.code == 64 && sensitivity.error.contains("null hypothesis with 2 signal events"))
        // A search's data are another campaign's.
        try plain.output.write(toFile: file, atomically: true, encoding: .utf8)
        let other = try BuiltTool.trialmerge.run("background", folder + "/c.h5", "--unblind", file)
        #expect(other.code == 65 && other.error.contains("fit.mean_n_sig_0"), "\(other.error)")
    }

    @Test("An exposure of 1 makes the same bytes; of 2 half the flux, and no fit of the data")
    func exposure() throws {
        let folder = try toy.scratch()
        func table(_ name: String, _ more: [String]) throws -> Data {
            let chunk = "\(folder)/\(name).h5"
            _ = try run("run", "--trials", "60", "--mu", "2", "--output", chunk, "--quiet", more: more)
            let export = try BuiltTool.trialmerge.run("export", chunk, "--format", "npy", "-o", "\(folder)/\(name).npy")
            try #require(export.code == 0, "\(export.error)")
            return try Data(contentsOf: URL(filePath: "\(folder)/\(name).npy"))
        }
        let plain = try table("none", [])
        #expect(try table("one", ["--exposure", "1"]) == plain)
        #expect(try table("two", ["--exposure", "2"]) != plain)
        // Equal fingerprints: the same chunk takes them.
        #expect(
            try run("run", "--trials", "60", "--mu", "2", "--output", folder + "/none.h5", "--exposure", "1").code == 0)
        let (one, two) = (try run("flux", "--json"), try run("flux", "--json", more: ["--exposure", "2"]))
        #expect(abs(try one.number("flux_per_event") / two.number("flux_per_event") - 2) < 1e-12)
        let described = try run("describe", "--json", more: ["--exposure-years", "10"])
        #expect(abs(try described.number("exposure_scale") - 3652.5 / 346.94) < 0.01)
        #expect(try run("describe", more: ["--exposure", "2"]).output.contains("exposure: 2 times the data"))
    }

    @Test("A sample of one's own is the public release under another name")
    func ownSample() throws {
        let folder = try toy.scratch()
        try """
        name: Mine
        datasets:
          - name: first
            seasons: [{name: s40, events: events/IC40_exp.csv, uptime: uptime/IC40_exp.csv}]
            responses: IC40
            sin_dec: [{from: -1, to: -0.25, bins: 10}, {from: -0.25, to: 0, bins: 10}, {from: 0, to: 1, bins: 10}]
            log10_energy: {from: 2, to: 9, bins: 56}
            cut: {smoothing: 0.1, threshold: 5.0e-4}
        """.write(toFile: folder + "/own.yaml", atomically: true, encoding: .utf8)
        let options = ["--sample", "own.yaml", "--data", toy.release, "--ra", "40.67", "--dec", "-0.01"]
        func own(_ command: String, _ more: String...) throws -> BuiltTool.Outcome {
            let run = try BuiltTool.trialgen.run([command] + options + more, in: folder)
            try #require(run.code == 0, "\(run.error)")
            return run
        }
        for key in ["ts", "ns", "gamma", "flux_norm"] {
            #expect(try own("unblind", "--json").number(key) == run("unblind", "--json").number(key))
        }
        let described = try own("describe", "--json").object()
        #expect((described["sample"] as? [String: Any])?["name"] as? String == "Mine")
        let text = try own("describe").output
        #expect(text.contains("sample Mine, as defined") && text.contains("irfs/IC40_smearing.csv"))

        // trialmerge needs no definition: the chunk has it.
        _ = try own("run", "--trials", "20", "-o", "c.h5", "--quiet")
        let background = try BuiltTool.trialmerge.run(["background", "c.h5"], in: folder)
        #expect(background.code == 0 && background.output.contains("Mine"), "\(background.error)")
        let other = try BuiltTool.trialgen.run(
            [
                "run", "--data", toy.release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01", "--trials", "20",
                "-o", "c.h5",
            ],
            in: folder)
        #expect(other.code == 65 || other.code == 73 || other.code == 64, "\(other.error)")

        let example = try BuiltTool.trialgen.run(["config", "--init", "sample", "--output", "s.yaml"], in: folder)
        #expect(example.code == 0, "\(example.error)")
        let check = try BuiltTool.trialgen.run(["config", "--check", "s.yaml"], in: folder)
        #expect(check.output.hasPrefix("s.yaml defines the sample IceCube-3year: datasets IC79, IC86, 3 seasons."))
        let show = try BuiltTool.trialgen.run(["config", "--show", "--sample", "s.yaml"], in: folder)
        #expect(show.output.contains("IceCube-3year (defined by the user)"))
    }

    @Test("toy --source: the events are where they were requested")
    func toySource() throws {
        let folder = try toy.scratch()
        let made = try BuiltTool.trialgen.run(
            [
                "toy", "--output", folder, "--scale", "0.004", "--bins", "4", "--source", "05h00m00s", "-30d30m", "400",
                "2", "--seed", "4",
            ], in: folder)
        try #require(made.code == 0, "\(made.error)")
        let fit = try BuiltTool.trialgen.run(
            ["unblind", "--json", "--data", folder, "--ra", "75", "--dec", "-30.5", "--datasets", "IC40"], in: folder)
        #expect(try fit.number("ns") > 5 && fit.number("ts") > 30)
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
