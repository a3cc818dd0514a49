import Foundation
import IceTracks
import Testing

/// References that tools/parity/run.sh has just made on a release of the user's choice.
@Suite struct GivenReferenceTests {
    static let environment = ProcessInfo.processInfo.environment
    static let files =
        environment["PARITY_REFERENCES"].map {
            Folders.references(in: URL(fileURLWithPath: $0), beginning: "")
        } ?? []

    @Test(
        .enabled(if: !files.isEmpty, "tools/parity/run.sh names them in PARITY_REFERENCES and PARITY_RELEASE"),
        arguments: files)
    func agreesWithSkyLLH(file: URL) throws {
        let path = try #require(Self.environment["PARITY_RELEASE"])
        try ReferenceComparison(file: file) { reference in
            try Release(path: path, sample: Catalogue.sample(named: reference.args.sample))
                .load(reference.args.names ?? [])
        }.check()
    }
}
