import Console
import Diagnostics
import Files
import Foundation

/// The archive of the programs that HTCondor sends with a job.
enum ProgramBundle {
    /// The option value for a bundle made from this program.
    static let automatic = "auto"
    /// The name of the bundle in the campaign's folder.
    static let name = "trialgen.tar.gz"

    /// Packs this program under both of its names.
    ///
    /// - Parameter path: the archive.
    /// - Throws: `Fault` (usage) if the program needs shared libraries, as when it was built but not installed;
    ///   (cannot create, input/output) if the archive cannot be written.
    static func make(at path: String) throws(Fault) {
        try check()
        let staging = path + ".parts"
        defer { try? FileManager.default.removeItem(atPath: staging) }
        let bin = staging + "/trialgen/bin"
        try OutputFolder.makeAll(bin)
        do {
            try FileManager.default.copyItem(atPath: programFile, toPath: bin + "/trialgen")
            try FileManager.default.linkItem(atPath: bin + "/trialgen", toPath: bin + "/trialmerge")
            let tar = try ChildProcess(
                "/usr/bin/env", ["tar", "-czf", path, "-C", staging, "trialgen"],
                environment: ProcessInfo.processInfo.environment, output: STDERR_FILENO, error: STDERR_FILENO)
            let code = tar.wait()
            guard code == 0 else {
                throw Fault(
                    .inputOutput, at: .file(path), "tar ended with exit code \(code)",
                    remedy: "read its message, or give a bundle with --bundle")
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(
                .cannotCreate, at: .file(path), "the bundle cannot be made (\(error.localizedDescription))",
                remedy: "check the folder and the free space on its disk")
        }
    }

    /// - Throws: `Fault` (usage) if the program needs shared libraries.
    static func check() throws(Fault) {
        let libraries = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        guard libraries?.contains(".so") == false else {
            throw Fault(
                .usage, at: .field("--bundle"),
                "this program needs shared libraries that are missing on other machines",
                remedy:
                    "use an installed trialgen (make install, a wheel or a bundle), or give the file that make bundle writes"
            )
        }
    }
}
