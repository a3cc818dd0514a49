import Foundation
import Testing

@Suite("trialgen config")
struct ConfigTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func config(_ arguments: String..., shell: String = "exec \"$@\"") throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(["config"] + arguments, in: folder, shell: shell)
    }

    private func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }

    @Test("--init writes the annotated example, which is valid")
    func initial() throws {
        let printed = try config("--init")
        #expect(printed.code == 0 && printed.error.isEmpty)
        let example = try String(
            contentsOf: Repository.file("Sources/trialgen/Templates/steady-source.yaml"), encoding: .utf8)
        #expect(printed.output == example)
        #expect(example.split(separator: "\n").allSatisfy { $0.count <= 120 })
        #expect(try config("--init", "--output", "a.yaml").code == 0)
        #expect(try String(contentsOfFile: folder + "/a.yaml", encoding: .utf8) == example)
        let again = try config("--init", "--output", "a.yaml")
        #expect(
            again.code == 73 && again.error.contains("a.yaml: already exists. Choose another output, or give --replace")
        )
        #expect(try config("--init", "--output", "no/a.yaml").code == 73)
        let check = try config("--check", "a.yaml")
        #expect(check.code == 0 && check.output.hasPrefix("a.yaml is valid"), "\(check.error)")
        #expect(!check.output.contains("Give as options"))
    }

    @Test("The example names every key, and what it calls the default is the default")
    func commentedDefaults() throws {
        let example = try String(
            contentsOf: Repository.file("Sources/trialgen/Templates/steady-source.yaml"), encoding: .utf8)
        // A setting behind "#" begins with a key and a colon.
        let uncommented = example.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard
                let match = try? /^( *)# ( *[a-z_0-9]+: ?[^ ].*|fit:|injection:|  ns:.*|  gamma:.*)$/.wholeMatch(
                    in: line)
            else { return String(line) }
            return String(match.1 + match.2)
        }
        try write(uncommented.joined(separator: "\n"), to: "all.yaml")
        let check = try config("--check", "all.yaml", "--json")
        #expect(check.code == 0, "\(check.error)\n\(uncommented.joined(separator: "\n"))")
        let set = try #require(try check.object()["keys"] as? [String])
        let shown = try settings("--config", "all.yaml")
        // Lists stand in place of the single values, a fixed parameter in that of a free one, years in that of a scale, a
        // source of a list in that of the only one, the sky in that of a source.
        let alternatives = [
            "sources", "gammas", "energy_ranges", "fit.gamma", "exposure.years", "injection.at", "sky.nside",
            "sky.refine",
            "sky.dec_min", "sky.dec_max",
        ]
        #expect(Set(set) == Set(shown.keys).subtracting(alternatives))
        let defaults = try settings("--config", Repository.file("Sources/trialgen/Templates/steady-source.yaml").path)
        // No default: there are none, and the values in the example are examples.
        for (key, value) in shown
        where !["source.reference", "flux.phi0", "injection.energy_range", "probes", "jobs"].contains(key) {
            #expect(value.value == defaults[key]?.value, "\(key)")
        }
    }

    /// The value, as text, and origin of every setting.
    private func settings(
        _ arguments: String..., shell: String = "exec \"$@\""
    ) throws -> [String: (value: String, origin: String)] {
        let run = try BuiltTool.trialgen.run(["config", "--show", "--json"] + arguments, in: folder, shell: shell)
        let rows = try #require(try run.object()["settings"] as? [[String: Any]], "\(run.error)")
        var settings: [String: (value: String, origin: String)] = [:]
        for row in rows {
            let key = try #require(row["key"] as? String)
            let value = try JSONSerialization.data(
                withJSONObject: row["value"] ?? "", options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
            settings[key] = (String(decoding: value, as: UTF8.self), row["from"] as? String ?? "")
        }
        return settings
    }

    @Test("--check says everything at once: one sentence a fault on standard error, 64; --json says it in JSON")
    func check() throws {
        try write("sorce: {ra: 1}\nflux: {gamma: steep, e0: 0}\nseed: 1\n", to: "bad.yaml")
        let check = try config("--check", "bad.yaml")
        #expect(check.code == 64 && check.output.isEmpty)
        let lines = check.error.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.hasPrefix("error: bad.yaml:") }, "\(check.error)")
        #expect(
            lines[0].contains("bad.yaml:1:1: the configuration has no key \"sorce\"")
                && lines[0].contains("Did you mean \"source\""))
        let json = try config("--check", "bad.yaml", "--json")
        #expect(json.code == 64)
        let faults = try #require(try json.object()["faults"] as? [[String: Any]])
        #expect(faults.map { $0["line"] as? Int } == [1, 2, 2])
        try write("a: [\n", to: "broken.yaml")
        #expect(try config("--check", "broken.yaml").code == 65)
        #expect(try config("--check", "none.yaml").code == 66)
        try write("source: {ra: 1}\n", to: "part.yaml")
        let part = try config("--check", "part.yaml").output
        #expect(
            part == "part.yaml is valid: 1 setting; all others have defaults.\n"
                + "Give as options: --data, --dec, --trials, --output.\n")
    }

    @Test("--show says where each value came from: default, line, option, environment")
    func show() throws {
        try write("source: {ra: 10, dec: 20}\nflux:\n  gamma: 2.5\n", to: "a.yaml")
        let shell = "TRIALGEN_DATA=/releases OMP_NUM_THREADS=3 exec \"$@\""
        let shown = try settings("--config", "a.yaml", "--dec", "-5", shell: shell)
        for (key, value, origin) in [
            ("data", "\"/releases\"", "$TRIALGEN_DATA"), ("source.ra", "10", "line 1"), ("source.dec", "-5", "--dec"),
            ("flux.gamma", "2.5", "line 3"), ("flux.e0", "1000", "default"), ("flux.ecut", "\".inf\"", "default"),
            ("output", "null", "not set"), ("sample", "\"IceTracks-DR2\"", "default"),
        ] {
            #expect(
                shown[key]?.value == value && shown[key]?.origin == origin, "\(key): \(String(describing: shown[key]))")
        }
        let table = try config("--show", "--config", "a.yaml", "--dec", "-5", shell: shell).output
        #expect(table.hasPrefix("a.yaml\n\nkey "))
        #expect(table.contains("(threads)") && table.contains("$OMP_NUM_THREADS"))
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 })
        // The environment serves every command, and anything else wins over it.
        let unblind = ["unblind", "--json", "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"]
        let byVariable = try BuiltTool.trialgen.run(
            unblind, in: folder, shell: "TRIALGEN_DATA='\(toy.release)' exec \"$@\"")
        #expect(byVariable.code == 0, "\(byVariable.error)")
        let byOption = try BuiltTool.trialgen.run(
            unblind + ["--data", toy.release], in: folder, shell: "TRIALGEN_DATA=/nowhere exec \"$@\"")
        #expect(byVariable.output == byOption.output)
    }

    @Test(
        "What makes no sense: 64",
        arguments: [
            ([], "one of --init, --check FILE and --show"), (["--init", "--show"], "one of --init"),
            (["--init", "--gamma", "3"], "--gamma: has no effect with --init"),
            (["--check", "a.yaml", "--config", "a.yaml"], "--config: has no effect with --check"),
            (["--show", "--output", "b"], "--output: has no effect without --init"),
            (["--show", "--dec", "95"], "--dec"),
            (["--show", "--dec", "0x5"], "decimal digits"),
            (["--init", "--example", "stedy"], "stedy"),
        ] as [([String], String)])
    func senseless(arguments: [String], text: String) throws {
        let run = try BuiltTool.trialgen.run(["config"] + arguments, in: folder)
        #expect(run.code == 64 && run.output.isEmpty && run.error.contains(text), "\(run.error)")
    }
}
