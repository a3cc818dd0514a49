import Diagnostics
import Foundation
import IceTracks

/// The default folder for downloaded releases.
public enum ReleaseCache {
    /// `$TRIALGEN_CACHE`, or else `~/.cache/trialgen`; nil without either variable.
    public static func folder(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        if let folder = environment["TRIALGEN_CACHE"], !folder.isEmpty { return folder }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.cache/trialgen"
    }

    /// The folder of a sample's release in the cache; nil if it does not exist.
    public static func release(
        of sample: Sample, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        // A sample that a user defined may have no usual folder.
        guard let folder = folder(environment), !sample.defaultFolder.isEmpty else { return nil }
        let release = folder + "/" + sample.defaultFolder
        return FileManager.default.fileExists(atPath: release) ? release : nil
    }
}
