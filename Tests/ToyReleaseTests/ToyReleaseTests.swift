import Diagnostics
import Foundation
import Numerics
import TestSupport
import Testing

@testable import IceTracks
@testable import ToyRelease

@Suite struct ToyReleaseTests {
    private let small = ToyRelease(
        seed: 5, scale: 0.004, bins: 3, smearingDeclinationBins: 3,
        effectiveAreaDeclinationBins: 10)

    @Test func roundTrip() throws {
        let folder = try ScratchFolder()
        let path = try small.write(into: folder.path)
        #expect(path == folder.path + "/icecube_14year_ps_v2")
        let datasets = try Release(path: folder.path, sample: Catalogue.iceTracksDR2v2).load()
        #expect(datasets.map(\.name) == ["IC40", "IC59", "IC79", "IC86_I-XI"])
        // Background floor(N · scale) a season, and the source's rounded share.
        #expect(datasets.map(\.events.count) == [147 + 1, 428 + 2, 372 + 2, 11 * (504 + 2)])
        for dataset in datasets {
            #expect(dataset.droppedEventCount == 0)
            let expected = Double(dataset.definition.seasons.count) * 1045 * 0.332
            #expect(abs(dataset.livetimeDays - expected) < 1e-6)
            #expect(
                dataset.smearing.shape
                    == .init(trueEnergy: 14, trueDeclination: 3, recoEnergy: 3, psi: 3, angularError: 3))
            #expect(dataset.effectiveArea.declinationBinCount == 10)
            #expect(dataset.effectiveArea.energyBinCount == 35)
            #expect(dataset.effectiveArea.area.contains(0))
            #expect(dataset.smearing.isEmpty(0, 0))
            for e in 0..<14 {
                for d in 0..<3 where !dataset.smearing.isEmpty(e, d) {
                    #expect(abs(dataset.smearing.fractionalCounts(e, d).reduce(0, +) - 1) < 1e-6)
                }
            }
            #expect(dataset.events.angularError.allSatisfy { $0 >= 0.2 * Double.pi / 180 })
            #expect(dataset.events.modifiedJulianDate.allSatisfy { dataset.uptime.contains(mjd: $0) })
        }
        // The release folder itself, and single seasons of it.
        let seasons = try Release(path: path, sample: Catalogue.iceTracksDR2v2).load(["IC86_III", "IC86_IV"])
        #expect(seasons.map(\.events.count) == [506, 506])
        #expect(seasons[0].smearing == datasets[3].smearing)
    }

    /// Chance leaves bins empty at a scale this small; the toy does not.
    @Test func noSinDeclinationBinIsEmpty() throws {
        let folder = try ScratchFolder()
        try small.write(into: folder.path)
        let release = try Release(path: folder.path, sample: Catalogue.iceTracksDR2v2)
        for dataset in try release.load(release.sample.singleSeasons.map(\.name)) {
            let edges = dataset.definition.sinDeclinationEdges
            var counts = [Int](repeating: 0, count: edges.count - 1)
            for declination in dataset.events.declination {
                let sine = Portable.sin(declination)
                counts[(edges.firstIndex { $0 > sine } ?? edges.count - 1) - 1] += 1
            }
            #expect(!counts.contains(0), "\(dataset.name)")
        }
    }

    @Test func sameSeedSameBytes() throws {
        let first = try ScratchFolder()
        let second = try ScratchFolder()
        let other = try ScratchFolder()
        try small.write(into: first.path)
        try small.write(into: second.path)
        var reseeded = small
        reseeded.seed = 6
        try reseeded.write(into: other.path)
        let digests = try [first, second, other].map {
            try Release(path: $0.path, sample: Catalogue.iceTracksDR2v2).fileDigests(for: [String]())
        }
        #expect(digests[0].count == 36)
        #expect(digests[0] == digests[1])
        #expect(digests[0]["events/IC59_exp.csv"] != digests[2]["events/IC59_exp.csv"])
        #expect(digests[0]["irfs/IC86_smearing.csv"] != digests[2]["irfs/IC86_smearing.csv"])
        #expect(digests[0]["events/IC86_I_exp.csv"] != digests[0]["events/IC86_II_exp.csv"])
        // Parsed and unparsed digests are of the same bytes.
        let release = try Release(path: first.path, sample: Catalogue.iceTracksDR2v2)
        #expect(release.fileDigests(for: try release.load()) == digests[0])
        // The same on every system. They change with the toy's formulae and with Numerics, and nothing else.
        #expect(
            digests[0]["events/IC40_exp.csv"]
                == "3b86f838383986a3bc94a9dc2164be6631630e90da56a95ebe953bed3fc602da"
        )
        #expect(
            digests[0]["irfs/IC40_smearing.csv"]
                == "ee99faa0a4e9a8f216d2bf9cb1ab851e4ff19685c02207b1f2d240cab2db8418"
        )
        #expect(
            digests[0]["irfs/IC40_effectiveArea.csv"]
                == "e82765419cd54bce4e81ba35a8685dc807a17928879ed5b8c1227db7cf31d786"
        )
    }

    @Test func headersAreTheReleases() throws {
        let folder = try ScratchFolder()
        let path = try small.write(into: folder.path)
        func header(_ file: String) throws -> String? {
            try String(contentsOfFile: path + "/" + file, encoding: .utf8).split(separator: "\n").first.map(String.init)
        }
        #expect(
            try header("events/IC86_XI_exp.csv")
                == "# run  event  subevent  MJD[days]  log10(E/GeV)  AngErr[deg]  RA[deg]  Dec[deg]  Azimuth[deg]  "
                + "Zenith[deg]")
        #expect(try header("uptime/IC79_exp.csv") == "# MJD_start[days]  MJD_stop[days]")
    }

    @Test func anEarlierToyIsReplacedAndNothingElse() throws {
        let folder = try ScratchFolder()
        try small.write(into: folder.path)
        try small.write(into: folder.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["icecube_14year_ps_v2"])
        let precious = try ScratchFolder()
        try precious.write("data", to: "icecube_14year_ps_v2/events/IC40_exp.csv")
        #expect {
            try small.write(into: precious.path)
        } throws: { error in
            (error as? Fault)?.kind == .cannotCreate && "\(error)".contains("exists and is not a toy release")
        }
        #expect(
            try String(contentsOfFile: precious.path + "/icecube_14year_ps_v2/events/IC40_exp.csv", encoding: .utf8)
                == "data"
        )
        #expect {
            try small.write(into: "/proc/none")
        } throws: { ($0 as? Fault)?.kind == .cannotCreate }
    }

    @Test func optionsOutOfRangeAreRefused() throws {
        let folder = try ScratchFolder()
        for (toy, says) in [
            (ToyRelease(scale: 0), "scale: 0.0 is out of range"), (ToyRelease(scale: .nan), "scale: nan"),
            (ToyRelease(scale: 1e-4), "scale: 0.0001 leaves 3 events for IC40, fewer than its 30 bins in sin(dec)"),
            (ToyRelease(bins: 1), "bins: 1 is out of range. Give a value in 2 to 50."),
            (ToyRelease(smearingDeclinationBins: 0), "smearing declination bins: 0"),
        ] {
            #expect { try toy.write(into: folder.path) } throws: {
                ($0 as? Fault)?.kind == .usage && "\($0)".hasPrefix(says)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}

@Suite struct DecimalTextTests {
    @Test(arguments: [
        (1.0, 2, "1.00"), (-0.004, 2, "0.00"), (-1.2345, 3, "-1.234"), (0.00005, 4, "0.0000"), (12345.678, 0, "12346"),
        (0.99999, 2, "1.00"), (54562.37911273, 8, "54562.37911273"), (-0.5, 1, "-0.5"), (0.07, 2, "0.07"),
    ])
    func fixedDecimals(value: Double, decimals: Int, text: String) {
        var line = DecimalText(header: ["x"])
        line.append(value, decimals: decimals)
        #expect(String(decoding: line.bytes, as: UTF8.self) == "# x\n" + text)
    }
}

@Suite struct ReleaseTests {
    @Test func whatIsMissingIsNamed() throws {
        let folder = try ScratchFolder()
        let sample = Catalogue.iceTracksDR2v2
        #expect {
            try Release(path: folder.path + "/none", sample: sample)
        } throws: { "\($0)".hasPrefix("\(folder.path)/none: the folder does not exist") }
        #expect {
            try Release(path: folder.path, sample: sample)
        } throws: { "\($0)".contains("neither events/, irfs/ and uptime/ nor \"icecube_14year_ps_v2\"") }
        try folder.write("", to: "icecube_10year_ps/events/x")
        #expect {
            try Release(path: folder.path, sample: sample)
        } throws: { "\($0)".contains("it contains \"icecube_10year_ps\", which is the sample IceTracks-DR1") }
        #expect {
            try Release(path: folder.path, sample: Catalogue.iceTracksDR1)
        } throws: { "\($0)".contains("the release lacks irfs/ and uptime/") }
        try folder.write("", to: "icecube_10year_ps/irfs/x")
        try folder.write("", to: "icecube_10year_ps/uptime/x")
        let release = try Release(path: folder.path, sample: Catalogue.iceTracksDR1)
        #expect {
            try release.load(["IC40"])
        } throws: { error in
            (error as? Fault)?.kind == .missingInput
                && "\(error)".contains(
                    "4 files are missing: events/IC40_exp.csv, uptime/IC40_exp.csv, irfs/IC40_effectiveArea.csv, "
                        + "irfs/IC40_smearing.csv"
                )
        }
    }

    @Test func eventsOutsideTheUptimeAreDropped() throws {
        var events = EventTable()
        for mjd in [9.0, 10.5, 12, 20.5] {
            events.append(
                modifiedJulianDate: mjd, log10Energy: 3, angularError: 0.01, rightAscension: 1, declination: 0
            )
        }
        let area = EffectiveArea(log10EnergyEdges: [2, 3], declinationEdges: [-1, 1], area: [1])
        let smearing = SmearingMatrix(
            shape: .init(trueEnergy: 1, trueDeclination: 1, recoEnergy: 1, psi: 1, angularError: 1),
            log10TrueEnergyEdges: [2, 3], trueDeclinationEdges: [-1, 1], recoEnergyEdges: [2, 3], psiEdges: [0, 1],
            angularErrorEdges: [0, 1], fractionalCounts: [1]
        )
        // Windows of one season also count for the events of another, as in SkyLLH.
        let seasons = [
            Season(name: "IC86_I", events: events, uptime: Uptime(windows: [.init(start: 10, stop: 11)])),
            Season(name: "IC86_II", events: events, uptime: Uptime(windows: [.init(start: 20, stop: 21)])),
        ]
        let dataset = Dataset(
            definition: try Catalogue.iceTracksDR2v2.dataset(named: "IC86_I-XI"), seasons: seasons,
            effectiveArea: area, smearing: smearing
        )
        #expect(dataset.events.modifiedJulianDate == [10.5, 20.5, 10.5, 20.5])
        #expect(dataset.droppedEventCount == 4)
        #expect(dataset.livetimeDays == 2)
    }
}
