import Diagnostics
import Foundation
import IceTracks

/// The folder that releases are downloaded into and found in when no other is named.
public enum ReleaseCache {
    /// `$TRIALGEN_CACHE`, or else `~/.cache/trialgen`; nil without either variable.
    public static func folder(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        if let folder = environment["TRIALGEN_CACHE"], !folder.isEmpty { return folder }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.cache/trialgen"
    }

    /// The folder of a sample's release in the cache; nil if it is not there.
    public static func release(
        of sample: Sample, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        guard let folder = folder(environment) else { return nil }
        let release = folder + "/" + sample.defaultFolder
        return FileManager.default.fileExists(atPath: release) ? release : nil
    }
}
