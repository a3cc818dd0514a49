import Console
import Diagnostics
import Files
import Foundation

/// The tarball of the programs that HTCondor sends with a job.
enum ProgramBundle {
    /// The word that stands for a bundle made of this program.
    static let automatic = "auto"
    /// The name of the bundle in the folder of a campaign.
    static let name = "trialgen.tar.gz"

    /// Packs this program under its two names.
    ///
    /// - Parameter path: the tarball.
    /// - Throws: `Fault` (usage) if the program needs shared libraries, as one that was not installed but only built;
    ///   (cannot create, input/output) where the tarball cannot be made.
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
                    remedy: "see what it said, or name a bundle with --bundle")
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(
                .cannotCreate, at: .file(path), "the bundle cannot be made (\(error.localizedDescription))",
                remedy: "check the folder and the room on its disk")
        }
    }

    /// - Throws: `Fault` (usage) if the program needs shared libraries.
    static func check() throws(Fault) {
        let libraries = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        guard libraries?.contains(".so") == false else {
            throw Fault(
                .usage, at: .field("--bundle"), "this program needs shared libraries, which jobs do not have",
                remedy: "use an installed trialgen (make install, a wheel or a bundle), or name what make bundle made")
        }
    }

    private static var programFile: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
    }
}
