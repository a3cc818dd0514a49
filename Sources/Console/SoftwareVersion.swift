/// The version that both commands report and write into their files (CHANGELOG.md).
public enum SoftwareVersion {
    public static let current = "0.1.0"
}
