/// The commit that the program was built from.
///
/// A module of its own, which only the two programs import: a new commit recompiles these three and nothing else.
public enum SourceCommit {
    /// The first ten digits of the commit; empty where the sources are not a checkout of git. Changes that are not
    /// committed do not show.
    public static var text: String { generatedCommit }
}
