import Foundation
import PointSource
import Settings
import TestSupport
import TrialStore

/// A temporary folder for one test of trialmerge, with chunks whose numbers follow a known distribution.
///
/// The distribution: TS = z² if z > 0, else 0, with z normal about mu / 2. So half of the background has TS 0, a one-sided
/// significance of s sigma lies at TS = s², and the power of mu above it is Φ(mu / 2 − s).
struct TrialFolder {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    var path: String { folder.path }

    func file(_ name: String) -> String { folder.file(name) }

    var names: [String] { get throws { try folder.names } }

    static let fluxPerEvent = 2.5e-14

    static func campaign(
        gamma: Double = 2, cutoff: Double? = nil, fluxPerEvent: Double = fluxPerEvent
    ) throws -> Campaign {
        var layer = ConfigurationLayer()
        layer.sourceName = "TXS 0506+056"
        layer.rightAscension = 77.25
        layer.declination = 5.75
        layer.gamma = gamma
        layer.cutoffEnergy = cutoff
        return Campaign(
            configuration: try Configuration(layer), fileDigests: ["events.csv": "00ff"], modelVersion: "1",
            fluxPerEvent: fluxPerEvent)
    }

    /// Writes a chunk with the given trials of one or several mu.
    ///
    /// - Parameter shift: is added to every TS, to make numbers that contradict those of another chunk.
    @discardableResult
    func chunk(
        _ name: String, _ trials: Range<Int64>, mu: [Double] = [0], seed: Int64 = 1, campaign: Campaign? = nil,
        shift: Double = 0
    ) throws -> String {
        let header = try (campaign ?? Self.campaign()).header(probes: [], softwareVersion: "0.1.0")
        let chunk = try ChunkFile.open(file(name), header: header)
        for mu in mu {
            try chunk.append(trials.map { Self.record($0, mu: mu, seed: seed, shift: shift) })
        }
        try chunk.close()
        return file(name)
    }

    /// The means of z that weighted trials are drawn with; the first is the background's.
    private static let means = [0, 2, 3.5, 5, 6.5, 8]
    private static let heldOutMeans = [2.75, 7.25]

    /// Writes a chunk with weighted background trials of the same distribution.
    ///
    /// - Parameter power: of the weights; another than 1 makes them wrong.
    @discardableResult
    func weightedChunk(_ name: String, _ trials: Range<Int64>, seed: Int64 = 2, power: Double = 1) throws -> String {
        func point(_ mean: Double, share: Double) -> ProposalMixture.Point {
            ProposalMixture.Point(signalEvents: mean, gamma: 2, share: share, constant: mean * mean / 2)
        }
        let mixture = ProposalMixture(
            tail: 7, ordinaryShare: 0.1, points: Self.means.dropFirst().map { point($0, share: 0.18) },
            heldOut: Self.heldOutMeans.map { point($0, share: 0) })
        let header = try Self.campaign().header(probes: [], softwareVersion: "0.1.0", mixture: mixture)
        let chunk = try ChunkFile.open(file(name), header: header)
        try chunk.append(
            trials.map { trial in
                let place = trial % 50
                let component = place < 5 ? 0 : 1 + Int(place - 5) / 9
                let z = Self.normal(trial, stream: 0x5EED &+ UInt64(bitPattern: seed) << 40) + Self.means[component]
                func ratio(_ mean: Double) -> Double { mean * z - mean * mean / 2 }
                let density = 0.1 + Self.means.dropFirst().reduce(0) { $0 + 0.18 * exp(ratio($1)) }
                return TrialRecord(
                    trial: trial, seed: seed, meanSignal: 0, injected: 0, testStatistic: z > 0 ? z * z : 0,
                    signalEvents: max(0, 2 * z), gamma: 2,
                    weight: TrialWeight(
                        tail: 7, logWeight: -power * log(density), proposal: Int64(component),
                        logRatios: Self.heldOutMeans.map(ratio)))
            })
        try chunk.close()
        return file(name)
    }

    /// Writes what `trialgen unblind --json` prints for the campaign of ``chunk(_:_:mu:seed:campaign:shift:)``.
    func unblinded(_ name: String, ts: Double) throws -> String {
        let campaign = try Self.campaign()
        let members: [String: Any] = [
            "ts": ts, "ns": 7, "gamma": 2.1, "log_lambda": ts / 2, "flux_norm": 1.5e-13,
            "fingerprint": campaign.fingerprint, "campaign": campaign.text,
        ]
        try JSONSerialization.data(withJSONObject: members).write(to: URL(filePath: file(name)))
        return file(name)
    }

    /// The sources of a catalogue search: every third lies south of declination −5°.
    static let catalogue = ["NGC 1068", "TXS 0506+056", "PKS 1424+240", "GB6 J1542+6129", "Mrk 421", "M 87"]

    /// A campaign that searches the first sources of ``catalogue``.
    static func catalogueCampaign(
        _ names: [String] = catalogue, fits: Bool = false, data: String = "00ff"
    ) throws -> Campaign {
        let sources = names.enumerated().map { number, name in
            "- {name: \(name), ra: \(20.5 + 31 * Double(number)), dec: \(number % 3 == 2 ? -30 - number : 5 + number)}"
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
            flux_per_event: \(fluxPerEvent)

            """
        return try Campaign(text: text, file: "test")
    }

    /// Writes a chunk with trials of a catalogue search. The TS of each source follows the distribution of mu, at the
    /// first source, and that of background at the others; sources are independent.
    @discardableResult
    func catalogueChunk(
        _ name: String, _ trials: Range<Int64>, mu: [Double] = [0], seed: Int64 = 1, campaign: Campaign? = nil
    ) throws -> String {
        let campaign = try campaign ?? Self.catalogueCampaign()
        let chunk = try ChunkFile.open(file(name), header: campaign.header(probes: [], softwareVersion: "0.1.0"))
        let (count, hasFits) = (campaign.configuration.sources.count, campaign.configuration.sourceFits)
        for mu in mu {
            try chunk.append(
                trials.map { trial in
                    let all = (0..<count).map { source in
                        Self.record(trial, mu: source == 0 ? mu : 0, seed: seed + 100 * Int64(source + 1), shift: 0)
                    }
                    let ts = all.map(\.testStatistic)
                    var hottest = all[ts.firstIndex(of: ts.max() ?? 0) ?? 0]
                    (hottest.seed, hottest.meanSignal, hottest.injected) = (seed, mu, Int64(mu))
                    hottest.sources = SourceFits(
                        testStatistics: ts, signalEvents: hasFits ? all.map(\.signalEvents) : [],
                        gammas: hasFits ? all.map(\.gamma) : [])
                    return hottest
                })
        }
        try chunk.close()
        return file(name)
    }

    /// Writes what `trialgen unblind --json` prints for the list of a catalogue search.
    func unblinded(_ name: String, _ ts: [Double], campaign: Campaign? = nil) throws -> String {
        let campaign = try campaign ?? Self.catalogueCampaign()
        let sources = zip(campaign.configuration.sources, ts).map { source, ts -> [String: Any] in
            [
                "name": source.source.name, "ra": source.rightAscensionDegrees, "dec": source.declinationDegrees,
                "ts": ts, "ns": 3, "gamma": 2.2, "flux_norm": 1e-14,
            ]
        }
        let members: [String: Any] = [
            "sources": sources, "fingerprint": campaign.fingerprint, "campaign": campaign.text,
        ]
        try JSONSerialization.data(withJSONObject: members).write(to: URL(filePath: file(name)))
        return file(name)
    }

    private static func record(_ trial: Int64, mu: Double, seed: Int64, shift: Double) -> TrialRecord {
        let stream = mu.bitPattern &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: seed) << 40
        let z = mu / 2 + normal(trial, stream: stream)
        let ts = (z > 0 ? z * z : 0) + shift
        return TrialRecord(
            trial: trial, seed: seed, meanSignal: mu, injected: Int64(mu), testStatistic: ts,
            signalEvents: max(0, 2 * z), gamma: 2)
    }

    private static func normal(_ trial: Int64, stream: UInt64) -> Double {
        var state = UInt64(bitPattern: trial) &+ stream
        let (u, v) = (uniform(&state), uniform(&state))
        return (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
    }

    /// SplitMix64 (Steele, Lea and Flood 2014), in (0, 1).
    private static func uniform(_ state: inout UInt64) -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return (Double((z ^ (z >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992
    }
}
