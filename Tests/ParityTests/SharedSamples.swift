import Foundation
import IceTracks
import TestSupport

/// The samples that ../shared/oracle/reference was made on, written by the oracle's own scripts.
enum SharedSamples {
    /// Why the samples cannot be made; nil if they can.
    static let lack: String? = {
        let oracle = Folders.shared.appendingPathComponent("oracle")
        if !Folders.exists(oracle.appendingPathComponent("reference")) { return "there is no \(oracle.path)" }
        return (try? python(["-c", "import numpy"])) == nil ? "python3 has no numpy" : nil
    }()

    static let seed3: Result<[Dataset], Error> = Result {
        try withScratchFolder { folder in
            let release = folder.file(Catalogue.iceTracksDR2v2.defaultFolder)
            try script(
                "make_sample.py",
                [release, "--seed", "3", "--scale", "0.05", "--bins", "10", "--src", "40.67", "-0.01", "30", "2.5"])
            return try Release(path: release, sample: Catalogue.iceTracksDR2v2).load()
        }
    }

    /// The real IC40 season with a synthetic smearing matrix.
    static let ic40: Result<[Dataset], Error> = Result {
        try withScratchFolder { folder in
            try script("make_dr1_ic40.py", [folder.path])
            return try Release(path: folder.path, sample: Catalogue.iceTracksDR1).load(["IC40"])
        }
    }

    struct Failed: Error {
        let command: String
        let status: Int32
    }

    private static func script(_ name: String, _ arguments: [String]) throws {
        try python([Folders.shared.appendingPathComponent("oracle/\(name)").path] + arguments)
    }

    private static func python(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // -B: ../shared may be read-only, and is not ours to write to.
        process.arguments = ["python3", "-B"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(command: arguments.joined(separator: " "), status: process.terminationStatus)
        }
    }
}
