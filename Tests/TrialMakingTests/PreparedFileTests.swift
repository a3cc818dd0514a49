import Diagnostics
import Foundation
import IceTracks
import Numerics
import PointSource
import TestSupport
import Testing

@testable import Settings
@testable import ToyRelease
@testable import TrialMaking
@testable import TrialStore

@Suite("Prepared files")
struct PreparedFileTests {
    /// The analysis of one season of a small toy release and its campaign, made once.
    private static let made = Result { () throws -> (analysis: PointSourceAnalysis, campaign: Campaign) in
        let folder = try ScratchFolder()
        try ToyRelease(scale: 0.004, bins: 4).write(into: folder.path)
        let release = try Release(path: folder.path, sample: ToyRelease.sample)
        let datasets = try release.load(["IC40"])
        var layer = ConfigurationLayer()
        layer.datasets = ["IC40"]
        layer.sourceName = "NGC 1068: \"M 77\""
        (layer.rightAscension, layer.declination) = (40.67, -0.01)
        let configuration = try Configuration(layer)
        let analysis = try PointSourceAnalysis(
            datasets: datasets, source: configuration.source, settings: configuration.settings)
        let campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent())
        return (analysis, campaign)
    }

    private let analysis: PointSourceAnalysis
    private let campaign: Campaign
    private let path: String
    private let folder: ScratchFolder

    init() throws {
        (analysis, campaign) = try Self.made.get()
        folder = try ScratchFolder()
        path = folder.file("ic40.prepared")
        try PreparedFile.write(analysis, campaign, to: path)
    }

    private func records(_ analysis: PointSourceAnalysis) throws -> [TrialRecord] {
        var all: [TrialRecord] = []
        let trials = TrialRanges([try #require(TrialRange(first: 0, last: 99))])
        try TrialRunner(analysis: analysis, threads: 2).run(trials, of: Hypothesis(meanSignal: 4, seed: 2)) {
            all += $0
        }
        return all
    }

    private func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    /// The fault that a file of those bytes is refused with.
    private func refusal(_ bytes: some Collection<UInt8>) throws -> Fault? {
        let copy = folder.file("copy.prepared")
        try Data(bytes).write(to: URL(filePath: copy))
        do {
            _ = try PreparedFile(contentsOf: copy).analysis()
            return nil
        } catch let fault as Fault {
            #expect(fault.place == .file(copy) && fault.remedy != nil, "\(fault)")
            return fault
        }
    }

    @Test("A file gives the campaign and the trials back")
    func roundTrip() throws {
        let file = try PreparedFile(contentsOf: path)
        #expect(file.campaign.fingerprint == campaign.fingerprint)
        #expect(file.campaign.text == campaign.text)
        #expect(try records(try file.analysis()) == records(analysis))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ic40.prepared"])
    }

    @Test("Every flipped bit is found (seed 12)")
    func bitFlips() throws {
        let bytes = try bytes()
        var random = RandomStream(key: .init(seed: 12, stream: 0), trial: 0, purpose: 0)
        for number in 0..<1200 {
            // All bits of the header, then anywhere.
            let bit = number < 512 ? number : Int(random.uniform() * Double(8 * bytes.count))
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(try refusal(flipped)?.kind == .badData, "bit \(bit % 8) of byte \(bit / 8)")
        }
    }

    @Test("A file that is cut short or too long is refused (seed 13)")
    func lengths() throws {
        let bytes = try bytes()
        var random = RandomStream(key: .init(seed: 13, stream: 0), trial: 0, purpose: 0)
        for number in 0..<200 {
            let length = number < 70 ? number : Int(random.uniform() * Double(bytes.count))
            let fault = try #require(try refusal(bytes.prefix(length)), "\(length) bytes")
            #expect(fault.kind == .badData)
            if length >= 8 { #expect(fault.problem.contains("is truncated")) }
        }
        #expect(try refusal(bytes + [0])?.problem == "has \(bytes.count + 1) bytes instead of \(bytes.count)")
    }

    @Test("Stretches of a file that changed places are found")
    func exchange() throws {
        var bytes = try bytes()
        let (a, b) = (4096..<4096 + 32, 8192..<8192 + 32)
        let (first, second) = (Array(bytes[a]), Array(bytes[b]))
        try #require(first != second)
        bytes.replaceSubrange(a, with: second)
        bytes.replaceSubrange(b, with: first)
        #expect(try refusal(bytes)?.problem.contains("checksum") == true)
    }

    @Test("Another version, another model and a foreign file are refused with a sentence that says so")
    func foreign() throws {
        var other = try bytes()
        other[8] = 77
        #expect(try refusal(other)?.problem == "has version 77 of the format, but this trialgen reads version 1")
        #expect(try refusal(Array("# log10(E/GeV)\n".utf8))?.problem == "is not a file of trialgen prepare")
        let old = Campaign(
            configuration: campaign.configuration, fileDigests: campaign.fileDigests, modelVersion: "0.1",
            fluxPerEvent: campaign.fluxPerEvent)
        try PreparedFile.write(analysis, old, to: path)
        #expect(try refusal(try bytes())?.problem.contains("model version \"0.1\"") == true)
        let missing = #expect(throws: Fault.self) { try PreparedFile(contentsOf: folder.file("none")) }
        #expect(missing?.kind == .missingInput)
        let isFolder = #expect(throws: Fault.self) { try PreparedFile(contentsOf: folder.path) }
        #expect(isFolder?.kind == .missingInput)
    }

    @Test("Settings over a file's may repeat them, and contradict none")
    func settings() throws {
        let file = try PreparedFile(contentsOf: path)
        var layer = ConfigurationLayer()
        layer.set(\.seed, 9)
        layer.set(\.declination, -0.01)
        let configuration = try Configuration(layer, of: file)
        #expect(configuration.canonicalYAML == campaign.configuration.canonicalYAML)
        #expect(configuration.seed == 9 && configuration.source.name == "NGC 1068: \"M 77\"")
        #expect(file.campaign(of: configuration).fingerprint == campaign.fingerprint)

        layer.set(\.declination, 5)
        let fault = #expect(throws: Fault.self) { try Configuration(layer, of: file) }
        #expect(fault?.kind == .usage && fault?.place == .field("--dec"))
        #expect(fault?.problem == "5 contradicts \(path), which was prepared for -0.01")
        var datasets = ConfigurationLayer()
        datasets.set(\.datasets, ["IC40", "IC59"])
        #expect(throws: Fault.self) { try Configuration(datasets, of: file) }
    }

    @Test("The checksum's accumulators are those of XXH64")
    func checksum() {
        // One stripe of zeros and one of the bytes 0 to 31, worked out by hand from the specification's round function.
        func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
            let sum = accumulator &+ lane &* 14_029_467_366_897_019_727
            return (sum << 31 | sum >> 33) &* 11_400_714_785_074_694_791
        }
        var checksum = StripeChecksum()
        let start = checksum.words
        let bytes = (0..<32).map { UInt8($0) }
        bytes.withUnsafeBytes { checksum.update($0) }
        let lanes: [UInt64] = [
            0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, 0x1716_1514_1312_1110, 0x1F1E_1D1C_1B1A_1918,
        ]
        for i in 0..<4 { #expect(checksum.words[i] == round(start[i], lanes[i])) }
    }
}
