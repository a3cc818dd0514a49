import Foundation
import Testing

@Suite("trialgen map of the whole sky")
struct SkyMapTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func map(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(
            [
                "map", "--data", toy.release, "--datasets", "IC40", "--nside", "4", "--refine", "16", "--dec-min",
                "-30", "--dec-max", "40",
            ] + arguments, in: folder)
    }

    @Test("The hottest places have the numbers of unblind, to the last bit, and are the largest of the map")
    func hottest() throws {
        let run = try map("--output", "map.csv", "--json")
        #expect(run.code == 0, "\(run.error)")
        let object = try run.object()
        let places = try #require(object["hottest"] as? [[String: Any]])
        #expect(places.map { $0["name"] as? String } == ["north", "south"])
        let lines = try String(contentsOfFile: folder + "/map.csv", encoding: .utf8).split(separator: "\n")
        #expect(lines[0] == "nside,pixel,ra,dec,ts,ns,gamma,flux_norm")
        let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(rows.allSatisfy { $0.count == 8 && (-30...40).contains($0[3]) })
        #expect(rows.count { $0[0] == 4 } == object["n_positions"] as? Int)
        #expect(rows.count { [8, 16].contains($0[0]) } == object["n_fine_positions"] as? Int)
        for (place, isNorth) in zip(places, [true, false]) {
            // Reading JSON may round.
            let ts = number(place, "ts")
            let own = rows.filter { ($0[3] >= -5) == isNorth }
            let largest = try #require(own.max { $0[4] < $1[4] })
            #expect(abs(largest[4] - ts) < 1e-5 * (1 + ts), "\(place) \(largest)")
            #expect(run.output.contains("\"ra\": \(largest[2]),") && run.output.contains("\"dec\": \(largest[3]),"))
            #expect(place["pixel"] as? Int == Int(largest[1]) && place["nside"] as? Int == Int(largest[0]))
            let single = try BuiltTool.trialgen.run(
                [
                    "unblind", "--data", toy.release, "--datasets", "IC40", "--ra", "\(largest[2])", "--dec",
                    "\(largest[3])",
                    "--json",
                ],
                in: folder
            ).output
            for key in ["ts", "ns", "gamma", "flux_norm"] {
                let line = try #require(single.split(separator: "\n").first { $0.contains("\"\(key)\": ") })
                let text = line.trimmingCharacters(in: [" ", ","])
                #expect(run.output.contains(text), "\(text) is not in \(run.output)")
            }
        }
    }

    private func number(_ object: [String: Any], _ key: String) -> Double { object[key] as? Double ?? .nan }

    @Test("healpy reads the HDF5 file's numbers; the figure shows the sky and the hottest places")
    func files() throws {
        let run = try map("--output", "map.h5", "--figure", "map.gp")
        #expect(
            run.code == 0 && run.output.contains("north") && run.output.contains("not a post-trial"), "\(run.error)")
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
        let script = try String(contentsOfFile: folder + "/map.gp", encoding: .utf8)
        for text in ["$map << END", "with image", "hottest in the north", "hottest in the south", "$graticule"] {
            #expect(script.contains(text), "\(text)")
        }
        let again = try map("--output", "map.h5")
        #expect(again.code == 73 && again.error.contains("already exists"), "\(again.error)")
        #expect(try map("--output", "map.csv").code == 0)
        guard let python = PythonRecipes.interpreter else { return }
        let check = """
            import h5py, numpy as np
            t = np.genfromtxt("map.csv", delimiter=",", names=True)
            f = h5py.File("map.h5")
            text = lambda s: s.decode() if isinstance(s, bytes) else s
            assert f.attrs["nside"] == 4 and text(f.attrs["ordering"]) == "RING" and text(f["fine"].attrs["ordering"]) == "RING"
            coarse, fine = t[t["nside"] == 4], t[t["nside"] > 4]
            for name in ["ts", "ns", "gamma", "flux_norm"]:
                assert f[name].shape == (192,) and f[name].dtype == np.float64
                assert (f[name][...][coarse["pixel"].astype(int)] == coarse[name]).all(), name
                assert (f["fine"][name][...] == fine[name]).all(), name
                assert (f[name][...] == -1.6375e30).sum() == 192 - len(coarse)
            assert (f["fine/nside"][...] == fine["nside"]).all() and set(fine["nside"]) == {8, 16}
            assert (f["fine/pixel"][...] == fine["pixel"]).all() and (f["fine/ra"][...] == fine["ra"]).all()
            assert (f["fine/dec"][...] == fine["dec"]).all() and len(fine) > 0
            """
        try check.write(toFile: folder + "/check.py", atomically: false, encoding: .utf8)
        let checked = try ConsoleSession.shell("'\(python)' check.py", in: folder)
        #expect(checked.code == 0, "\(checked.error)")
    }

    @Test(
        "What makes no sense: 64",
        arguments: [
            (["--nside", "48"], "--nside: 48 is not a side"), (["--refine", "2"], "--refine: 2 is coarser"),
            (["--dec-min", "50"], "--dec-min: the declinations from 50 to 40"),
            (["--radius", "3"], "--radius: has no effect"), (["--step", "3"], "--step: has no effect"),
            (["--ra", "3", "--dec", "4"], "--ra: is not possible with the search sky"),
            (["--exposure", "2"], "--exposure: is not possible"),
            (["--search", "source"], "--nside: belongs to the search sky"),
            (["--output", "map.fits"], "--output: \"map.fits\" does not end in .h5 or .csv"),
        ] as [([String], String)])
    func senseless(arguments: [String], problem: String) throws {
        // Each option once.
        let standard = ["--nside": "4", "--refine": "16", "--dec-max": "40"].filter { !arguments.contains($0.key) }
        let run = try BuiltTool.trialgen.run(
            ["map", "--data", toy.release, "--datasets", "IC40"] + standard.flatMap { [$0.key, $0.value] } + arguments,
            in: folder)
        #expect(run.code == 64 && run.output.isEmpty && run.error.contains(problem), "\(run.error)")
    }
}
