import Console
import Diagnostics
import Foundation
import Settings
import Testing

@testable import PointSource
@testable import Results

/// Results of one campaign are not taken for those of another.
@Suite struct CampaignResultTests {
    private static let fit = FitResult(
        logLambda: 4, signalEvents: 10, gamma: 2.5, evaluations: 5, convergence: .converged)

    /// What `trialgen unblind --json` prints, read again.
    private static func unblinded(_ campaign: Campaign) throws -> UnblindResult {
        try UnblindResult.parse(
            Data(JSONValue.object(UnblindResult(fit, flux: 1e-15, campaign: campaign).members).description.utf8))
    }

    private static func warnings(
        _ result: some CampaignResult, for campaign: Campaign,
        _ difference: Campaign.Difference = Campaign.differenceOfData
    ) throws -> [String] {
        try result.checkCampaign(is: campaign, of: "merged.h5", file: "result.json", difference)
    }

    @Test("a fit of the data of another source, sample, data set, or fit is refused, naming what differs")
    func otherCampaigns() throws {
        let own = try SyntheticCampaign.make()
        let others: [(String, (inout ConfigurationLayer) -> Void)] = [
            ("source.ra is 77.25 in result.json and 40 in merged.h5", { $0.rightAscension = 40 }),
            ("source.dec", { $0.declination = -60 }), ("sample", { $0.sample = .release("IceTracks-DR1") }),
            ("datasets", { $0.datasets = ["IC40"] }), ("fit.gamma.max", { $0.gammaMaximum = 3.5 }),
            ("box.delta_angle", { $0.boxHalfWidth = 5 }), ("flux.ecut", { $0.cutoffEnergy = 1e5 }),
        ]
        let scan = ScanResult([Probe(signalEvents: 0, gamma: 2)], logLambda: [0], campaign: own)
        for (clause, change) in others {
            let other = try SyntheticCampaign.make(change)
            for body in [
                { _ = try Self.warnings(Self.unblinded(own), for: other) }, { _ = try Self.warnings(scan, for: other) },
            ] as [() throws -> Void] {
                let fault = #expect(throws: Fault.self, performing: body)
                #expect(
                    fault?.kind == .badData && fault?.problem.contains(clause) == true, "\(clause): \(fault as Any)")
            }
        }
    }

    @Test("what is injected does not matter to the data, nor the name of the source")
    func sameData() throws {
        let own = try SyntheticCampaign.make()
        let changes: [(inout ConfigurationLayer) -> Void] = [
            { $0.gamma = 3 }, { $0.energyRange = [1e3, 1e5] }, { $0.poisson = false }, { $0.sourceName = "X" },
        ]
        for change in changes {
            #expect(try Self.warnings(Self.unblinded(own), for: SyntheticCampaign.make(change)).isEmpty)
        }
    }

    @Test("a result of an older version is used with a warning; one that was edited is refused")
    func oldAndEdited() throws {
        let own = try SyntheticCampaign.make()
        let old = #"{"ts": 8, "ns": 10, "gamma": 2.5, "log_lambda": 4, "flux_norm": 1e-15}"#
        let warnings = try Self.warnings(UnblindResult.parse(Data(old.utf8)), for: own)
        #expect(
            warnings.count == 1
                && warnings[0].contains("result.json was written by an older version and does not name its campaign"))
        let text = JSONValue.object(UnblindResult(Self.fit, flux: 1e-15, campaign: own).members).description
        let edited = try UnblindResult.parse(Data(text.replacing("ra: 77.25", with: "ra: 40").utf8))
        let fault = #expect(throws: Fault.self) { try Self.warnings(edited, for: own) }
        #expect(fault?.problem.contains("edited") == true)
        let garbled = try UnblindResult.parse(Data(text.replacing("model_version", with: "x").utf8))
        #expect(throws: Fault.self) { try Self.warnings(garbled, for: own) }
    }

    @Test("a curve belongs to a report if its campaigns differ in source, gamma and energies alone")
    func curves() throws {
        func curve(_ campaign: Campaign) throws -> CurveFile {
            let object: JSONValue = [
                "e0": .number(1000), "axes": .array([]), "quantities": .array([["title": "s", "power": .number(0.9)]]),
                "points": .array([
                    [
                        "name": "", "dec": .number(5), "gamma": .number(2), "e2_energy": .number(1000),
                        "fingerprint": .string(campaign.fingerprint), "results": .array([.object([])]),
                    ]
                ]), "campaign": .string(campaign.text),
            ]
            return try CurveFile.parse(Data(object.description.utf8))
        }
        let own = try curve(SyntheticCampaign.make())
        let difference = Campaign.differenceBesidesPoint
        for change in [{ $0.gamma = 3 }, { $0.declination = 40 }] as [(inout ConfigurationLayer) -> Void] {
            #expect(try Self.warnings(own, for: SyntheticCampaign.make(change), difference).isEmpty)
        }
        let fault = #expect(throws: Fault.self) {
            try Self.warnings(own, for: SyntheticCampaign.make { $0.sample = .release("IceTracks-DR1") }, difference)
        }
        #expect(fault?.kind == .badData && fault?.problem.contains("sample") == true)
    }
}
