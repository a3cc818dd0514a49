@testable import Files
import PointSource

@testable import Settings
@testable import TrialMaking
@testable import TrialStore

extension FuzzTarget {
    static func readConfiguration(_ bytes: UnsafeRawBufferPointer) throws {
        let file = ScratchFile.shared.path(holding: bytes)
        _ = try ConfigurationSurvey(contentsOf: file)
        let layer = try ConfigurationLayer(contentsOf: file)
        _ = try layer.points()
        let yaml = try Configuration(layer).canonicalYAML
        var reader = ConfigurationReader(file: file)
        let again = try? Configuration(try reader.read(yaml)).canonicalYAML
        precondition(again == yaml)
    }

    static func readChunk(_ bytes: UnsafeRawBufferPointer) throws {
        guard let kind = bytes.first else { return }
        let rest = bytes.dropFirst()
        let path = kind % 2 == 0 ? ScratchFile.shared.path(holding: rest) : try TrialFile(rest).write()
        let set = try TrialSet(path)
        for hypothesis in set.hypotheses { _ = try set.records(of: hypothesis) }
        let survey = try ChunkSurvey([path, path])
        _ = [survey.present, survey.identical, survey.conflicting, survey.damaged].map(\.count)
        _ = set.coverage.gaps.description
        let merged = path + ".merged"
        _ = try TrialMerge.merge([path], into: merged, replace: true, softwareVersion: "fuzz")
        precondition((try? TrialSet(merged)) != nil)
        _ = try Campaign(text: set.header.campaign, file: set.path)
    }

    static func readJournal(_ bytes: UnsafeRawBufferPointer) throws {
        let chunk = ScratchFile.shared.path
        let sound = Array(bytes).withRightJournalChecksums
        _ = sound.withUnsafeBytes { ScratchFile(Journal.path(of: chunk)).path(holding: $0[...]) }
        guard let journal = try Journal.open(for: chunk, .system) else { return }
        try journal.forEachBlock { _, _ in }
        let contents = try ChunkContents(reading: chunk, expecting: journal.header.chunk, .system)
        try contents.repair()
        _ = contents.coverage.count
    }

    static func readPrepared(_ bytes: UnsafeRawBufferPointer) throws {
        let sound = Array(bytes).withRightPreparedChecksum
        let prepared = try PreparedFile(
            contentsOf: sound.withUnsafeBytes { ScratchFile.shared.path(holding: $0[...]) })
        let analysis = try prepared.analysis()
        var workspace = analysis.makeWorkspace()
        for meanSignal in [0.0, 3.0] {
            let hypothesis = Hypothesis(meanSignal: meanSignal, seed: 1)
            for number in 0..<2 {
                _ = try analysis.trial(UInt64(number), of: hypothesis, probes: [], workspace: &workspace)
            }
        }
    }

    static func readNumpy(_ bytes: UnsafeRawBufferPointer) throws {
        let output = ScratchFile.shared.path + ".imported"
        ScratchFile(output).remove()
        var layer = ConfigurationLayer()
        (layer.rightAscension, layer.declination) = (40, -60)
        _ = try SkyLLHTrials.read(
            [ScratchFile.shared.path(holding: bytes[...])], into: output, configuration: try Configuration(layer),
            fluxPerEvent: 1e-16, softwareVersion: "fuzz")
        // What was imported can be read.
        precondition((try? TrialSet(output)) != nil)
    }
}
