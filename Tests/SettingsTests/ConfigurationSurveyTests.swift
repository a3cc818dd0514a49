import Diagnostics
import Testing

@testable import Settings

@Suite("Configuration survey")
struct ConfigurationSurveyTests {
    private func faults(_ text: String) throws -> [String] {
        try ConfigurationSurvey(text, file: "c.yaml").faults.map(\.description)
    }

    @Test("All faults are found, in the order of the lines, each once")
    func allFaults() throws {
        let faults = try faults(
            """
            sample: IceTracks-DR3
            datasets: [IC41]
            source: {ra: 40.67 deg, dec: 95}
            sorce: {ra: 1}
            flux: {gama: 2, phi0: -1, e0: 0}
            fit:
              gamma: {min: 4, max: 0.5}
              ns: {max: many}
            box: 5
            injection: {energy_range: [1e6, 1e3], poisson: yes}
            trials: [{mu: 0, count: 0}]
            seed:
            compat: skyllh
            jobs: 0
            """)
        let expected = [
            "c.yaml:1:9: sample: \"IceTracks-DR3\"", "c.yaml:2:11: datasets: ",
            "c.yaml:3:14: source.ra must be a finite number", "c.yaml:3:30: source.dec: declination 95",
            "c.yaml:4:1: the configuration has no key \"sorce\"", "c.yaml:5:8: flux has no key \"gama\"",
            "c.yaml:5:23: flux.phi0: -1",
            "c.yaml:5:31: flux.e0: 0", "c.yaml:7:16: fit.gamma: the bounds 4", "c.yaml:8:13: fit.ns.max must be",
            "c.yaml:9:6: box must consist of keys", "c.yaml:10:27: injection.energy_range: ",
            "c.yaml:10:48: injection.poisson must be true or false", "c.yaml:11:25: trials[0].count: 0 is not",
            "c.yaml:12:6: seed has no value", "c.yaml:13:9: compat: \"skyllh\"", "c.yaml:14:7: jobs: ",
        ]
        #expect(faults.count == expected.count, "\(faults.joined(separator: "\n"))")
        for (fault, beginning) in zip(faults, expected) {
            #expect(fault.hasPrefix(beginning), "\(fault) is not \(beginning)")
        }
        #expect(faults[2].contains("it is in degrees, and is written without unit"))
    }

    @Test("The first fault is the one that reading for use ends at, where that judges no later stage")
    func first() throws {
        let text = "seed: 1.5\ntrials: 5\n"
        var reader = ConfigurationReader(file: "c.yaml")
        let fault = #expect(throws: Fault.self) { try reader.read(text) }
        #expect(try faults(text).first == fault?.description)
    }

    @Test("A sound file has none, and says which settings it makes; a source is no must")
    func sound() throws {
        let survey = try ConfigurationSurvey("source: {dec: 5}\nflux: {gamma: 3}\n", file: "c.yaml")
        #expect(survey.faults.isEmpty)
        #expect(survey.keys.map(\.name) == ["source.dec", "flux.gamma"])
        #expect(try ConfigurationSurvey("", file: "c.yaml").faults.isEmpty)
    }

    @Test("Effective settings: value and origin of each")
    func effective() throws {
        var reader = ConfigurationReader(file: "c.yaml")
        let file = try reader.read(
            "data: here\nsource: {name: \"a: b\", dec: 5}\nflux: {gamma: 2.5}\ntrials: [{mu: 2.5, count: 1e3}]\n")
        var flags = ConfigurationLayer()
        flags.set(\.gamma, 3)
        let environment = ConfigurationLayer(environment: ["TRIALGEN_DATA": "/there", "HOME": "/root"])
        let all = try EffectiveSetting.all(environment.overridden(by: file).overridden(by: flags))
        // Those of spectra that are not used are left out.
        let unused = [
            "flux.shape", "flux.alpha", "flux.beta", "flux.gamma1", "flux.gamma2", "flux.ebreak", "flux.smoothness",
            "flux.file", "flux.table", "flux.peak", "fit.shape", "fit.gamma", "fit.file", "fit.table", "fit.peak",
            "fit.peak.seed", "fit.peak.min", "fit.peak.max",
        ]
        #expect(all.map(\.key) == SettingKey.all.filter { !unused.contains($0.name) })
        func setting(_ name: String) -> EffectiveSetting? { all.first { $0.key.name == name } }
        #expect(setting("data")?.value == .text("here"))
        #expect(setting("flux.gamma")?.value == .number(3))
        #expect(setting("flux.gamma")?.origin == .place(.field("--gamma")))
        #expect(setting("source.dec")?.origin == .place(.column(file: "c.yaml", line: 2, column: 29)))
        #expect(setting("source.ra")?.value == nil && setting("source.ra")?.origin == .notSet)
        #expect(setting("flux.ecut")?.value?.description == ".inf")
        #expect(setting("flux.ecut")?.origin == .byDefault)
        #expect(setting("source.name")?.value?.description == "\"a: b\"")
        #expect(setting("trials")?.value?.description == "[{mu: 2.5, count: 1000}]")
        #expect(setting("flux.phi0")?.origin == .notSet)
        let alone = try EffectiveSetting.all(environment)
        #expect(alone.first { $0.key.name == "data" }?.origin == .place(.field("$TRIALGEN_DATA")))
    }

    @Test("Effective values, written as a configuration, are the same configuration")
    func roundTrip() throws {
        var reader = ConfigurationReader(file: "c.yaml")
        let configuration = try Configuration(
            try reader.read(
                """
                data: "true"
                source: {name: "NGC 1068", ra: 1.5, dec: -2}
                injection: {energy_range: [100, 1e5]}
                datasets: [IC40, IC86_I-XI]
                trials: [{mu: 0, count: 5}]
                probes: ["5:2"]
                output: "1e3"
                """))
        var again = ConfigurationReader(file: "again.yaml")
        // The keys of a section stand behind one another: each line is read by itself.
        var layer = ConfigurationLayer()
        for key in SettingKey.all {
            guard let value = configuration.value(of: key) else { continue }
            let path = key.name.split(separator: ".")
            let text =
                path.dropLast().map { "{\($0): " }.joined() + "{\(path.last ?? ""): \(value)}"
                + String(repeating: "}", count: path.count - 1)
            layer = layer.overridden(by: try again.read(text))
        }
        #expect(try Configuration(layer) == configuration)
    }
}
