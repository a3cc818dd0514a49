import Diagnostics
import Digests
import Foundation
import HDF5
import PointSource
import Settings
import TestSupport
import Testing

@testable import TrialStore

@Suite("Files of catalogue searches")
struct CatalogueFileTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    static let names = ["NGC 1068", "TXS 0506+056", "PKS 1424+240, a blazar", "Güiña"]

    static func header(
        _ names: [String] = names, fits: Bool = false, data: String = "00ff"
    ) throws -> ChunkHeader {
        let sources = names.enumerated().map { number, name in
            "- {name: \"\(name)\", ra: \(0.1 + 4 * Double(number % 90)), dec: \(-50.25 + 2 * Double(number / 90)), weight: \(number + 1)}"
        }
        let text = """
            sample: IceTracks-DR2-v2
            search: catalogue
            source_fits: \(fits)
            sources:
            \(sources.joined(separator: "\n"))
            model_version: 1
            files:
              events.csv: \(data)
            flux_per_event: 1e-15

            """
        return try Campaign(text: text, file: "test").header(
            probes: [], softwareVersion: "0.1.0", provenance: ["host": "here", "cpu": "any"])
    }

    /// A record whose numbers are a function of its key.
    static func record(
        _ trial: Int64, mu: Double = 0, seed: Int64 = 1, sources: Int = names.count, fits: Bool = false
    ) -> TrialRecord {
        var record = StoreFolder.record(trial, mu: mu, seed: seed)
        func values(_ scale: Double) -> [Double] { (1...sources).map { scale * Double($0) / Double(trial + 1) } }
        record.sources = SourceFits(
            testStatistics: values(1.0 / 3), signalEvents: fits ? values(0.7) : [], gammas: fits ? values(2.1) : [])
        return record
    }

    private static func records(_ trials: Range<Int64>, mu: Double = 0, fits: Bool = false) -> [TrialRecord] {
        trials.map { record($0, mu: mu, fits: fits) }
    }

    /// Writes a chunk, each list of records in a session of its own.
    @discardableResult
    private func chunk(_ name: String, _ header: ChunkHeader, _ sessions: [TrialRecord]...) throws -> String {
        try folder.chunk(name, sessions: sessions.map { (header, $0) })
    }

    /// The packed rows of a file.
    private func rows(_ path: String) throws -> [UInt8] {
        let table = try TrialTable.open(path)
        return try table.read(0..<table.rowCount)
    }

    /// A mixture with two points of each of two sources, and one held-out point of each.
    private static let mixture = ProposalMixture(
        tail: 7, ordinaryShare: 0.1,
        points: [0, 0, 1, 1].enumerated().map { k, source in
            .init(signalEvents: 2 + Double(k), gamma: 2, share: 0.225, constant: -1 / Double(k + 3), source: source)
        },
        heldOut: [0, 1].map { .init(signalEvents: 5 + Double($0), gamma: 2.5, share: 0, constant: -2, source: $0) })

    private static func weightedRecord(_ trial: Int64, fits: Bool) -> TrialRecord {
        var record = record(trial, seed: 2, fits: fits)
        record.weight = TrialWeight(
            tail: 7, logWeight: -Double(trial) / 7, proposal: trial % 5, logRatios: [Double(trial) / 11])
        return record
    }

    @Test(
        "Weighted skies beside ordinary ones: chunks, a chunk that gets weights later, merge and columns",
        arguments: [false, true])
    func weighted(fits: Bool) throws {
        #expect(ProposalMixture(text: Self.mixture.text) == Self.mixture)
        #expect(Self.mixture.text.contains("{\"source\":1,\"ns\":4,"))
        for forged in ["\"source\":-1,\"ns\":4,", "\"ns\":4,", "\"source\":1.5,\"ns\":4,"] {
            #expect(
                ProposalMixture(text: Self.mixture.text.replacing("\"source\":1,\"ns\":4,", with: forged)) == nil)
        }
        #expect(Self.mixture.heldOutGroups.map(\.signalEvents) == [5.5])
        let plain = try Self.header(fits: fits)
        var header = plain
        header.mixture = Self.mixture
        let weighted = (0..<40).map { Self.weightedRecord($0, fits: fits) }
        let (ordinary, signal) = (Self.records(0..<30, fits: fits), Self.records(0..<5, mu: 3, fits: fits))
        let one = try folder.chunk("a.h5", sessions: [(plain, signal), (header, weighted), (plain, ordinary)])
        let set = try TrialSet(one)
        let tilted = Hypothesis(tail: 7, seed: 2)
        #expect(try set.records(of: tilted) == weighted)
        #expect(try set.records(of: Hypothesis(meanSignal: 0, seed: 1)) == ordinary)
        #expect(try set.records(of: Hypothesis(meanSignal: 3, seed: 1)) == signal)
        #expect(
            try set.values(.source(.testStatistic, 2), of: tilted)
                == weighted.compactMap { $0.sources?.testStatistics[2] })
        #expect(try set.values(.logRatio(0), of: tilted) == (0..<40).map { Double($0) / 11 })
        // Chunks with and without weights give the same merged table.
        let (two, three) = (try chunk("b.h5", header, weighted), try chunk("c.h5", plain, ordinary, signal))
        let results = try [[one], [three, two]].enumerated().map { number, inputs in
            try folder.merge(inputs, into: "m\(number).h5").tableDigest
        }
        #expect(results[0] == results[1])
        let merged = try TrialSet(folder.file("m0.h5"))
        #expect(merged.header.mixture == Self.mixture && merged.hypotheses.count == 3)
        #expect(
            try merged.records(of: tilted) == weighted
                && merged.records(of: Hypothesis(meanSignal: 3, seed: 1)) == signal)
    }

    @Test("Records come back, in datasets that other programs read", arguments: [false, true])
    func roundTrip(fits: Bool) throws {
        let header = try Self.header(fits: fits)
        let (background, signal) = (
            Self.records(0..<3000, fits: fits), (0..<50).map { Self.record($0, mu: 3, fits: fits) }
        )
        let path = try chunk("a.h5", header, signal, background)
        let set = try TrialSet(path)
        let null = Hypothesis(meanSignal: 0, seed: 1)
        #expect(try set.records(of: null) == background)
        #expect(try set.records(of: Hypothesis(meanSignal: 3, seed: 1)) == signal)
        #expect(set.header.sources?.sources.map(\.source.name) == Self.names)
        #expect(
            try set.values(.source(.testStatistic, 2), of: null) == background.map { $0.sources?.testStatistics[2] })
        #expect(throws: Fault.self) { _ = try set.values(.source(.testStatistic, 4), of: null) }
        if fits {
            #expect(try set.values(.source(.parameter, 3), of: null) == background.map { $0.sources?.gammas[3] })
        } else {
            #expect(throws: Fault.self) { _ = try set.values(.source(.signalEvents, 0), of: null) }
        }
        var passed = [[Double]](repeating: [], count: 2)
        _ = try TrialSet(path, reading: [.source(.testStatistic, 3), .testStatistic]) { hypothesis, columns in
            guard hypothesis == null else { return }
            for (index, values) in columns.enumerated() { passed[index] += values }
        }
        #expect(passed == [background.map { $0.sources?.testStatistics[3] ?? .nan }, background.map(\.testStatistic)])

        let root = try File.open(path).root
        let plain = try TrialTableLayout().recordLayout
        #expect(try root.table("trials").layout == plain)
        let wide = try RecordLayout.rows(of: .float64, columns: 4)
        #expect(try root.numbers("source_ts", expecting: wide).count == 3050)
        #expect(try root.contains("source_ns") == fits && root.contains("source_gamma") == fits)
        let group = try root.group("sources")
        #expect(try group.texts("name") == Self.names)
        #expect(try group.numbers("dec", expecting: .scalar(.float64)).count == 4)
        #expect(TrialTableLayout.Offset.probes + (fits ? 96 : 32) == set.layout.stride)
        let survey = try ChunkSurvey([path])
        #expect(survey.isSound && survey.present == set.coverage && survey.present.count == 3050)
    }

    @Test(
        "A writer that is killed and started again leaves the same table as one that is not", arguments: [false, true])
    func interruptions(fits: Bool) throws {
        let header = try Self.header(fits: fits)
        let whole = try rows(try chunk("whole.h5", header, Self.records(0..<90, fits: fits)))
        let killed = folder.file("killed.h5")
        for (first, last, isClosed) in [(0, 7, false), (7, 30, false), (30, 31, true), (31, 77, false), (77, 90, true)]
        {
            let chunk = try ChunkFile.open(killed, header: header)
            #expect(chunk.committedCount == first)
            try chunk.append(Self.records(Int64(first)..<Int64(last), fits: fits))
            try chunk.commit()
            // Made, and not committed.
            if !isClosed { try chunk.append([Self.record(1000, fits: fits)]) } else { try chunk.close() }
        }
        #expect(try rows(killed) == whole)
        #expect(try folder.names == ["killed.h5", "whole.h5"])
    }

    @Test("Every shorter journal is continued to the same table (kill -9 in a write)")
    func tornJournals() throws {
        let header = try Self.header()
        let whole = try rows(try chunk("whole.h5", header, Self.records(0..<12)))
        let path = folder.file("a.h5")
        do {
            let chunk = try ChunkFile.open(path, header: header)
            for first in [Int64(0), 4, 8] {
                try chunk.append(Self.records(first..<first + 4))
                try chunk.commit()
            }
        }
        let (empty, journal) = (
            try Data(contentsOf: URL(filePath: path)), try Data(contentsOf: URL(filePath: path + ".journal"))
        )
        // The first block is complete, or there is no journal.
        let block = JournalBlock.prefixLength + 4 * (TrialTableLayout.Offset.probes + 32)
        let start = journal.count - 3 * block
        for length in stride(from: start + block, through: journal.count, by: 11) {
            try empty.write(to: URL(filePath: path))
            try journal.prefix(length).write(to: URL(filePath: path + ".journal"))
            let chunk = try ChunkFile.open(path, header: header)
            let done = Int64((length - start) / block * 4)
            #expect(Int64(chunk.committedCount) == done, "\(length)")
            try chunk.append(Self.records(done..<12))
            try chunk.close()
            #expect(try rows(path) == whole, "\(length)")
        }
    }

    @Test("Any cover of the same trials merges to the same table, with a digest of all its numbers")
    func merging() throws {
        let header = try Self.header(fits: true)
        let all = Self.records(0..<400, fits: true)
        let a = try chunk("a.h5", header, all)
        let b = try chunk("b.h5", header, Array(all[..<133]))
        let c = try chunk("c.h5", header, Array(all[300...].reversed()), Array(all[100..<300]))
        let one = try folder.merge([a], into: "one.h5")
        let several = try folder.merge([c, b], into: "several.h5")
        #expect(several.tableDigest == one.tableDigest && several.duplicateRows == 33)
        #expect(try folder.merge([folder.file("one.h5"), b], into: "again.h5").tableDigest == one.tableDigest)
        let merged = try TrialSet(folder.file("several.h5"))
        #expect(try merged.records(of: Hypothesis(meanSignal: 0, seed: 1)) == all)
        #expect(merged.header.sources == header.sources && merged.missing == nil)
        // As in docs/file-format.md: of each row the record, then its numbers in the other datasets.
        let root = try File.open(folder.file("one.h5")).root
        let wide = try RecordLayout.rows(of: .float64, columns: 4)
        let parts =
            try [StoreFolder.rawRows(folder.file("one.h5"))]
            + ["source_ts", "source_ns", "source_gamma"].map { try root.numbers($0, expecting: wide).read(0..<400) }
        var bytes: [UInt8] = []
        for row in 0..<400 {
            for part in parts {
                let width = part.count / 400
                bytes += part[row * width..<(row + 1) * width]
            }
        }
        #expect(SHA256.hash(bytes).hexadecimal == one.tableDigest)

        var other = all
        other[7].sources?.gammas[3] += 1e-12
        let changed = try chunk("changed.h5", header, other)
        #expect(try folder.merge([changed], into: "changed-merged.h5").tableDigest != one.tableDigest)
        expectFault(.badData, "trial 7 of mu 0, seed 1 is also in \(a), with different numbers") {
            _ = try folder.merge([a, changed], into: "x.h5")
        }
        let survey = try ChunkSurvey([a, changed])
        #expect(!survey.isSound && survey.conflicting.count == 1 && survey.identical.count == 399)
        let gap = try chunk("gap.h5", header, Array(all[..<10] + all[20...]))
        _ = try folder.merge([gap], into: "gap-merged.h5")
        #expect(try TrialSet(folder.file("gap-merged.h5")).missing?.text == "mu 0, seed 1: 10–19")
    }

    @Test("A list too long for HDF5's records: 3,000 sources")
    func manySources() throws {
        let header = try Self.header((0..<3000).map { "s\($0)" })
        let records = (0..<40).map { Self.record($0, sources: 3000) }
        let path = try chunk("a.h5", header, Array(records[..<25]), Array(records[25...]))
        _ = try folder.merge([path], into: "merged.h5")
        #expect(try TrialSet(folder.file("merged.h5")).records(of: Hypothesis(meanSignal: 0, seed: 1)) == records)
    }

    @Test("Other lists are other campaigns, and trials of one source are not stored among those of many")
    func otherCampaigns() throws {
        let a = try chunk("a.h5", try Self.header(), Self.records(0..<3))
        let turned = try chunk("turned.h5", try Self.header(Self.names.reversed()), Self.records(3..<6))
        let fewer = try chunk(
            "fewer.h5", try Self.header(Self.names.dropLast()), (0..<3).map { Self.record($0, sources: 3) })
        let fitted = try chunk("fitted.h5", try Self.header(fits: true), Self.records(0..<3, fits: true))
        let plain = try folder.chunk("plain.h5", 0..<3)
        for other in [turned, fewer, fitted, plain] {
            expectFault(.badData, "belongs to another campaign than \(a)") {
                _ = try folder.merge([a, other], into: "m.h5")
            }
            #expect(try ChunkSurvey([a, other]).files.map(\.state) == [.sound, .foreign])
        }
        expectFault(.badData, "contains trials of another campaign") {
            _ = try ChunkFile.open(plain, header: try Self.header())
        }
        let open = try ChunkFile.open(a, header: try Self.header())
        expectFault(.usage, "its table has the fits of 4 sources, with 1 numbers each") {
            try open.append([StoreFolder.record(8)])
        }
        expectFault(.usage, "cannot be stored") { try open.append([Self.record(8, sources: 3)]) }
        expectFault(.usage, "cannot be stored") { try open.append([Self.record(8, fits: true)]) }
        try open.close()
        let ordinary = try ChunkFile.open(plain, header: StoreFolder.header())
        expectFault(.usage, "its table has the fits of one source only") { try ordinary.append([Self.record(8)]) }
        try ordinary.close()
    }

    @Test("A file whose datasets disagree with each other or with the campaign is damaged")
    func damage() throws {
        let path = folder.file("x.h5")
        let sound = try Self.header()
        func expectDamage(_ says: String, _ header: ChunkHeader, _ change: (TrialTable) throws -> Void = { _ in })
            throws
        {
            let table = try TrialTable.create(path, format: .chunk, header: header)
            if let count = header.sources?.sources.count {
                try table.append(try table.layout.encode([Self.record(0, sources: count)]))
            } else {
                try table.append(try table.layout.encode([StoreFolder.record(0)]))
            }
            try change(table)
            try table.finish(Coverage(of: [StoreFolder.record(0)]))
            expectFault(.badData, path, says) { _ = try TrialSet(path) }
            #expect(try ChunkSurvey([path]).files[0].state == .damaged)
        }
        /// The sources of another campaign, under this one's text.
        func exchanged(_ names: [String]) throws -> ChunkHeader {
            var header = sound
            header.sources = try Self.header(names).sources
            return header
        }
        var bare = sound
        bare.sources = nil
        try expectDamage("lacks the group \"sources\" of its search", bare)
        try expectDamage(
            "list \"name\" in its group \"sources\" is not that of its campaign", try exchanged(Self.names.reversed()))
        try expectDamage("list \"name\" in its group", try exchanged(Self.names.dropLast()))
        try expectDamage("its dataset \"source_ts\" has 2 rows, but it has 1 trials", sound) { table in
            let layout = try RecordLayout.rows(of: .float64, columns: 4)
            try table.file.root.numbers("source_ts", expecting: layout).append([UInt8](repeating: 0, count: 32))
        }

        // Datasets that a foreign program might write.
        func expectRefusal(_ says: String, _ fill: (Group) throws -> Void) throws {
            let file = try File.create(path)
            try fill(try file.root)
            try file.close()
            let root = try File.open(path).root
            expectFault(.badData, path, says) {
                _ = try root.numbers("source_ts", expecting: try RecordLayout.rows(of: .float64, columns: 4))
            }
        }
        try expectRefusal("lacks the dataset \"source_ts\"") { _ in }
        try expectRefusal("has 3 columns instead of 4") {
            _ = try $0.createTable("source_ts", layout: .rows(of: .float64, columns: 3))
        }
        try expectRefusal("is not a chunked table of rows and columns") {
            _ = try $0.createTable("source_ts", layout: .scalar(.float64))
        }
        try expectRefusal("is not of type float64") {
            _ = try $0.createTable("source_ts", layout: .rows(of: .int64, columns: 4))
        }
    }

    @Test("CSV has a column for each source, HDF5 a dataset; SkyLLH's records have the hottest source")
    func exports() throws {
        let records = Self.records(0..<30, fits: true)
        let set = try TrialSet(try chunk("a.h5", try Self.header(fits: true), records))
        try TrialExport([set], as: .csv).write(to: folder.file("a.csv"))
        let lines = try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8).split(separator: "\n")
        #expect(
            lines[0].hasSuffix(
                ",trial,flags,source_ts_1,source_ts_2,source_ts_3,source_ts_4,"
                    + "source_ns_1,source_ns_2,source_ns_3,source_ns_4,source_gamma_1,source_gamma_2,source_gamma_3,source_gamma_4"
            ))
        let last = lines[30].split(separator: ",").suffix(12).compactMap { Double($0) }
        let fits = try #require(records[29].sources)
        #expect(last == fits.testStatistics + fits.signalEvents + fits.gammas)

        try TrialExport([set], as: .h5).write(to: folder.file("columns.h5"))
        let root = try File.open(folder.file("columns.h5")).root
        let columns = try root.numbers("source_gamma", expecting: .rows(of: .float64, columns: 4))
        let original = try File.open(folder.file("a.h5")).root
            .numbers("source_gamma", expecting: .rows(of: .float64, columns: 4))
        #expect(try columns.read(0..<30) == original.read(0..<30))
        #expect(try root.group("sources").texts("name") == Self.names)

        try TrialExport([set], as: .npy).write(to: folder.file("a.npy"))
        let plain = try TrialSet(try folder.chunk("plain.h5", 0..<30))
        try TrialExport([plain], as: .npy).write(to: folder.file("plain.npy"))
        #expect(
            try Data(contentsOf: URL(filePath: folder.file("a.npy")))
                == Data(contentsOf: URL(filePath: folder.file("plain.npy"))))
    }
}
