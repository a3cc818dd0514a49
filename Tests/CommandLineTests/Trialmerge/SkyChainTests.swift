import Foundation
import PointSource
import Testing
import TrialStore

@Suite("A search of the sky from the release to the post-trial p-value")
struct SkyChainTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
        try """
        data: \(toy.release)
        datasets: [IC40]
        search: sky
        sky: {nside: 2, refine: 8, dec_min: -40, dec_max: 60}
        seed: 4
        trials: [{mu: 0, count: 60}]

        """.write(toFile: folder + "/sky.yaml", atomically: false, encoding: .utf8)
    }

    @discardableResult
    private func run(_ tool: BuiltTool, _ arguments: String..., code: Int32 = 0) throws -> BuiltTool.Outcome {
        try tool.require(arguments, code: code, in: folder)
    }

    private func digest(_ chunks: [String]) throws -> String {
        try BuiltTool.tableDigest(of: chunks, in: folder)
    }

    @Test("Uneven jobs, other threads and an interrupted run make the same table; the p-values are counted from it")
    func chain() throws {
        try run(.trialgen, "run", "--config", "sky.yaml", "--threads", "1", "-o", "whole.h5")
        let whole = try digest(["whole.h5"])
        for job in 0..<3 {
            try run(.trialgen, "run", "--config", "sky.yaml", "--job", "\(job)", "--jobs", "3", "-o", "parts.h5")
        }
        let parts = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("parts") }
        #expect(try parts.count == 3 && digest(parts) == whole)
        try run(.trialgen, "run", "--config", "sky.yaml", "--mu", "0", "--trials", "7", "-o", "some.h5")
        try run(.trialgen, "run", "--config", "sky.yaml", "--threads", "2", "-o", "some.h5")
        #expect(try digest(["some.h5"]) == whole)
        #expect(try run(.trialmerge, "verify", "some.h5", "--config", "sky.yaml").output.contains("complete"))

        let set = try TrialSet(folder + "/whole.h5")
        let null = Hypothesis(meanSignal: 0, seed: 4)
        let records = try set.records(of: null)
        for record in records {
            let fits = try #require(record.sources)
            #expect(fits.testStatistics.count == 2 && record.testStatistic == fits.testStatistics.max())
            #expect(fits.declinations[0] >= -5 && fits.declinations[1] < -5)
            let hottest = fits.testStatistics[0] >= fits.testStatistics[1] ? 0 : 1
            #expect(record.gamma == fits.gammas[hottest] && record.signalEvents == fits.signalEvents[hottest])
        }

        let map = try run(.trialgen, "map", "--config", "sky.yaml", "--json")
        try map.output.write(toFile: folder + "/map.json", atomically: false, encoding: .utf8)
        let text = try run(.trialmerge, "sky", "whole.h5", "--unblind", "map.json").output
        #expect(text.contains("post-trial p") && text.contains("of both"), "\(text)")
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
        let found = try run(.trialmerge, "sky", "whole.h5", "--unblind", "map.json", "--json").object()
        #expect(found["n_trials"] as? Int == 60)
        let places = try #require(try map.object()["hottest"] as? [[String: Any]])
        let hemispheres = try #require(found["hemispheres"] as? [[String: Any]])
        for index in 0..<2 {
            let ts = try #require(places[index]["ts"] as? Double)
            let count = records.count { ($0.sources?.testStatistics[index] ?? 0) >= ts }
            #expect(hemispheres[index]["ts"] as? Double == ts)
            #expect(abs(try number(hemispheres[index], "p_global") - Double(count) / 60) < 1e-12)
        }
        let hottest = try #require(found["hottest"] as? [String: Any])
        let smallest = hemispheres.compactMap { $0["p_global"] as? Double }.min()
        #expect(hottest["p_hemisphere"] as? Double == smallest)
        #expect(try number(hottest, "p_global") >= smallest ?? 2)
        #expect(try number(hottest, "p_global_low") <= number(hottest, "p_global"))
        let alone = try run(.trialmerge, "sky", "whole.h5", "--json").object()
        #expect(alone["hottest"] is NSNull)
        #expect(try run(.trialmerge, "background", "whole.h5").output.contains("TS of the hottest place"))

        let report = try run(
            .trialmerge, "report", "whole.h5", "--unblind", "map.json", "-o", "sky.html", "--format", "json")
        #expect(report.error == (try run(.trialmerge, "sky", "whole.h5", "--unblind", "map.json").error))
        let bytes = try Data(contentsOf: URL(filePath: folder + "/results.json"))
        let results = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(
            NSDictionary(dictionary: try #require(results["sky"] as? [String: Any])) == NSDictionary(dictionary: found))
        let html = try String(contentsOfFile: folder + "/sky.html", encoding: .utf8)
        for text in ["<h2>Whole sky</h2>", "Significance after trials", "hottest place, north", "of both"] {
            #expect(html.contains(text), "\(text)")
        }
        for text in ["a sensitivity needs", "Weighted trials", "Medians, and"] {
            #expect(!html.contains(text), "\(text)")
        }
    }

    @Test("Signal at given places: a discovery potential, the flux of an event, and the p-value of data without them")
    func signal() throws {
        let plain = try String(contentsOfFile: folder + "/sky.yaml", encoding: .utf8)
            .replacing("nside: 2, refine: 8", with: "nside: 8, refine: 8")
        try plain.write(toFile: folder + "/plain.yaml", atomically: false, encoding: .utf8)
        // A is the centre of a pixel.
        let (ra, dec) = (118.125, 19.47122063449069)
        let places = "sources: [{name: A, ra: \(ra), dec: \(dec), weight: 4}, {name: B, ra: 20, dec: -20}]\n"
        for (name, more) in [("two", ""), ("one", "injection: {at: A}\n")] {
            let trials = "trials: [{mu: 0, count: 120}, {mu: 5, count: 40}, {mu: 15, count: 40}, {mu: 30, count: 40}]"
            try plain.replacing("trials: [{mu: 0, count: 60}]", with: places + more + trials).write(
                toFile: folder + "/\(name).yaml", atomically: false, encoding: .utf8)
            for file in ["\(name).yaml", "plain.yaml"] {
                #expect(try run(.trialgen, "config", "--check", file).output.contains("is valid"))
            }
            try run(.trialgen, "run", "--config", "\(name).yaml", "-o", "\(name).h5")
            let found = try run(.trialmerge, "discovery", "\(name).h5", "--sigma", "1", "--json")
            let (mu, norm) = (try found.number("mu"), try found.number("flux_norm"))
            #expect(mu > 1 && mu < 40)
            // A source of weight 1 has the flux of the catalogue's.
            let list = folder + "/\(name)-list.yaml"
            let own = plain.split(separator: "\n").filter { !$0.hasPrefix("sky:") && !$0.hasPrefix("trials:") }
                .joined(separator: "\n").replacing("search: sky", with: "search: catalogue")
            try (own + "\n" + places + more).write(toFile: list, atomically: false, encoding: .utf8)
            let described = try run(.trialgen, "describe", "--config", "\(name)-list.yaml", "--json")
            #expect(abs(norm / mu / (try described.number("flux_per_event")) - 1) < 1e-9)
            let text = try run(.trialmerge, "discovery", "\(name).h5", "--sigma", "1").output
            #expect(text.contains(name == "one" ? "signal at A" : "signal at 2 places"), "\(text)")

            let set = try TrialSet(folder + "/\(name).h5")
            let strong = try set.records(of: Hypothesis(meanSignal: 30, seed: 4))
            #expect(strong.allSatisfy { $0.injected > 10 && ($0.sources?.testStatistics[0] ?? 0) > 20 })
            for record in strong {
                let fits = try #require(record.sources)
                #expect(abs(fits.rightAscensions[0] - ra) < 0.01 && abs(fits.declinations[0] - dec) < 0.01)
            }
            let map = try run(.trialgen, "map", "--config", "plain.yaml", "--json")
            try map.output.write(toFile: folder + "/map.json", atomically: false, encoding: .utf8)
            try run(.trialmerge, "sky", "\(name).h5", "--unblind", "map.json")
            let page = try run(
                .trialmerge, "report", "\(name).h5", "--unblind", "map.json", "--sigma", "1", "-o", "\(name).html")
            #expect(page.code == 0)
            let html = try String(contentsOfFile: folder + "/\(name).html", encoding: .utf8)
            #expect(html.contains("1σ discovery") && !html.contains("Weighted trials"))
        }
        // Background trials are those of the search without places of signal.
        try run(.trialgen, "run", "--config", "plain.yaml", "-o", "plain.h5")
        let null = Hypothesis(meanSignal: 0, seed: 4)
        let background = try TrialSet(folder + "/plain.h5").records(of: null)
        #expect(try Array(TrialSet(folder + "/two.h5").records(of: null).prefix(60)) == background)
    }

    @Test("Results of other searches, and trials with signal, are refused with a sentence")
    func faults() throws {
        try run(.trialgen, "run", "--config", "sky.yaml", "--mu", "0", "--trials", "2", "-o", "few.h5")
        let catalogue = try run(.trialmerge, "catalogue", "few.h5", code: 65)
        #expect(catalogue.error.contains("for the sky trialmerge sky"))
        let signal = try run(.trialgen, "run", "--config", "sky.yaml", "--mu", "3", "--trials", "2", code: 64)
        #expect(signal.error.contains("trials with signal (mu 3)"), "\(signal.error)")
        let single = try BuiltTool.trialgen.run(
            ["run"] + toy.source + ["--mu", "0", "--trials", "2", "-o", "one.h5"], in: folder)
        #expect(single.code == 0, "\(single.error)")
        #expect(
            try run(.trialmerge, "sky", "one.h5", code: 65).error.contains(
                "does not contain trials of a search of the sky"))
        let other = try run(
            .trialgen, "map", "--config", "sky.yaml", "--refine", "2", "--json")
        try other.output.write(toFile: folder + "/other.json", atomically: false, encoding: .utf8)
        let mixed = try run(.trialmerge, "sky", "few.h5", "--unblind", "other.json", code: 65)
        #expect(mixed.error.contains("refine"), "\(mixed.error)")
        try "{\"hottest\": [{\"name\": \"north\", \"ra\": 1, \"dec\": 2, \"ts\": 3}]}".write(
            toFile: folder + "/half.json", atomically: false, encoding: .utf8)
        let half = try run(.trialmerge, "sky", "few.h5", "--unblind", "half.json", code: 65)
        #expect(half.error.contains("no hottest place of the south"), "\(half.error)")
        for command in ["unblind", "scan", "flux", "prepare", "inspect"] {
            let refused = try BuiltTool.trialgen.run([command, "--config", "sky.yaml"], in: folder)
            #expect(refused.code == 64, "\(command): \(refused.code) \(refused.error)")
        }
        for command in ["sensitivity", "discovery", "limits", "suggest"] {
            let refused = try run(.trialmerge, command, "few.h5", code: 65)
            #expect(refused.error.contains("searches of the sky, which inject no signal"), "\(refused.error)")
        }
        #expect(try run(.trialmerge, "bias", "few.h5", code: 64).error.contains("bias"))
    }

    private func number(_ object: [String: Any], _ key: String) throws -> Double {
        try #require(object[key] as? Double, "\(key)")
    }
}
