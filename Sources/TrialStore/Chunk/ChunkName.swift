import Files
import Settings

/// The names of chunk files: the only place that says them. The templates of job files repeat them in shell; a test
/// compares both.
public enum ChunkName {
    /// What every chunk's name ends with.
    public static let fileExtension = ".h5"

    /// The file that a campaign's output stands for: a file, or a folder, which is marked by a slash at its end or
    /// exists already, and whose file is "trials.h5".
    public static func file(_ output: String?) -> String {
        let path = output ?? ""
        if path.isEmpty || path.hasSuffix("/") { return path + "trials" + fileExtension }
        return isFolder(path) ? path + "/trials" + fileExtension : path
    }

    /// The chunk of a job: the campaign's output with the part and the job's number, at least five digits, in the name
    /// ("trials-signal.00003.h5").
    public static func chunk(of job: Int64, _ part: CampaignPart = .all, output: String?) -> String {
        var path = file(output)
        for suffix in [fileExtension, ".hdf5"] where path.hasSuffix(suffix) { path.removeLast(suffix.count) }
        if part != .all { path += "-" + part.rawValue }
        let digits = String(job)
        return path + "." + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + fileExtension
    }
}
