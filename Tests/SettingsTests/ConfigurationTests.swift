import Diagnostics
import Foundation
import IceTracks
import PointSource
import TestSupport
import Testing

@testable import Settings

@Suite("Configuration")
struct ConfigurationTests {
    private static let complete = """
        sample: IceTracks-DR2-v2
        data: /somewhere
        datasets: [IC40, IC86_I-XI]
        source: {name: "NGC 1068", ra: 40.67, dec: -0.01}
        flux: {phi0: 1e-15, e0: 100, gamma: 2.5, ecut: 1.0e6}
        fit:
          ns: {seed: 5, min: 0, max: 500}
          gamma: {seed: 2.5, min: 1.5, max: 3.5}
        box: {delta_angle: 8}
        injection: {energy_range: [1000, 1e6], poisson: false}
        trials: [{mu: 0, count: 1e4}, {mu: 2.5, count: 100}]
        seed: 7
        output: chunk.h5
        compat: skyllh-26.1
        probes: ["5:2", "12.5:3"]
        """

    private func layer(_ text: String) throws -> ConfigurationLayer {
        var reader = ConfigurationReader(file: "c.yaml")
        return try reader.read(text)
    }

    private func fault(_ text: String) -> Fault? {
        do {
            _ = try Configuration(try layer(text))
            return nil
        } catch {
            return error as? Fault
        }
    }

    @Test("Every key is read")
    func completeFile() throws {
        let configuration = try Configuration(try layer(Self.complete))
        #expect(configuration.sample.name == "IceTracks-DR2")
        #expect(configuration.data == "/somewhere")
        #expect(configuration.datasets == ["IC40", "IC86_I-XI"])
        #expect(configuration.source.name == "NGC 1068")
        #expect(abs(configuration.source.rightAscension - 40.67 * .pi / 180) < 1e-15)
        #expect(abs(configuration.source.declination + 0.01 * .pi / 180) < 1e-15)
        #expect(configuration.phi0 == 1e-15)
        let settings = configuration.settings
        #expect(settings.spectrum.referenceEnergy == 100)
        #expect(settings.spectrum.gamma == 2.5)
        #expect(settings.spectrum.cutoffEnergy == 1e6)
        #expect(settings.signalEvents.start == 5 && settings.signalEvents.maximum == 500)
        #expect(settings.gamma.start == 2.5 && settings.gamma.minimum == 1.5 && settings.gamma.maximum == 3.5)
        #expect(abs(settings.boxHalfWidth - 8 * .pi / 180) < 1e-15)
        #expect(settings.injectionRange?.lower == 1000 && settings.injectionRange?.upper == 1e6)
        #expect(!settings.poissonInjection)
        #expect(settings.compatibility == .skyllh26_1)
        #expect(
            configuration.trials == [
                TrialOrder(meanSignal: 0, count: 10_000), TrialOrder(meanSignal: 2.5, count: 100),
            ])
        #expect(configuration.seed == 7 && configuration.output == "chunk.h5")
        #expect(configuration.probes.map(\.description) == ["5:2", "12.5:3"])
    }

    @Test("Sexagesimal coordinates, also in lists and in quotation marks; the canonical text has degrees")
    func sexagesimal() throws {
        let text = "source: {ra: 02h42m40.7s, dec: \"-00:00:48\"}\n"
        let configuration = try Configuration(try layer(text))
        #expect(configuration.rightAscensionDegrees == 9760.7 / 240)
        #expect(configuration.declinationDegrees == -48 / 3600.0)
        #expect(configuration.canonicalYAML.contains("  ra: 40.669583333333335\n"))
        let points = try layer("sources: [{ra: 5:00:00, dec: 1}, {ra: 75, dec: -00d30m}]\n").points()
        #expect(try points.map { try $0.configuration().rightAscensionDegrees } == [75, 75])
        #expect(try points[1].configuration().declinationDegrees == -0.5)
    }

    @Test("A null hypothesis without signal is not in the fingerprint")
    func nullSignal() throws {
        let position = "source: {ra: 4, dec: 5}\n"
        let plain = try Configuration(try layer(position))
        #expect(
            try Configuration(try layer(position + "fit: {mean_n_sig_0: 0}\n")).canonicalYAML == plain.canonicalYAML)
        let null = try Configuration(try layer(position + "fit: {mean_n_sig_0: 5}\n"))
        #expect(null.settings.nullSignal == 5 && null.canonicalYAML.contains("  mean_n_sig_0: 5\n"))
        #expect(try Configuration(try layer(null.canonicalYAML)) == null)
    }

    @Test("An exposure of 1 is none; years and a scale exclude each other")
    func exposure() throws {
        let position = "source: {ra: 4, dec: 5}\n"
        let plain = try Configuration(try layer(position))
        #expect(try Configuration(try layer(position + "exposure: {scale: 1}\n")).canonicalYAML == plain.canonicalYAML)
        for (text, exposure) in [("scale: 2.5", Exposure.scale(2.5)), ("years: 20", .years(20))] {
            let configuration = try Configuration(try layer(position + "exposure: {\(text)}\n"))
            #expect(configuration.settings.exposure == exposure)
            #expect(configuration.canonicalYAML.contains("exposure:\n  \(text)\n"))
            #expect(try Configuration(try layer(configuration.canonicalYAML)) == configuration)
        }
        #expect(fault(position + "exposure: {scale: 2, years: 3}\n")?.description.contains("both given") == true)
    }

    /// A sample that is not a public release, in the form of the campaign's text.
    static let ownSample = """
        sample:
          name: Mine
          folder: "mine"
          datasets:
          - name: A
            seasons:
            - {name: A1, events: "a/1.txt", uptime: "u/1.txt"}
            effective_area: "irfs/IC86_effectiveArea.csv"
            smearing: "irfs/IC86_smearing.csv"
            sin_dec:
            - {from: -1, to: 1, bins: 4}
            log10_energy:
            - 2
            - 3
            - 4
            - 5
            - 9
            cut:
              smoothing: 0.25
              threshold: 0.0001
            columns:
              ra:
                name: "RA"
                unit: "rad"
            angular_error_floor: 0.2

        """

    @Test("A sample of one's own: in the file, in another file, and in the canonical text")
    func ownSample() throws {
        let position = "source: {ra: 4, dec: 5}\n"
        let configuration = try Configuration(try layer(Self.ownSample + position))
        #expect(configuration.sample.name == "Mine" && configuration.datasets == ["A"])
        #expect(configuration.canonicalYAML.hasPrefix(Self.ownSample + "datasets:\n- A\n"))
        #expect(try Configuration(try layer(configuration.canonicalYAML)) == configuration)
        // A job elsewhere needs no other file.
        let campaign = configuration.campaignYAML(data: "/data", jobs: 2)
        #expect(try Configuration(try layer(campaign)).sample == configuration.sample)

        try withScratchFolder { folder in
            let lines = Self.ownSample.split(separator: "\n").dropFirst().map { $0.dropFirst(2) }
            let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "own.yaml")
            #expect(
                try Configuration(try layer("sample: \(file)\n" + position)).canonicalYAML
                    == configuration.canonicalYAML)
            let bad = try folder.write("name: Mine\ndatsets: []\n", to: "bad.yaml")
            #expect(fault("sample: \(bad)\n" + position)?.description.hasPrefix("\(bad):2:1: ") == true)
            #expect(fault("sample: \(folder.file("no.yaml"))\n" + position)?.kind == .missingInput)
        }
        // Differences are named by their keys.
        let other = try layer(Self.ownSample.replacingOccurrences(of: "floor: 0.2", with: "floor: 0.3") + position)
        let difference = CampaignDifference.between(
            configuration.canonicalYAML, try Configuration(other).canonicalYAML)
        #expect(difference.map(\.key) == ["sample.datasets[0].angular_error_floor"])
    }

    @Test("Flags win over the file, the file over defaults")
    func layering() throws {
        var flags = ConfigurationLayer()
        flags.set(\.gamma, 3)
        flags.set(\.datasets, ["IC79"])
        let file = try layer("source: {ra: 1, dec: 2}\nflux: {gamma: 2.5, e0: 10}")
        let configuration = try Configuration(file.overridden(by: flags))
        #expect(configuration.settings.spectrum.gamma == 3)
        #expect(configuration.settings.spectrum.referenceEnergy == 10)
        #expect(configuration.datasets == ["IC79"])
        #expect(configuration.settings.signalEvents.maximum == 1000)
        #expect(configuration.seed == 1)
    }

    @Test(
        "Faults name line, column, key, value, and what is legal",
        arguments: [
            ("sorce: {ra: 1}", "c.yaml:1:1", "has no key \"sorce\"", "did you mean \"source\""),
            ("source: {ra: 1, dek: 2}", "c.yaml:1:17", "no key \"dek\"", "\"dec\""),
            ("gamma: 2", "c.yaml:1:1", "has no key \"gamma\"", "flux.gamma"),
            ("source: 5", "c.yaml:1:9", "source must consist of keys", "name, ra, dec"),
            ("source: {ra: 1, dec: 91}", "c.yaml:1:22", "source.dec: declination 91", "degrees"),
            (
                "source: {ra: 1, dec: north}", "c.yaml:1:22", "source.dec must be a finite number, not \"north\"",
                "correct"
            ),
            ("source: {ra: 1, dec: .nan}", "c.yaml:1:22", "not \".nan\"", "."),
            ("source: {ra: 1, dec: \"2\"}", "c.yaml:1:22", "the text \"2\"", "quotation"),
            ("source: {ra: 1_0, dec: 2}", "c.yaml:1:14", "1_0", "without \"_\""),
            ("source: {ra: 0x10, dec: 2}", "c.yaml:1:14", "0x10", "."),
            ("source: {ra: 1, dec: }", "c.yaml:1:22", "source.dec has no value", "remove the key"),
            ("source: {ra: 1, dec: [2]}", "c.yaml:1:22", "a list of 1 value", "."),
            (
                "source: {ra: 1, dec: 2}\nprobes: [\"5:2\", \"5.0:2.0\"]", "c.yaml:2:9", "5:2 is given twice",
                "remove one"
            ),
            ("probes: [\"0x5:2\"]", "c.yaml:1:10", "0x5:2", "5:2"),
            (
                "trials: [{mu: 0, count: 9}, {mu: 2, count: 9}, {mu: 0.0, count: 5}]", "c.yaml:1:48",
                "lists mu 0 twice",
                "keep one"
            ),
            ("trials: []", "c.yaml:1:9", "trials is an empty list", "remove the key"),
            ("datasets: []", "c.yaml:1:11", "datasets is an empty list", "remove the key"),
            (
                "injection: {energy_ranges: [[1e2, 1e3]]}", "c.yaml:1:13", "belongs to the top level of the file",
                "out of injection"
            ),
            ("seed: 010", "c.yaml:1:7", "without leading zeros", "."),
            (
                "source.ra: 5\nsource: {ra: 40.67}", "c.yaml:2:14", "source.ra is set twice, first at c.yaml:1:12",
                "keep one"
            ),
            ("output: \"a\\0b.h5\"", "c.yaml:1:9", "output contains a NUL character", "remove"),
            ("seed: 1.5", "c.yaml:1:7", "seed must be a whole number", "."),
            ("seed: 1e30", "c.yaml:1:7", "seed must be a whole number", "."),
            ("injection: {poisson: yes}", "c.yaml:1:22", "must be true or false, not \"yes\"", "."),
            ("trials: [{mu: 0, count: -5}]", "c.yaml:1:25", "trials[0].count", "-5"),
            ("trials: [{mu: -1, count: 5}]", "c.yaml:1:15", "trials[0].mu", "-1"),
            ("trials: [{mu: 1, cuont: 5}]", "c.yaml:1:18", "cuont", "did you mean \"count\""),
            ("trials: [{mu: 1}]", "c.yaml:1:10", "trials[0] lacks count", "."),
            ("trials: [{mu: 0, count: 5, tail: 9}]", "c.yaml:1:34", "trials[0].tail", "9 sigma"),
            ("trials: [{mu: 2, count: 5, tail: 7}]", "c.yaml:1:34", "trials[0].tail", "mu is 2"),
            ("trials: 5", "c.yaml:1:9", "trials must be a list", "\"5\""),
            ("probes: [\"5\"]", "c.yaml:1:10", "\"5\" is not a point", "5:2"),
            ("injection: {energy_range: [5]}", "c.yaml:1:27", "two energies", "."),
            ("seed: 1\nseed: 2", "c.yaml:1", "\"seed\" twice", "keep one"),
            ("a: [", "c.yaml:2:1", "is not valid YAML", "."),
            ("- 5", "c.yaml:1:1", "the configuration must consist of keys", "."),
            (
                "source: {ra: 1, dec: 2}\nfit: {gamma: {min: 4, max: 1}}", "c.yaml:2:20", "fit.gamma: the bounds",
                "reversed"
            ),
            (
                "source: {ra: 1, dec: 2}\nfit: {ns: {min: 2, max: 2}}", "c.yaml:2:17",
                "the bounds 2 to 2 leave nothing", "as in fit: {gamma: 2}"
            ),
            ("source: {ra: 1, dec: 2}\nfit: {gamma: two}", "c.yaml:2:14", "must be a finite number", "\"two\""),
            ("source: {ra: 1, dec: 2}\nfit: {gamma: [2]}", "c.yaml:2:14", "a list of 1 value", "."),
            ("source: {ra: 1, dec: 2}\nfit: {gamma: {fixed: 2}}", "c.yaml:2:15", "no key \"fixed\"", "min"),
            ("source: {ra: 1, dec: 2}\nfit: {gamma: 25}", "c.yaml:2:14", "25 is out of range", "-10 to 20"),
            ("source: {ra: 1, dec: 2}\nfit: {ns: 5}", "c.yaml:2:11", "must consist of keys with values", "seed"),
            ("source: {ra: 1, dec: 2}\ncompat: skyllh-26", "c.yaml:2:9", "skyllh-26", "did you mean \"skyllh-26.1\""),
            ("source: {ra: 1, dec: 2}\ndatasets: [IC41]", "c.yaml:2:11", "IC41", "IC40"),
            ("source: {ra: 1, dec: 2}\nsample: DR2", "c.yaml:2:9", "\"DR2\"", "IceTracks-DR2"),
            ("source: {ra: 1, dec: 2}\nfit: {gamma: {max: 1e300}}", "c.yaml:2:20", "out of range", "20"),
            ("source: {ra: 1, dec: 2}\nprobes: [\"5:9\"]", "c.yaml:2:9", "5:9", "fit.gamma"),
        ])
    func faults(text: String, place: String, problem: String, remedy: String) throws {
        let description = try #require(fault(text), "\(text) was accepted").description.lowercased()
        #expect(description.hasPrefix(place + ":"), "\(description)")
        #expect(description.contains(problem.lowercased()), "\(description)")
        #expect(description.contains(remedy.lowercased()), "\(description)")
    }

    @Test("A fault about a flag names the flag")
    func flagFaults() throws {
        var flags = ConfigurationLayer()
        flags.set(\.rightAscension, 1)
        flags.set(\.declination, 95)
        let fault = #expect(throws: Fault.self) { try Configuration(flags) }
        #expect(fault?.place == .field("--dec"))
        #expect(fault?.kind == .usage)
    }

    @Test("No source, no analysis")
    func missingSource() throws {
        let fault = #expect(throws: Fault.self) { try Configuration(ConfigurationLayer()) }
        #expect(fault?.place == .field("--ra"))
    }

    @Test("A file that is not there is missing input, one in another encoding bad data")
    func files() throws {
        let missing = #expect(throws: Fault.self) { try ConfigurationLayer(contentsOf: "/no/such.yaml") }
        #expect(missing?.kind == .missingInput)
        let folder = try ScratchFolder()
        let path = try folder.write([0x73, 0xFF, 0xFE], to: "c.yaml")
        let garbage = #expect(throws: Fault.self) { try ConfigurationLayer(contentsOf: path) }
        #expect(garbage?.kind == .badData)
    }

    @Test("Aliases that stand for more and more, and a file without end, are refused at once")
    func endless() throws {
        var text = "datasets: &a [IC40, IC40, IC40, IC40, IC40, IC40, IC40, IC40, IC40]\n"
        #expect(fault("source: {ra: &angle 5, dec: *angle}") == nil)
        for (name, next) in zip("abcdefgh", "bcdefghi") {
            text += "\(next): &\(next) [\(Array(repeating: "*\(name)", count: 9).joined(separator: ", "))]\n"
        }
        // As a key, the last would be looked at to its end: 9⁹ names.
        let aliases = fault(text + "? *i\n: 1\n")
        #expect(aliases?.kind == .badData && aliases?.place == .line(file: "c.yaml", line: 3), "\(aliases as Any)")

        let endless = #expect(throws: Fault.self) { try ConfigurationLayer(contentsOf: "/dev/zero") }
        #expect(endless?.kind == .missingInput && endless?.problem == "is not a regular file", "\(endless as Any)")
        try withScratchFile(String(repeating: "#", count: 5 << 20)) { path in
            expectFault(.badData, path, "has more than 4194304 bytes, and so is not a configuration") {
                _ = try ConfigurationLayer(contentsOf: path)
            }
        }
    }

    @Test("Canonical YAML reads back as the same settings, and is a fixed point")
    func canonical() throws {
        let configuration = try Configuration(try layer(Self.complete))
        let again = try Configuration(try layer(configuration.canonicalYAML))
        #expect(again.canonicalYAML == configuration.canonicalYAML)
        #expect(again.settings == configuration.settings)
        #expect(again.datasets == configuration.datasets)
        #expect(!configuration.canonicalYAML.contains("somewhere"))
    }

    @Test("A fixed parameter replaces the bounds, and bounds a fixed parameter; both together are a fault")
    func fixed() throws {
        let source = "source: {ra: 10, dec: 0}\n"
        let configuration = try Configuration(try layer(source + "fit: {gamma: 2}"))
        #expect(configuration.settings.gamma == .init(name: "fit.gamma", fixed: 2))
        #expect(configuration.canonicalYAML.contains("  gamma: 2\nbox"))
        #expect(try Configuration(try layer(configuration.canonicalYAML)).settings == configuration.settings)
        // Equal bounds are another spelling.
        let bounds = try Configuration(try layer(source + "fit: {gamma: {min: 2, max: 2}}"))
        #expect(bounds.canonicalYAML == configuration.canonicalYAML)
        #expect(try Configuration(try layer(source)).canonicalYAML != configuration.canonicalYAML)

        var options = ConfigurationLayer()
        options.set(\.gammaFixed, 2)
        let file = try layer(source + "fit: {gamma: {min: 1, max: 3, seed: 2}}")
        #expect(try Configuration(file.overridden(by: options)).settings.gamma.isFixed)
        var free = ConfigurationLayer()
        free.set(\.gammaMaximum, 3)
        let again = try Configuration(try layer(source + "fit: {gamma: 2}").overridden(by: free))
        #expect(again.settings.gamma.minimum == 1 && again.settings.gamma.maximum == 3)
        options.set(\.gammaMaximum, 3)
        expectFault(.usage, "--gamma-fixed", "--gamma-fixed fixes the parameter, but --gamma-max is given as well") {
            _ = try Configuration(try layer(source).overridden(by: options))
        }
    }

    @Test("Spelling does not show in canonical YAML")
    func spelling() throws {
        let one = try Configuration(try layer("source: {ra: 10, dec: -0.0}"))
        let other = try Configuration(
            try layer("source: {dec: 0, ra: 1.0e1, name: x}\nseed: 9\nflux: {gamma: 2.0, ecut: .inf}"))
        #expect(one.canonicalYAML == other.canonicalYAML)
    }
}
