import Diagnostics
import Foundation
import PointSource
import TestSupport
import Testing

@testable import TrialStore

@Suite("Surveys of chunks")
struct ChunkSurveyTests {
    private let folder: StoreFolder
    private let hypothesis = Hypothesis(meanSignal: 0, seed: 1)

    init() throws { folder = try StoreFolder() }

    @Test("Files of every state are told apart, and only sound ones count")
    func states() throws {
        let paths = ["sound", "damaged", "unfinished", "foreign", "text", "absent"].map { folder.file($0 + ".h5") }
        try folder.chunk("sound.h5", 0..<50)
        try folder.chunk("damaged.h5", 50..<2000)
        var bytes = try Data(contentsOf: URL(filePath: paths[1]))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: paths[1]))
        do {
            let chunk = try ChunkFile.open(paths[2], header: StoreFolder.header())
            try chunk.append([StoreFolder.record(3000)])
            try chunk.commit()
        }
        try folder.chunk(
            "foreign.h5", 90..<99,
            header: StoreFolder.header(
                data: "11", campaign: StoreFolder.campaign.replacingOccurrences(of: "5.7", with: "5.8")))
        try Data("no chunk".utf8).write(to: URL(filePath: paths[4]))

        let survey = try ChunkSurvey(paths)
        #expect(survey.files.map(\.state) == [.sound, .damaged, .unfinished, .foreign, .damaged, .absent])
        #expect(survey.present[hypothesis].description == "0–49")
        #expect(survey.damaged[hypothesis].description == "50–1999")
        #expect(survey.files[3].problem.contains("source.dec is 5.8 in it"))
        #expect(!survey.isSound)
        #expect(survey.identical.isEmpty && survey.conflicting.isEmpty)
        #expect(try ChunkSurvey([paths[0], paths[5]]).isSound)
    }

    @Test("A header whose campaign was edited is refused, and so is one that leads elsewhere")
    func editedCampaign() throws {
        let edited = StoreFolder.campaign.replacing("dec: 5.7", with: "dec: 5.8")
        var header = StoreFolder.header()
        for text in [
            edited, StoreFolder.campaign.replacing("00ff", with: "00fe"), StoreFolder.campaign + "gamma: 2.5\n",
            "nothing",
        ] {
            header.campaign = text
            let path = folder.file("edited.h5")
            _ = try WholeChunk.write(path, header: header, replace: true) { add throws(Fault) in
                try add([StoreFolder.record(1)])
            }
            expectFault(.badData, path, "the campaign in its header") { _ = try TrialSet(path) }
            #expect(try ChunkSurvey([path]).files[0].state == .damaged)
            expectFault(.badData, path, "the campaign in its header") {
                _ = try TrialMerge.merge([path], into: folder.file("merged.h5"), softwareVersion: "1")
            }
        }
    }

    @Test("What the system refuses to open is unreadable, not damaged")
    func unreadable() throws {
        let path = try folder.chunk("locked.h5", 0..<10)
        // A folder can be opened by nobody as a file, not even by root.
        try FileManager.default.createDirectory(atPath: folder.file("folder.h5"), withIntermediateDirectories: false)
        mkfifo(folder.file("pipe.h5"), 0o600)
        let survey = try ChunkSurvey([path, folder.file("folder.h5"), folder.file("pipe.h5")])
        #expect(survey.files.map(\.state) == [.sound, .unreadable, .unreadable])
    }

    @Test("Identical duplicates are told from conflicting ones, trial by trial")
    func duplicates() throws {
        let one = try folder.chunk("one.h5", 0..<100)
        let two = try folder.chunk("two.h5", 90..<200)
        let path = folder.file("three.h5")
        let chunk = try ChunkFile.open(path, header: StoreFolder.header())
        try chunk.append(
            (Int64(150)..<160).map { trial in
                var record = StoreFolder.record(trial)
                if trial == 155 { record.testStatistic += 1 }
                return record
            })
        try chunk.close()
        let survey = try ChunkSurvey([one, two, path])
        #expect(survey.identical[hypothesis].description == "90–99, 150–154, 156–159")
        #expect(survey.conflicting[hypothesis].description == "155")
        #expect(survey.conflictingFiles.map(\.one) == [two])
        #expect(survey.conflictingFiles.map(\.other) == [path])
        #expect(!survey.isSound)
    }

    @Test("A journal whose trials all stand in the chunk is left over, and counts for nothing")
    func leftOverJournals() throws {
        let path = folder.file("chunk.h5")
        try folder.chunk("chunk.h5", 0..<10)
        do {
            let chunk = try ChunkFile.open(path, header: StoreFolder.header())
            try chunk.append((10..<20).map { StoreFolder.record($0) })
            try chunk.commit()
        }
        let journal = try Data(contentsOf: URL(filePath: path + ".journal"))
        expectFault(.temporary, "some of its trials are in") { _ = try TrialSet(path) }
        do {
            let chunk = try ChunkFile.open(path, header: StoreFolder.header())
            try chunk.append((20..<30).map { StoreFolder.record($0) })
            try chunk.close()
        }
        try journal.write(to: URL(filePath: path + ".journal"))
        #expect(try TrialSet(path).coverage[hypothesis].description == "0–29")
        #expect(try ChunkSurvey([path]).files.map(\.state) == [.sound])

        // Beside a chunk of other trials it is not.
        for name in try folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
        try folder.chunk("chunk.h5", 100..<130)
        try journal.write(to: URL(filePath: path + ".journal"))
        expectFault(.temporary, "some of its trials are in") { _ = try TrialSet(path) }
    }
}
