import Foundation
import Testing

/// A file that is not what it should be, what is done with it, and what must be said.
struct MalformedInput: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: Input
    let code: Int32
    /// How the sentence begins: file, line and column, or field.
    let place: String
    /// The offending value, as it is quoted.
    let value: String

    enum Input: Sendable {
        /// A table of the release, its lines changed; the heading is the first.
        case lines(_ file: String, @Sendable (inout [String]) -> Void)
        /// A table of the release, its bytes changed.
        case bytes(_ file: String, @Sendable ([UInt8]) -> [UInt8])
        /// A configuration file, for `run`.
        case yaml([UInt8])
        /// A file with a tabulated spectrum, for `flux`; nil for none.
        case spectrum([UInt8]?)
        /// A list of sources, for `run` with `--search catalogue`; nil for none.
        case sources([UInt8]?)
        /// A chunk, its bytes changed, for `trialmerge merge`.
        case chunk(@Sendable ([UInt8]) -> [UInt8])
        /// A prepared file, its bytes changed, for `run`.
        case prepared(@Sendable ([UInt8]) -> [UInt8])
    }

    private init(_ description: String, _ input: Input, _ code: Int32, _ place: String, _ value: String) {
        testDescription = description
        self.input = input
        self.code = code
        self.place = place
        self.value = value
    }
}

extension MalformedInput {
    static let events = "events/IC40_exp.csv"
    static let uptime = "uptime/IC40_exp.csv"
    static let area = "irfs/IC40_effectiveArea.csv"
    static let smearing = "irfs/IC40_smearing.csv"

    /// A field of line 3 of a table, counted from 0, replaced.
    private static func field(
        _ file: String, _ field: Int, _ text: String, _ column: Int, _ problem: String? = nil
    ) -> MalformedInput {
        let edit: @Sendable (inout [String]) -> Void = { lines in
            var fields = lines[2].split(whereSeparator: \.isWhitespace).map(String.init)
            fields[field] = text
            lines[2] = fields.joined(separator: " ")
        }
        return MalformedInput(
            "\(file): field \(field) is \(text)", .lines(file, edit), 65, "\(file):3:\(column): ",
            problem ?? "\"\(text)\"")
    }

    private static func lines(
        _ what: String, _ file: String, line: String, _ value: String,
        _ edit: @escaping @Sendable (inout [String]) -> Void
    ) -> MalformedInput {
        MalformedInput("\(file): \(what)", .lines(file, edit), 65, file + line, value)
    }

    private static func bytes(
        _ what: String, _ file: String, line: String, _ value: String, _ edit: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> MalformedInput {
        MalformedInput("\(file): \(what)", .bytes(file, edit), 65, file + line, value)
    }

    /// The release's text files.
    static let tables: [MalformedInput] = [
        bytes("empty", events, line: ":1: ", "the file is empty") { _ in [] },
        lines("only a heading", events, line: ":2: ", "no rows") { $0.removeLast($0.count - 1) },
        lines("no heading", events, line: ":1: ", "must be a header") { $0.removeFirst() },
        lines("a column is missing", events, line: ":1: ", "the column \"AngErr[deg]\"") {
            $0[0] = $0[0].replacing("AngErr[deg]", with: "Sigma[deg]")
        },
        lines("a column stands twice", events, line: ":1: ", "\"RA[deg]\" 2 times") {
            $0[0] = $0[0].replacing("Azimuth[deg]", with: "RA[deg]")
        },
        bytes("cut within a line", events, line: ":", "the file ends within this line") {
            Array($0.prefix($0.count / 2 + 7))
        },
        lines("a field too many", events, line: ":4:", "more fields than the 10") { $0[3] += " 1" },
        lines("commas", events, line: ":3:1: ", "Separate fields by spaces, not commas") {
            $0[2] = $0[2].replacing(" ", with: ",")
        },
        lines("a line of two million digits", events, line: ":3:1: ", "is not a finite number") {
            $0[2] = String(repeating: "1", count: 2_000_000)
        },
        bytes("UTF-16", events, line: ":1:2: ", "the line contains the control byte 0") { $0.flatMap { [$0, 0] } },
        bytes("gzip", events, line: ":1: ", "must be a header") { [0x1F, 0x8B, 8, 0] + $0 },
        bytes("a web page", events, line: ":1: ", "\"<!DOCTYPE html>\"") { _ in Array("<!DOCTYPE html>\n<html>\n".utf8)
        },
        field(events, 7, "north", 45), field(events, 6, "nan", 37), field(events, 4, "inf", 27),
        field(events, 4, "1e999", 27),
        field(events, 6, "0x10", 37), field(events, 5, "-0.5", 32), field(events, 5, "0", 32),
        field(events, 7, "91", 45),
        field(events, 6, "361", 37), field(events, 4, "40", 27),
        lines("a window that ends before it begins", uptime, line: ":2:16: ", "must not stop before") {
            $0[1] = $0[1].split(whereSeparator: \.isWhitespace).reversed().joined(separator: " ")
        },
        lines("no window", uptime, line: ":2: ", "no rows") { $0.removeLast($0.count - 1) },
        lines("one field", uptime, line: ":2: ", "1 fields, but the header names 2: \"54562.3\"") {
            $0[1] = "54562.3"
        },
        field(area, 4, "-3", 25), field(area, 1, "2.15", 6, "2.15"),
        lines("a row is missing", area, line: ":8:1: ", "\"3.40\", but the previous bin ends at 3.2") {
            $0.remove(at: 7)
        },
        lines("a row stands twice", area, line: ":9:1: ", "\"3.20\"") { $0.insert($0[7], at: 7) },
        lines("the last row is missing", area, line: ":1750: ", "after 1749 rows") { $0.removeLast() },
        lines("a row is missing", smearing, line: ":64: ", "63 rows, but others have 64") { $0.remove(at: 10) },
        lines("two rows in the wrong order", smearing, line: ":2688: ", "63 rows") {
            $0.swapAt($0.count / 2, $0.count / 2 + 1)
        },
        field(smearing, 10, "-0.1", 65), field(smearing, 10, "nan", 65),
        lines("no rows", smearing, line: ":2: ", "no rows") { $0.removeLast($0.count - 1) },
    ]

    private static func yaml(_ text: String, _ position: String, _ value: String, code: Int32 = 64) -> MalformedInput {
        MalformedInput("yaml: \(text.prefix(60))", .yaml(Array(text.utf8)), code, "a.yaml:\(position): ", value)
    }

    /// Configuration files.
    /// A configuration with a sample of one dataset.
    private static func ownSample(
        _ season: String, bins: String = "{from: -1, to: 1, bins: 9}",
        cut: String = "{smoothing: 1, threshold: 0}"
    ) -> String {
        """
        sample:
          name: Mine
          datasets:
          - seasons: [\(season)]
            name: A
            sin_dec: \(bins)
            log10_energy: {from: 2, to: 9, bins: 56}
            cut: \(cut)
            responses: IC40

        """
    }

    static let configurations: [MalformedInput] = [
        yaml("- 1\n- 2\n", "1:1", "not a list of 2 values"), yaml("hello", "1:1", "not \"hello\""),
        yaml("source:\n\tra: 5\n", "2:1", "not valid YAML", code: 65),
        yaml("source: {ra: 5\n", "2:1", "not valid YAML", code: 65),
        yaml("a: " + String(repeating: "[", count: 20_000), "1:5", "nesting", code: 65),
        yaml("seed: 1\n---\nseed: 2\n", "2:1", "another document", code: 65),
        yaml("flx: {gamma: 2}\n", "1:1", "Did you mean \"flux\""), yaml("seed: 1\nseed: 2\n", "1", "\"seed\" twice"),
        yaml("source:\n  ra: forty\n", "2:7", "not \"forty\""), yaml("source: {dec: .nan}\n", "1:15", "not \".nan\""),
        yaml("source: {ra: 4, dec: 95}\n", "1:22", "95 is outside [-90, 90] degrees"),
        yaml("seed: [1]\n", "1:7", "a list of 1 value"),
        yaml("seed: 99999999999999999999\n", "1:7", "\"99999999999999999999\""), yaml("flux: 3\n", "1:7", "not \"3\""),
        yaml("trials: [{mu: -1, count: 5}]\n", "1:15", "trials[0].mu"),
        yaml("trials: [{mu: 1, count: 1.5}]\n", "1:25", "\"1.5\""),
        yaml("trials: [{mu: 1, cuont: 5}]\n", "1:18", "Did you mean \"count\""),
        yaml("source: {ra: 4, dec: 5}\nfit: {gamma: {min: 4, max: 1}}\n", "2:20", "4 to 1"),
        yaml("injection: {energy_range: [5]}\n", "1:27", "a list of 1 value"),
        yaml("injection: {poisson: maybe}\n", "1:22", "\"maybe\""),
        yaml("source: {ra: 4, dec: 5}\ncompat: skyllh\n", "2:9", "\"skyllh\""),
        yaml("datasets: [IC41]\n", "1:11", "Did you mean \"IC40\""),
        yaml("source: {ra: 02h62m, dec: 1}\n", "1:14", "\"02h62m\" has 62 minutes"),
        yaml("source: {ra: 2h, dec: \"1h30m\"}\n", "1:23", "\"1h30m\" is a declination in hours"),
        yaml("source: {ra: -02:42:40, dec: 1}\n", "1:14", "is a negative right ascension"),
        yaml("source: {ra: 25:00:00, dec: 1}\n", "1:14", "right ascension 375 is outside [0, 360) degrees"),
        yaml("source: {ra: 4, dec: 5}\nexposure: {scale: 0}\n", "2:19", "0 is out of range"),
        yaml("source: {ra: 4, dec: 5}\nexposure: {scale: 2, years: 3}\n", "2:29", "are both given"),
        yaml("exposure: 2\n", "1:11", "not \"2\""), yaml("sample: {name: A}\n", "1:9", "sample lacks datasets"),
        yaml("sample: {name: A, datasets: []}\n", "1:29", "is an empty list"),
        yaml("sample: {name: A, datasets: [{name: B}]}\n", "1:30", "lacks seasons"),
        yaml(ownSample("x", bins: "{from: -1, to: 1, bins: 0}"), "6:38", "0 is out of range"),
        yaml(ownSample("x", bins: "[-1, 0.5, 0.25, 1]"), "6:14", "the edge 0.25 follows 0.5"),
        yaml(ownSample("x", bins: "{from: -0.5, to: 1, bins: 9}"), "6:14", "the bins are from -0.5 to 1"),
        yaml(ownSample("../x"), "4:15", "\"../x\" is not a valid name"),
        yaml(ownSample("x", cut: "{smoothing: 1, threshold: 2}"), "8:36", "2 is out of range"),
        yaml(ownSample("x", cut: "{smoothing: 1, treshold: 0}"), "8:25", "Did you mean \"threshold\""),
        yaml(ownSample("x") + "  columns: {ra: {name: RA, unit: degs}}\n", "10:34", "Did you mean \"deg\""),
        yaml("source: {ra: 4, dec: 5}\nfit: {mean_n_sig_0: -1}\n", "2:21", "-1 is out of range"),
        yaml("source: {ra: 4, dec: 5}\nfit: {mean_n_sig_0: 1001}\n", "2:21", "1001 lies outside the fit's bounds"),
        MalformedInput("yaml: Latin-1", .yaml([0x61, 0x3A, 0x20, 0xE9]), 65, "a.yaml: ", "not a text in UTF-8"),
        MalformedInput("yaml: a zero byte", .yaml(Array("source:\n  ra: \0\n".utf8)), 65, "a.yaml:2:7: ", "code 0"),
        MalformedInput("yaml: bytes of all values", .yaml(Array(0...255)), 65, "a.yaml: ", "not a text in UTF-8"),
    ]

    private static func shape(_ text: String, _ column: Int, _ value: String) -> MalformedInput {
        yaml("source: {ra: 4, dec: 5}\n\(text)\n", "2:\(column)", value)
    }

    private static func spectrum(_ text: String, _ place: String, _ value: String) -> MalformedInput {
        MalformedInput(
            "spectrum: \(text.prefix(50))", .spectrum(Array(text.utf8)), 65, "spectrum.txt:\(place) ", value)
    }

    /// Shapes of spectra and fixed parameters.
    static let spectra: [MalformedInput] = [
        shape("flux: {shape: powerlaw}", 15, "Did you mean \"power-law\""),
        shape("flux: {shape: log-parabola, alpha: 2}", 15, "needs flux.beta"),
        shape("flux: {alpha: 2}", 15, "belongs to the shape log-parabola"),
        shape(
            "flux: {shape: log-parabola, alpha: 2, beta: 0.1, gamma: 2}", 57, "belongs to the shape power-law or cutoff"
        ),
        shape("flux: {shape: log-parabola, alpha: 2, beta: 9}", 45, "9 is out of range"),
        shape("flux: {shape: cutoff, gamma: 2}", 15, "needs flux.ecut"),
        shape(
            "flux: {shape: broken-power-law, gamma1: 2, gamma2: 3, ebreak: 1e5, smoothness: 0.001}", 80,
            "0.001 is out of range"),
        shape("flux: {table: [[1e3, 1]]}", 15, "2 to 10000 rows, not 1"),
        shape("flux: {table: [[1e3, 1], [1e2, 1]]}", 15, "row 2: the energy 100 is not above"),
        shape("flux: {table: [[1e3, 1], 5]}", 26, "must be a pair"),
        shape("fit: {shape: cutoff}", 14, "\"cutoff\" is not a valid shape"),
        shape("fit: {shape: table}", 14, "needs fit.file"),
        shape("fit: {peak: 5}", 13, "belongs to the shape table"),
        shape("fit: {gamma: two}", 14, "\"two\""),
        shape("fit: {gamma: 25}", 14, "25 is out of range"),
        shape("fit: {gamma: {fix: 2}}", 15, "has no key \"fix\""),
        spectrum("", "", "2 to 10000 rows, not 0"),
        spectrum("1e3 1\n1e4 x\n", "2:", "\"1e4 x\" is not a pair of numbers"),
        spectrum("1e3,1\n1e4,2\n", "1:", "\"1e3,1\""),
        spectrum("1e4 1\n1e3 1\n", "", "row 2: the energy 1000 is not above the previous one, 10000"),
        spectrum("1e3 1\n1e4 -1\n", "", "row 2: the flux -1 is negative"),
        spectrum(
            "# E [furlong] dN/dE [GeV^-1 cm^-2 s^-1]\n1e3 1\n1e4 1\n", "1:", "\"furlong\" is not a unit of energy"),
        spectrum(
            "# E [GeV] E^2dN/dE [GeV cm^-2 s^-1 sr^-1]\n1e3 1\n1e4 1\n", "1:",
            "\"GeV cm^-2 s^-1 sr^-1\" is not a unit of E^2 dN/dE"),
        spectrum("# E [GeV] nuFnu [GeV cm^-2 s^-1]\n1e3 1\n1e4 1\n", "1:", "\"nufnu\" is not a flux"),
        MalformedInput("spectrum: Latin-1", .spectrum([0x31, 0xE9]), 65, "spectrum.txt: ", "not a text in UTF-8"),
        MalformedInput("spectrum: no file", .spectrum(nil), 66, "spectrum.txt: ", "does not exist"),
    ]

    private static func sources(_ text: String, _ place: String, _ value: String) -> MalformedInput {
        MalformedInput("sources: \(text.prefix(50))", .sources(Array(text.utf8)), 65, "list.csv:\(place) ", value)
    }

    /// Lists of sources, and what belongs to a search of a list.
    static let lists: [MalformedInput] = [
        sources("", "", "lists no sources"),
        sources("name;ra;dec\nA;1;2\n", "1:", "\"name;ra;dec\" does not name a column ra"),
        sources("name,ra,dec\nA,1\n", "2:", "2 fields, but the header names 3"),
        sources("ra,dec\n1e999,2\n", "2:", "\"1e999\" is not a number of degrees"),
        sources("ra,dec\n0x1,2\n", "2:", "\"0x1\" is not a number of degrees"),
        sources("ra,dec\n1,-95\n", "2:", "declination -95 is outside"),
        sources("ra,dec\n360,5\n", "2:", "right ascension 360 is outside"),
        sources("ra,dec,weight\n1,2,inf\n", "2:", "the weight \"inf\" is not a number"),
        sources("ra,dec,weight\n1,2,-2\n", "2:", "the weight -2 is out of range"),
        sources("name,ra,dec\n\"A,1,2\n", "2:", "has no closing quotation mark"),
        sources(
            "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: ra, unit: rad}\nra dec\n1 2\n", "4:",
            "the column ra is in \"rad\""),
        MalformedInput("sources: UTF-16", .sources([0xFF, 0xFE, 0x72, 0]), 65, "list.csv: ", "not a text in UTF-8"),
        MalformedInput("sources: no file", .sources(nil), 66, "list.csv: ", "does not exist"),
        yaml("search: catalog\n", "1:9", "Did you mean \"catalogue\""),
        yaml("search: catalogue\nsource: {ra: 4, dec: 5}\n", "1:9", "needs a list of sources"),
        yaml("search: catalogue\nsources: [{ra: 4, dec: 5, weight: heavy}]\n", "2:35", "\"heavy\""),
        yaml(
            "search: catalogue\nsources: [{name: A, ra: 4, dec: 5}, {name: A, ra: 5, dec: 5}]\n", "2:44",
            "\"A\" is the name of the sources 1 and 2"),
        yaml("search: catalogue\nsources: [{ra: 4, dec: 5}, {ra: 4, dec: 5}]\n", "2:10", "two sources at one place"),
        yaml("source: {ra: 4, dec: 5}\ninjection: {at: A}\n", "2:17", "names a source of a list"),
        yaml("source: {ra: 4, dec: 5}\nsource_fits: true\n", "2:14", "belongs to the search catalogue"),
        yaml(
            "search: catalogue\nsources: [{ra: 4, dec: 5}]\ntrials: [{mu: 3, count: 5, tail: 5}]\n", "3:34",
            "weighted trials are background, and mu is 3"),
        yaml("search: sky\nsky: {nside: 48}\n", "2:14", "48 is not a side of HEALPix pixels"),
        yaml("search: sky\nsky: {refine: fine}\n", "2:15", "\"fine\""),
        yaml("search: sky\nsky: {dec_min: 50, dec_max: 40}\n", "2:16", "from 50 to 40 degrees are none"),
        yaml("search: sky\nsource: {ra: 4, dec: 5}\n", "2:14", "is not possible with the search sky"),
        yaml("search: sky\ntrials: [{mu: 3, count: 5}]\n", "2:9", "trials with signal (mu 3)"),
        yaml("source: {ra: 4, dec: 5}\nsky: {nside: 64}\n", "2:14", "belongs to the search sky"),
        yaml(
            "search: sky\ntrials: [{mu: 0, count: 5, tail: 5}]\n", "2:9",
            "weighted trials are not possible"),
    ]

    private static func chunk(
        _ what: String, _ value: String, _ edit: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> MalformedInput {
        MalformedInput("chunk: \(what)", .chunk(edit), 65, "bad.h5: ", value)
    }

    private static func prepared(
        _ what: String, _ value: String, _ edit: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> MalformedInput {
        MalformedInput("prepared: \(what)", .prepared(edit), 65, "bad.prepared: ", value)
    }

    private static func flipped(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index] ^= 0xFF
        return bytes
    }

    /// Files of our own.
    static let binaries: [MalformedInput] = [
        chunk("empty", "is not an HDF5 file") { _ in [] },
        chunk("text", "is not an HDF5 file") { _ in Array("trials\n".utf8) },
        chunk("nothing but its first bytes", "cannot be opened") { Array($0.prefix(8)) },
        chunk("cut in the middle", "truncated file") { Array($0.prefix($0.count / 2)) },
        chunk("cut by a byte", "truncated file") { Array($0.dropLast()) },
        chunk("zeros after the first bytes", "cannot be opened") {
            Array($0.prefix(8)) + [UInt8](repeating: 0, count: 5000)
        },
        chunk("a damaged beginning", "checksum") { flipped($0, 40) },
        chunk("a damaged record", "damaged records among 0 to 49") { flipped($0, $0.count / 2) },
        prepared("empty", "not a file of trialgen prepare") { _ in [] },
        prepared("text", "not a file of trialgen prepare") { _ in [UInt8](repeating: 0x61, count: 600) },
        prepared("nothing but its header", "it has 64 bytes of") { Array($0.prefix(64)) },
        prepared("cut in the middle", "is truncated") { Array($0.prefix($0.count / 2)) },
        prepared("a byte too many", "instead of") { $0 + [0] },
        prepared("a size beyond reason", "is truncated") { flipped($0, 20) },
        prepared("a damaged middle", "checksum does not match") { flipped($0, $0.count / 2) },
        prepared("a damaged end", "checksum does not match") { flipped($0, $0.count - 1) },
    ]
}
