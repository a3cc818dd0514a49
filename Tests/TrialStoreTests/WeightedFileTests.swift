import Diagnostics
import Digests
import Foundation
import HDF5
import PointSource
import Settings
import TestSupport
import Testing

@testable import TrialStore

@Suite("Files with weighted trials")
struct WeightedFileTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    private static func mixture(tail: Double = 7, constant: Double = -12.25) -> ProposalMixture {
        ProposalMixture(
            tail: tail, ordinaryShare: 0.1,
            points: [
                .init(signalEvents: 7.123456789012345, gamma: 2, share: 0.45, constant: constant),
                .init(signalEvents: 1e-3, gamma: 3.5, share: 0.45, constant: 1.0 / 3),
            ],
            heldOut: [.init(signalEvents: 5, gamma: 2.25, share: 0, constant: -4)])
    }

    private static func header(_ mixture: ProposalMixture? = mixture(), probes: [Probe] = []) -> ChunkHeader {
        var header = StoreFolder.header(probes: probes)
        header.mixture = mixture
        return header
    }

    private static func record(_ trial: Int64, tail: Double = 7, probes: Int = 0) -> TrialRecord {
        var record = StoreFolder.record(trial, seed: 2, probes: probes)
        record.weight = TrialWeight(
            tail: tail, logWeight: -Double(trial) / 7, proposal: trial % 3, logRatios: [Double(trial) / 11])
        return record
    }

    @Test("A mixture's text reads back as the same mixture")
    func text() throws {
        let mixture = Self.mixture()
        #expect(ProposalMixture(text: mixture.text) == mixture)
        #expect(ProposalMixture(text: mixture.text.dropLast().description) == nil)
        for (part, forged) in [
            ("\"ordinary_share\":0.1", "\"ordinary_share\":0.5"), ("\"ordinary_share\":0.1", "\"ordinary_share\":-0.1"),
            ("\"ns\":7.12", "\"ns\":-7.12"), ("\"constant\":-12.25", "\"constant\":1e308"),
        ] {
            #expect(
                mixture.text.contains(part) && ProposalMixture(text: mixture.text.replacing(part, with: forged)) == nil)
        }
        #expect(ProposalMixture(text: mixture.text.replacing("\"tail\":7", with: "\"tail\":70")) == nil)
        // Version 0.2.0 drew by another rule, which its files do not name.
        let rule = "{\"drawing\":2,\"mixture\":"
        let oldText = String(mixture.text.dropFirst(rule.count).dropLast())
        let old = try #require(ProposalMixture(text: oldText))
        #expect(old.drawing == 1 && old.text == oldText && mixture.text.hasPrefix(rule))
        #expect(
            mixture.difference(from: old, here: "a", there: "b")
                == "weighted trials are drawn by rule 2 in a and by rule 1 in b")
        #expect(ProposalMixture(text: mixture.text.replacing("g\":2", with: "g\":3")) == nil)
    }

    @Test("Records of both kinds come back, weighted ones after the ordinary ones of mu 0")
    func roundTrip() throws {
        let probe = Probe(signalEvents: 5, gamma: 2)
        let weighted = (0..<40).map { Self.record($0, probes: 1) }
        let ordinary = (0..<30).map { StoreFolder.record($0, seed: 9, probes: 1) }
        let signal = (0..<20).map { StoreFolder.record($0, mu: 3, probes: 1) }
        let path = try folder.chunk("a.h5", sessions: [(Self.header(probes: [probe]), weighted + signal + ordinary)])
        let set = try TrialSet(path)
        let hypotheses = [
            Hypothesis(meanSignal: 0, seed: 9), Hypothesis(tail: 7, seed: 2), Hypothesis(meanSignal: 3, seed: 1),
        ]
        #expect(set.hypotheses == hypotheses && set.header.mixture == Self.mixture())
        #expect(set.meanSignals == [0, 3])
        for (hypothesis, records) in zip(hypotheses, [ordinary, weighted, signal]) {
            #expect(try set.records(of: hypothesis) == records)
        }
        #expect(try set.values(.testStatistic, meanSignal: 0) == ordinary.map(\.testStatistic))
        #expect(try set.values(.logWeight, of: hypotheses[1]) == weighted.map { $0.weight?.logWeight })
        #expect(try set.values(.proposal, of: hypotheses[0]) == ordinary.map { _ in -1 })
        #expect(try set.values(.logRatio(0), of: hypotheses[1]) == weighted.map { $0.weight?.logRatios[0] })
        #expect(throws: Fault.self) { _ = try set.values(.logRatio(1), of: hypotheses[1]) }

        let root = try File.open(path).root
        let names = try root.table("trials").layout.fields.map(\.name)
        #expect(names.suffix(4) == ["log_lambda@5:2", "log_weight", "proposal", "log_ratio_1"])
        #expect(try root.table("ranges").layout.fields.map(\.name).last == "tail")
        #expect(try root.attributes.string("mixture_sha256") == SHA256.hash(Self.mixture().text.utf8).hexadecimal)
        let survey = try ChunkSurvey([path])
        #expect(survey.isSound && survey.present == set.coverage && survey.present.count == 90)
        #expect(Hypothesis(tail: 7, seed: 2).description == "mu 0, tail 7, seed 2")
    }

    @Test("A chunk of ordinary trials takes weighted ones, also if its writer was killed before")
    func widening() throws {
        let ordinary = (0..<30).map { StoreFolder.record($0) }
        let weighted = (0..<40).map { Self.record($0) }
        let whole = try folder.chunk("whole.h5", sessions: [(Self.header(), ordinary + weighted)])
        let twoSessions = try folder.chunk(
            "two.h5",
            sessions: [
                (Self.header(nil), ordinary), (Self.header(), Array(weighted[..<9])), (Self.header(nil), []),
                (Self.header(), Array(weighted[9...])),
            ])
        #expect(try StoreFolder.rawRows(twoSessions) == StoreFolder.rawRows(whole))
        // Killed after the first commit of each kind: the journal holds the trials.
        let killed = folder.file("killed.h5")
        for (header, records) in [(Self.header(nil), ordinary), (Self.header(), weighted)] {
            let chunk = try ChunkFile.open(killed, header: header)
            try chunk.append(records)
            try chunk.commit()
        }
        try ChunkFile.open(killed, header: Self.header()).close()
        #expect(try StoreFolder.rawRows(killed) == StoreFolder.rawRows(whole))
        // A later session without weighted trials leaves the fields.
        try ChunkFile.open(killed, header: Self.header(nil)).close()
        #expect(try TrialSet(killed).header.mixture == Self.mixture())
    }

    @Test("A journal that was left over when the chunk got the fields of weights disturbs nobody")
    func leftOverJournal() throws {
        let path = folder.file("a.h5")
        let chunk = try ChunkFile.open(path, header: Self.header(nil))
        try chunk.append((0..<30).map { StoreFolder.record($0) })
        try chunk.commit()
        let journal = try Data(contentsOf: URL(filePath: path + ".journal"))
        try chunk.close()
        try folder.chunk("a.h5", sessions: [(Self.header(), (0..<9).map { Self.record($0) })])
        try journal.write(to: URL(filePath: path + ".journal"))
        #expect(try TrialSet(path).coverage.count == 39)
        try ChunkFile.open(path, header: Self.header()).close()
        #expect(try folder.names == ["a.h5"])
    }

    @Test("Any cover of the same trials merges to the same table; without weighted trials to that of ordinary ones")
    func merging() throws {
        let (ordinary, weighted) = ((0..<50).map { StoreFolder.record($0) }, (0..<60).map { Self.record($0) })
        let a = try folder.chunk("a.h5", sessions: [(Self.header(), ordinary + weighted)])
        let b = try folder.chunk("b.h5", sessions: [(Self.header(nil), Array(ordinary[..<33]))])
        let c = try folder.chunk(
            "c.h5", sessions: [(Self.header(), Array(weighted[20...].reversed()) + ordinary[30...])])
        let d = try folder.chunk("d.h5", sessions: [(Self.header(), Array(weighted[..<25]))])
        let one = try folder.merge([a], into: "one.h5")
        #expect(try folder.merge([b, c, d], into: "several.h5").tableDigest == one.tableDigest)
        #expect(try folder.merge([d, folder.file("one.h5"), b], into: "again.h5").tableDigest == one.tableDigest)
        #expect(one.rows == 110 && !one.hasGaps)
        #expect(try StoreFolder.rawRows(folder.file("one.h5")) == StoreFolder.rawRows(a))

        let wide = try folder.chunk("wide.h5", sessions: [(Self.header(), ordinary)])
        let narrow = try folder.chunk("narrow.h5", sessions: [(Self.header(nil), ordinary)])
        let digests = try [
            folder.merge([wide], into: "w.h5"), folder.merge([narrow], into: "n.h5"),
            folder.merge([b, wide], into: "x.h5"),
        ].map(\.tableDigest)
        #expect(Set(digests).count == 1)
        #expect(try TrialSet(folder.file("w.h5")).header.mixture == nil)
    }

    @Test("Files whose mixtures differ do not merge, and nothing is added to a chunk with another one")
    func otherMixtures() throws {
        let a = try folder.chunk("a.h5", sessions: [(Self.header(), [Self.record(0)])])
        let b = try folder.chunk("b.h5", sessions: [(Self.header(nil), [StoreFolder.record(0)])])
        let six = try folder.chunk(
            "six.h5", sessions: [(Self.header(Self.mixture(tail: 6)), [Self.record(0, tail: 6)])])
        let other = try folder.chunk(
            "other.h5", sessions: [(Self.header(Self.mixture(constant: -12.5)), [Self.record(1)])])
        expectFault(.badData, "weighted trials are for up to 6 sigma") {
            _ = try folder.merge([b, a, six], into: "m.h5")
        }
        expectFault(.badData, "point 1 of the mixture of weighted trials is") {
            _ = try folder.merge([a, b, other], into: "m.h5")
        }
        let survey = try ChunkSurvey([b, a, six])
        #expect(survey.files.map(\.state) == [.sound, .sound, .foreign])
        expectFault(.badData, "weighted trials are for up to 7 sigma in this campaign and 6 in the file") {
            _ = try ChunkFile.open(six, header: Self.header())
        }
        // A trial needs the mixture of its table.
        let chunk = try ChunkFile.open(b, header: Self.header(nil))
        expectFault(.usage, "cannot be stored") { try chunk.append([Self.record(3)]) }
        try chunk.close()
    }

    @Test("A weight that no trial has is damage")
    func damage() throws {
        for (logWeight, proposal, says) in [
            (0.5, Int64(-1), "log_weight is 0.5"), (.nan, 1, "log_weight is nan"), (-1, 3, "proposal is 3"),
            (-1, -2, "proposal is -2"),
            // With a tenth of ordinary trials no weight exceeds 10.
            (2.4, 1, "log_weight is 2.4"),
        ] {
            var record = Self.record(0)
            record.weight?.logWeight = logWeight
            record.weight?.proposal = proposal
            let path = folder.file("x.h5")
            let table = try TrialTable.create(path, format: .chunk, header: Self.header())
            try table.append(try table.layout.encode([record]))
            try table.finish(Coverage(of: [Self.record(0)]))
            expectFault(.badData, says) { _ = try TrialSet(path) }
        }
    }

    @Test("CSV has the fields of weights; SkyLLH's records leave weighted trials out")
    func exports() throws {
        let b = try folder.chunk("b.h5", sessions: [(Self.header(nil), (0..<5).map { StoreFolder.record($0) })])
        let a = try folder.chunk("a.h5", sessions: [(Self.header(), (0..<7).map { Self.record($0) })])
        let sets = try [b, a].map { try TrialSet($0) }
        let csv = try TrialExport(sets, as: .csv)
        #expect(csv.count == 12 && csv.leftOut == 0)
        try csv.write(to: folder.file("a.csv"))
        let lines = try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines[0].hasSuffix(",flags,log_weight,proposal,log_ratio_1"))
        #expect(lines[1].hasSuffix(",0,-1,0") && lines.count == 13)
        #expect(lines[7].hasSuffix(",\(-1.0 / 7),1,\(1.0 / 11)"))
        let npy = try TrialExport(sets, as: .npy)
        #expect(npy.count == 5 && npy.leftOut == 7)
        expectFault(.badData, "contains only weighted trials") { _ = try TrialExport([sets[1]], as: .npy) }
    }
}
