import Foundation
import TestSupport
import Testing

@testable import PointSource

/// SkyLLH's numbers on a toy release that the project makes itself: source at the horizon, in the south, in the north; an
/// exponential cutoff; an injection range.
@Suite struct StoredReferenceTests {
    static let files = Folders.references(in: Folders.reference, beginning: "toy_")

    @Test func allReferencesAreThere() { #expect(Self.files.count == 5) }

    @Test(arguments: files) func agreesWithSkyLLH(file: URL) throws {
        try ReferenceComparison(file: file) { _ in try ParityToy.datasets() }.check()
    }

    /// A reference that lost a part is not compared with less.
    @Test(arguments: ["flux_per_event", "log_lambda", "grid", "ingredients"]) func missingKeyFails(key: String) throws {
        let file = Folders.reference.appendingPathComponent("toy_dec45.json")
        var object = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        #expect(object.removeValue(forKey: key) != nil)
        let folder = try ScratchFolder()
        let shortened = URL(
            fileURLWithPath: try folder.write(
                String(decoding: JSONSerialization.data(withJSONObject: object), as: UTF8.self)))
        #expect(throws: MissingPart(name: key)) {
            try ReferenceComparison(file: shortened) { _ in try ParityToy.datasets() }
        }
    }

    /// Without the fault of its yield declination the numbers are others in the south: the comparison can fail.
    @Test func yieldDeclinationMatters() throws {
        let reference = try Reference(file: Folders.reference.appendingPathComponent("toy_dec-60.json"))
        var settings = try reference.settings()
        settings.compatibility = .none
        let analysis = try PointSourceAnalysis(
            datasets: ParityToy.datasets(), source: reference.source(), settings: settings)
        #expect(abs(analysis.flux(forEvents: 1) / reference.mu2flux_1 - 1) > 0.05)
    }
}
