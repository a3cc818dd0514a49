import Foundation
import Testing

@Suite("trialgen map")
struct MapTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func map(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(["map"] + toy.source + ["--radius", "1", "--step", "0.5"] + arguments, in: folder)
    }

    /// The lines of a CSV file: texts of numbers by column.
    private func rows(_ name: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n")
        let names = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            Dictionary(uniqueKeysWithValues: zip(names, line.split(separator: ",").map(String.init)))
        }
    }

    @Test("Every position has the numbers of unblind there, to the last bit")
    func positions() throws {
        let run = try map("--output", "map.csv", "--json")
        let object = try run.object()
        #expect(run.code == 0, "\(run.error)")
        let rows = try rows("map.csv")
        #expect(rows.count == 25 && object["size"] as? Int == 5)
        let offsets = ["-1", "-0.5", "0", "0.5", "1"]
        for (index, row) in rows.enumerated() {
            #expect(row["east"] == offsets[index % 5] && row["north"] == offsets[index / 5])
        }
        #expect(rows[12]["ra"] == "40.67" && rows[12]["dec"] == "-0.01")
        for index in [0, 7, 12, 24] {
            let row = rows[index]
            let (ra, dec) = (try #require(row["ra"]), try #require(row["dec"]))
            let source = ["--data", toy.release, "--datasets", "IC40", "--ra", ra, "--dec", dec]
            let single = try BuiltTool.trialgen.run(["unblind", "--json"] + source, in: folder).output
            // Texts, since reading JSON may round.
            for key in ["ts", "ns", "gamma", "flux_norm"] {
                let number = try #require(row[key].flatMap(Double.init))
                #expect(single.contains("\"\(key)\": \(number),"), "\(key) of \(index) is not \(number): \(single)")
            }
        }
        let largest = try #require(rows.compactMap { $0["ts"].flatMap(Double.init) }.max())
        #expect(largest > 0 && run.output.contains("\"ts\": \(largest),"))
        let (centre, hottest) = (object["centre"] as? [String: Double], object["hottest"] as? [String: Double])
        #expect(try #require(hottest?["ts"]) >= #require(centre?["ts"]))
        #expect(centre?["east"] == 0 && centre?["north"] == 0 && centre?["ra"] == 40.67)
    }

    @Test("The HDF5 file has the same numbers; the figure has all of them")
    func files() throws {
        let run = try map("--output", "map.h5", "--figure", "map.gp")
        #expect(run.code == 0 && run.output.contains("5 x 5 positions, 0.5 degrees apart"), "\(run.error)")
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try map("--output", "map.csv").code == 0)
        let script = try String(contentsOfFile: folder + "/map.gp", encoding: .utf8)
        #expect(script.contains("$map << END") && script.contains("with image") && script.contains("largest TS"))
        let again = try map("--output", "map.h5")
        #expect(again.code == 73 && again.error.contains("already exists"), "\(again.error)")
        #expect(try map("--output", "map.h5", "--replace").code == 0)
        guard let python = PythonRecipes.interpreter else { return }
        let check = """
            import h5py, numpy as np
            t = np.genfromtxt("map.csv", delimiter=",", names=True)
            f = h5py.File("map.h5")
            assert f["ts"].shape == (5, 5) and f["ts"].dtype == np.float64
            for name in ["ra", "dec", "ts", "ns", "gamma", "flux_norm"]:
                assert (f[name][...].ravel() == t[name]).all(), name
            assert (f["east"][...] == t["east"][:5]).all() and (f["north"][...] == t["north"][::5]).all()
            assert b"source:" in f.attrs["campaign"] or "source:" in str(f.attrs["campaign"])
            """
        try check.write(toFile: folder + "/check.py", atomically: false, encoding: .utf8)
        let checked = try ConsoleSession.shell("'\(python)' check.py", in: folder)
        #expect(checked.code == 0, "\(checked.error)")
    }

    @Test(
        "What makes no sense: 64",
        arguments: [
            (["--radius", "0"], "--radius: 0 is not a valid radius"), (["--radius", "31"], "--radius: 31"),
            (["--radius", "nan"], "--radius"), (["--step", "4"], "--step: 4 is not a valid step"),
            (["--step", "0.001"], "--step: 0.001 makes more than 1001 columns"),
            (["--output", "map.fits"], "--output: \"map.fits\" does not end in .h5 or .csv"),
            (["--figure", "map.jpg"], "--figure: \"map.jpg\" does not end in one of"),
            (["--exposure", "2"], "--exposure"),
        ] as [([String], String)])
    func senseless(arguments: [String], problem: String) throws {
        let run = try BuiltTool.trialgen.run(
            ["map"] + toy.source + arguments,
            in: folder)
        #expect(run.code == 64 && run.output.isEmpty && run.error.contains(problem), "\(run.error)")
    }
}
