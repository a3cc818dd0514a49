import Diagnostics
import Files
import Settings

/// The names of chunk files, defined only here. The templates of job files repeat them in shell; a test compares both.
public enum ChunkName {
    /// The end of every chunk's name.
    public static let fileExtension = ".h5"

    /// The file of a campaign's output: the output is a file, or a folder that exists or ends in a slash; a folder's
    /// file is "trials.h5".
    public static func file(_ output: String?) -> String {
        let path = output ?? ""
        if path.isEmpty || path.hasSuffix("/") { return path + "trials" + fileExtension }
        return isFolder(path) ? path + "/trials" + fileExtension : path
    }

    /// The chunk of a job: the campaign's output with the part and the job's number, with at least five digits, in the
    /// name ("trials-signal.00003.h5").
    public static func chunk(of job: Int64, _ part: CampaignPart = .all, output: String?) -> String {
        var path = file(output)
        for suffix in [fileExtension, ".hdf5"] where path.hasSuffix(suffix) { path.removeLast(suffix.count) }
        if part != .all { path += "-" + part.rawValue }
        return path + "." + job.digits(atLeast: 5) + fileExtension
    }
}
