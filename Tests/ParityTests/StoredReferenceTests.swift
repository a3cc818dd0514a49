import Foundation
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
