import Console
import Diagnostics
import Foundation
@testable import PointSource
import Settings
import TestSupport
import Testing

@testable import Results

@Suite struct InputTests {
    @Test func fitOfTheData() throws {
        let result =
            #"{"ts": 29.1, "ns": 80.1, "gamma": 3.2, "log_lambda": 14.55, "flux_norm": 1e-17, "n_events": {"IC40": 3}}"#
        let fit = try withScratchFile(result) { try UnblindResult(contentsOf: $0) }
        #expect(fit.ts == 29.1 && fit.signalEvents == 80.1 && fit.gamma == 3.2 && fit.logLambda == 14.55)
        #expect(fit.fluxNormalisation == 1e-17)
    }

    @Test func gridOfTheLikelihood() throws {
        // In any order.
        let points = [0.0, 2, 1].flatMap { ns in [3.0, 1, 2].map { gamma in "[\(ns), \(gamma), \(10 * ns + gamma)]" } }
        let scan = try withScratchFile("{\"points\": [\(points.joined(separator: ", "))]}") {
            try LikelihoodScan(ScanResult(contentsOf: $0), file: $0)
        }
        #expect(scan.signalEvents == [0, 1, 2] && scan.gammas == [1, 2, 3])
        #expect(scan.logLambda == [[1, 2, 3], [11, 12, 13], [21, 22, 23]])
        #expect(scan.maximum == (2, 3, 23))
        #expect(scan.smallestOnEdge(below: 23) == 0)
    }

    @Test(arguments: [
        ("no", "is not valid JSON"), ("[1]", "is not a JSON object"), ("{}", "lacks the key \"points\""),
        ("{\"points\": [[1, \"a\", 2]]}", "\"points[0][1]\""),
        ("{\"points\": [[1, 2]]}", "point 0 has 2 numbers"), ("{\"points\": [[1, 2, 3]]}", "too few"),
        (
            "{\"points\": [[1,1,0],[1,2,0],[1,3,0],[2,1,0],[2,2,0],[2,3,0],[3,1,0],[3,2,0]]}",
            "no point at n_s 3.0, gamma 3.0"
        ),
    ])
    func badScans(contents: String, says: String) throws {
        let fault = #expect(throws: Fault.self) {
            try withScratchFile(contents) { try LikelihoodScan(ScanResult(contentsOf: $0), file: $0) }
        }
        #expect(fault?.kind == .badData)
        #expect("\(fault.map(String.init(describing:)) ?? "")".contains(says), "\(String(describing: fault))")
    }

    /// As a grid they would take 14 GB.
    @Test func pointsThatAreNoGrid() throws {
        let points = (0..<30_000).map { "[\($0), \($0), 0]" }.joined(separator: ", ")
        let fault = #expect(throws: Fault.self) {
            try withScratchFile("{\"points\": [\(points)]}") {
                try LikelihoodScan(ScanResult(contentsOf: $0), file: $0)
            }
        }
        #expect(fault?.problem == "the grid has no point at n_s 0.0, gamma 1.0")
    }

    @Test("what is written is read again, with every digit")
    func roundTrips() throws {
        let fit = FitResult(
            logLambda: 14.55 / 3, signalEvents: 80.1 / 3, gamma: 3.2 / 7, evaluations: 40, convergence: .iterationLimit)
        let result = UnblindResult(fit, flux: 1e-17 / 3, campaign: try SyntheticCampaign.make())
        let object = JSONValue.object(result.members)
        #expect(try UnblindResult.parse(Data(object.description.utf8)) == result)
        #expect(result.warnings.count == 1 && result.isConverged == false)
        let scan = ScanResult(
            [Probe(signalEvents: 0, gamma: 2), Probe(signalEvents: 1.0 / 3, gamma: 2.1)], logLambda: [0, -1.0 / 7],
            campaign: try SyntheticCampaign.make())
        #expect(try ScanResult.parse(Data(scan.json.description.utf8)) == scan)
    }

    @Test func absentFile() {
        let fault = #expect(throws: Fault.self) { try UnblindResult(contentsOf: "/nowhere/result.json") }
        #expect(fault?.kind == .missingInput)
    }
}
