/// The version of both programs; CHANGELOG.md describes it.
public enum SoftwareVersion {
    /// The number that is written into files.
    public static let current = "0.2.0"

    /// What `--version` prints: `0.2.0 (c379a8c1f2)`, or the number alone where the commit is not known.
    public static func description(commit: String) -> String { commit.isEmpty ? current : "\(current) (\(commit))" }
}
