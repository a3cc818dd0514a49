import Foundation
import Testing

@Suite("trialmerge export and import")
struct InterchangeCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func run(_ arguments: [String]) throws -> BuiltTool.Outcome { try BuiltTool.trialmerge.run(arguments) }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try run(arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        return try outcome.object()
    }

    @Test("imported trials give the statistics of those that were exported")
    func roundTrip() throws {
        let chunk = try folder.chunk("a.h5", 0..<2000, mu: [0, 2, 4])
        let (npy, again) = (folder.file("a.npy"), folder.file("b.h5"))
        let exported = try object(["export", chunk, "--format", "npy", "-o", npy])
        #expect(exported["n_trials"] as? Int == 6000)
        let source = ["--ra", "77.25", "--dec", "5.75", "--name", "TXS 0506+056"]
        let imported = try object(["import", npy, "-o", again] + source)
        #expect(imported["n_trials"] as? Int == 6000)
        #expect((imported["hypotheses"] as? [[String: Any]])?.count == 3)

        let (own, theirs) = (try object(["background", chunk]), try object(["background", again]))
        #expect(NSDictionary(dictionary: own) == NSDictionary(dictionary: theirs))
        let sensitivity = try object(["sensitivity", again])
        #expect(try sensitivity["mu"] as? Double == object(["sensitivity", chunk])["mu"] as? Double)
        #expect(sensitivity["flux_norm"] is NSNull, "SkyLLH's file does not say")
        for command in ["sensitivity", "limits", "curve"] {
            #expect(try !run([command, again]).output.contains("nan"), "\(command)")
        }
        let page = folder.file("page.html")
        try #require(run(["report", again, "-o", page]).code == 0)
        #expect(try !String(contentsOfFile: page, encoding: .utf8).contains("nan [nan"))
        let limits = try object(["limits", again])
        #expect((limits["median"] as? [String: Any])?["flux_norm"] is NSNull)
        #expect((limits["flux_reason"] as? String)?.contains("--flux-per-event") == true)
        #expect(try object(["limits", chunk])["flux_reason"] is NSNull)

        let withFlux = folder.file("c.h5")
        _ = try object(["import", npy, "-o", withFlux, "--flux-per-event", "2.5e-14"] + source)
        #expect(
            try object(["sensitivity", withFlux])["flux_norm"] as? Double
                == object(["sensitivity", chunk])["flux_norm"] as? Double)
        let mixed = try run(["background", chunk, again])
        #expect(mixed.code == 65 && mixed.error.contains("another campaign"))
    }

    @Test("bad input is a sentence with its exit code")
    func faults() throws {
        let chunk = try folder.chunk("a.h5", 0..<10)
        let text = folder.file("text.npy")
        try "no numpy file".write(toFile: text, atomically: true, encoding: .utf8)
        let out = folder.file("out")
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            (["export", "--format", "npy", "-o", out], 66, "no input file is given"),
            (["export", chunk, "--format", "root", "-o", out], 64, "root"),
            (["export", chunk, "--format", "csv", "-o", chunk], 64, "inputs are never replaced"),
            (["export", chunk, "--format", "csv", "-o", out, "--mu", "5"], 65, "no trials with mu 5, only 0"),
            (["import", "-o", out], 66, "no input file is given"),
            (["import", text, "-o", out], 64, "position is not given"),
            (["import", text, "-o", out, "--ra", "1", "--dec", "95"], 64, "95"),
            (["import", text, "-o", out, "--ra", "1", "--dec", "5"], 65, "is not a numpy file"),
            (["import", text, "-o", out, "--ra", "1", "--dec", "5", "--flux-per-event", "-1"], 64, "--flux-per-event"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try run(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains(says), "\(arguments): \(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try !folder.names.contains { $0.hasPrefix("out") })
    }

    @Test(
        "what is exported is read by numpy, pandas and h5py, and the recipe of docs/file-format.md works",
        .enabled(
            if: PythonRecipes.interpreter != nil, "no python3 with h5py, pandas and matplotlib, which .ci/run installs")
    )
    func python() throws {
        let chunk = try folder.chunk("chunk.h5", 0..<500, mu: [0, 3])
        try #require(run([chunk, "-o", folder.file("merged.h5")]).code == 0)
        for format in ["npy", "csv", "h5"] {
            let arguments = ["export", folder.file("merged.h5"), "--format", format, "-o", folder.file("a." + format)]
            try #require(run(arguments).code == 0)
        }
        // The first indented block of the document.
        let lines = try String(contentsOf: Repository.file("docs/file-format.md"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let recipe = lines.drop { !$0.hasPrefix("    ") }.prefix { $0.hasPrefix("    ") }.map {
            String($0.dropFirst(4))
        }
        try #require(recipe.first == "import h5py, pandas")
        let script =
            (recipe + [
                "import numpy",
                "records = numpy.load('a.npy')",
                "assert records.dtype.names == ('seed', 'mean_n_sig', 'n_sig', 'mean_n_sig_0', 'ts', 'ns', 'gamma')",
                "text = pandas.read_csv('a.csv', float_precision='round_trip')",
                "with h5py.File('a.h5') as file:",
                "    columns = pandas.DataFrame({name: file[name][:] for name in file})",
                "for name in trials.dtype.names:",
                "    assert (text[name] == trials[name]).all() and (columns[name] == trials[name]).all(), name",
                "for name in records.dtype.names:",
                "    assert (records[name] == trials[name]).all(), name",
                "print(len(background), repr(float(background.quantile(0.9))))",
            ]).joined(separator: "\n")
        try script.write(toFile: folder.file("recipe.py"), atomically: true, encoding: .utf8)
        let python = try #require(PythonRecipes.interpreter)
        let outcome = try BuiltTool.trialmerge.run([], in: folder.path, shell: "exec \(python) recipe.py")
        try #require(outcome.code == 0, "\(outcome.error)")
        let quantiles = try #require(
            try object(["background", folder.file("merged.h5")])["ts_quantiles"] as? [String: [String: Any]])
        let ninety = try #require(quantiles["0.9"]?["value"] as? Double)
        let words = outcome.output.split { $0.isWhitespace }
        let quantile = try #require(words.last.flatMap { Double($0) })
        #expect(words.dropLast().last == "500")
        #expect(abs(quantile - ninety) < 1e-12)
    }
}
