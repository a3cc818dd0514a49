import Diagnostics
import PointSource
import Settings
import TestSupport
import Testing

@testable import TrialStore

@Suite("Files of searches of the sky")
struct SkyFileTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    private static func header(_ limits: String = "") throws -> ChunkHeader {
        let text = """
            sample: IceTracks-DR2-v2
            search: sky
            sky: {nside: 8, refine: 32\(limits)}
            model_version: 1
            files:
              events.csv: 00ff

            """
        return try Campaign(text: text, file: "test").header(
            probes: [], softwareVersion: "0.1.0", provenance: ["host": "here", "cpu": "any"])
    }

    private static func record(_ trial: Int64, hemispheres: Int = 2) -> TrialRecord {
        var record = StoreFolder.record(trial, mu: 0, seed: 1)
        func values(_ scale: Double) -> [Double] { (1...hemispheres).map { scale * Double($0) / Double(trial + 1) } }
        record.sources = SourceFits(
            testStatistics: values(20), signalEvents: values(0.7), gammas: values(2.1), rightAscensions: values(100),
            declinations: values(-30))
        return record
    }

    @Test("Records come back with their places; each hemisphere has a column")
    func roundTrip() throws {
        let header = try Self.header()
        let records = (0..<300).map { Self.record($0) }
        let path = try folder.chunk(
            "a.h5", sessions: [(header, Array(records[..<200])), (header, Array(records[200...]))])
        let set = try TrialSet(path)
        let null = Hypothesis(meanSignal: 0, seed: 1)
        #expect(try set.records(of: null) == records)
        #expect(set.header.sources?.names == ["north", "south"] && set.header.sources?.sources.isEmpty == true)
        #expect(
            set.header.sources?.datasets == ["source_ts", "source_ns", "source_gamma", "source_ra", "source_dec"])
        #expect(try set.values(.source(.declination, 1), of: null) == records.map { $0.sources?.declinations[1] })
        #expect(try set.values(.source(.rightAscension, 0), of: null) == records.map { $0.sources?.rightAscensions[0] })
        expectFault(.usage, "fits of 2 sources") { _ = try set.values(.source(.testStatistic, 2), of: null) }
    }

    @Test("Limits may leave one hemisphere; records of two do not fit")
    func oneHemisphere() throws {
        let header = try Self.header(", dec_min: 10")
        #expect(header.sources?.names == ["north"])
        let records = (0..<20).map { Self.record($0, hemispheres: 1) }
        let path = try folder.chunk("n.h5", sessions: [(header, records)])
        #expect(try TrialSet(path).records(of: Hypothesis(meanSignal: 0, seed: 1)) == records)
        expectFault(.usage, "cannot be stored") { _ = try header.layout.encode([Self.record(0)]) }
        var other = records[0]
        other.sources?.declinations = []
        expectFault(.usage, "cannot be stored") { _ = try header.layout.encode([other]) }
    }
}
