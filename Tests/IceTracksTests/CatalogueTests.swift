import Diagnostics
import TestSupport
import Testing

@testable import IceTracks

@Suite struct CatalogueTests {
    @Test func knowsAllSamples() throws {
        #expect(
            Catalogue.sampleNames == ["IceTracks-DR1", "IceTracks-DR2-v1", "IceTracks-DR2", "IceTracks-DR2-v2"]
        )
        let newest = try Catalogue.sample(named: "IceTracks-DR2-v2")
        #expect(newest.name == "IceTracks-DR2")
        #expect(newest.defaultFolder == "icecube_14year_ps_v2")
        #expect(newest.doi == "doi:10.7910/DVN/MMIIZA")
        #expect(newest.version == "2.0")
        #expect(newest.datasets.map(\.name) == ["IC40", "IC59", "IC79", "IC86_I-XI"])
        #expect(newest.singleSeasons.count == 14)
        let oldest = try Catalogue.sample(named: "IceTracks-DR1")
        #expect(oldest.datasets.map(\.name) == ["IC40", "IC59", "IC79", "IC86_I", "IC86_II-VII"])
        #expect(oldest.singleSeasons.count == 10)
    }

    @Test func singleSeasonsShareTheResponsesOfTheirConfiguration() throws {
        let third = try Catalogue.iceTracksDR1.dataset(named: "IC86_III")
        #expect(third.seasons == ["IC86_III"])
        #expect(third.effectiveAreaFile == "irfs/IC86_II_effectiveArea.csv")
        #expect(third.smearingFile == "irfs/IC86_II_smearing.csv")
        #expect(third.eventFiles == ["events/IC86_III_exp.csv"])
        #expect(third.log10EnergyEdges.first == 0.5)
        let eleventh = try Catalogue.iceTracksDR2v2.dataset(named: "IC86_XI")
        #expect(eleventh.effectiveAreaFile == "irfs/IC86_effectiveArea.csv")
        #expect(eleventh.uptimeFiles == ["uptime/IC86_XI_exp.csv"])
    }

    /// Bit patterns of numpy 2's edges, printed by SkyLLH 26.1.0's own dataset definitions.
    @Test(arguments: [
        ("IceTracks-DR1", "IC40", 31, 1, 0xbfed_9999_9999_999a as UInt64),
        ("IceTracks-DR1", "IC59", 53, 3, 0xbfed_8106_24dd_2f1a),
        ("IceTracks-DR1", "IC59", 53, 9, 0xbfe8_20c4_9ba5_e354),
        ("IceTracks-DR1", "IC79", 50, 8, 0xbfe5_8d0f_ac68_7d64),
        ("IceTracks-DR1", "IC86_I", 29, 14, 0xbfb6_4fd6_b8c2_8102),
        ("IceTracks-DR2", "IC86_I-XI", 42, 7, 0xbfe7_b645_a1ca_c083),
    ])
    func sinDeclinationEdgesAreNumpys(
        sample: String, dataset: String, count: Int, index: Int, bits: UInt64
    ) throws {
        let definition = try Catalogue.sample(named: sample).dataset(named: dataset)
        #expect(definition.sinDeclinationEdges.count == count)
        #expect(definition.sinDeclinationEdges[index].bitPattern == bits)
        #expect(definition.sinDeclinationEdges.first == -1)
        #expect(definition.sinDeclinationEdges.last == 1)
    }

    @Test(arguments: [
        ("IceTracks-DR1", "IC40", 2.0, 9.5), ("IceTracks-DR2", "IC40", 2, 9), ("IceTracks-DR2", "IC59", 2, 9.5),
        ("IceTracks-DR1", "IC79", 2, 9.5), ("IceTracks-DR2", "IC79", 1, 9), ("IceTracks-DR1", "IC86_I", 1, 10.5),
        ("IceTracks-DR1", "IC86_II-VII", 0.5, 9.5), ("IceTracks-DR2", "IC86_I-XI", 1, 9.5),
    ])
    func energyEdgesStepByAnEighth(sample: String, dataset: String, first: Double, last: Double) throws {
        let edges = try Catalogue.sample(named: sample).dataset(named: dataset).log10EnergyEdges
        #expect(edges.first == first)
        #expect(edges.last == last)
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $1 - $0 == 0.125 })
    }

    @Test func allEdgesIncrease() {
        for definition in Catalogue.samples.flatMap({ $0.datasets + $0.singleSeasons }) {
            for edges in [definition.sinDeclinationEdges, definition.log10EnergyEdges] {
                #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }, "\(definition.name)")
            }
        }
    }

    @Test func anUnknownNameListsTheLegalOnes() {
        #expect {
            try Catalogue.sample(named: "IceTrack-DR2")
        } throws: { error in
            let fault = error as? Fault
            return fault?.kind == .usage
                && fault?.description == """
                    sample: "IceTrack-DR2" is not a sample. Did you mean "IceTracks-DR2"? Valid names are \
                    IceTracks-DR1, IceTracks-DR2-v1, IceTracks-DR2, IceTracks-DR2-v2.
                    """
        }
        #expect {
            try Catalogue.iceTracksDR1.dataset(named: "IC86_XI")
        } throws: { error in
            let text = "\(error)"
            return text.contains("\"IC86_XI\" is not a dataset of IceTracks-DR1") && text.contains("IC86_II-VII")
        }
        #expect {
            try Catalogue.iceTracksDR2v2.datasets(named: ["IC86_I-XI", "IC86_II"])
        } throws: { "\($0)".contains("season IC86_II is selected twice, in \"IC86_I-XI\" and in \"IC86_II\"") }
    }

    @Test(
        arguments: [
            ("gama", "gamma"), ("Sample", "sample"), ("datsaets", "datasets"), ("sorce", "source"), ("xyzzy", nil),
            ("", nil),
        ] as [(String, String?)])
    func nearestNames(typed: String, meant: String?) {
        #expect(nearestName(to: typed, in: ["sample", "datasets", "source", "gamma"]) == meant)
    }

    @Test("Another version of a dataset is a sample with its own name and folder; a known one is the catalogue's")
    func versions() throws {
        let newer = try Catalogue.sample(named: "IceTracks-DR2-v3.1")
        #expect(newer.defaultFolder == "icecube_14year_ps_v3.1" && newer.version == "3.1")
        #expect(newer.datasets == Catalogue.iceTracksDR2v2.datasets && newer.doi == Catalogue.iceTracksDR2v2.doi)
        #expect(try Catalogue.sample(named: "IceTracks-DR1-v2.1").defaultFolder == "icecube_10year_ps_v2.1")
        #expect(try Catalogue.sample(named: "IceTracks-DR2-v2.0") == Catalogue.iceTracksDR2v2)
        #expect(try Catalogue.sample(named: "IceTracks-DR2-v1.0") == Catalogue.iceTracksDR2v1)
        for name in [
            "IceTracks-DR2-v3", "IceTracks-DR2-v1-v3.1", "IceTracks-DR2-v3.1.0", "IceTracks-DR3-v1.0", "-v1.0",
        ] {
            expectFault(.usage, "sample", "is not a sample") { _ = try Catalogue.sample(named: name) }
        }
        let versions = ["1.0", "2.0", "2.1", "3.0", "3.1", "10.0"].compactMap { DatasetVersion($0) }
        #expect(versions.count == 6 && versions.sorted() == versions)
    }
}
