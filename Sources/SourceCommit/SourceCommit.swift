/// The commit from which the program was built.
///
/// A separate module, which only the two programs import: a new commit recompiles only these three.
public enum SourceCommit {
    /// The first ten digits of the commit; empty if the sources are not a checkout of git. Uncommitted changes are not
    /// indicated.
    public static var text: String { generatedCommit }
}
