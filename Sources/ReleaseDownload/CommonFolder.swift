import IceTracks

/// The outermost folders that a dataset or archive puts around a release, such as `icecube_10year_ps/`; empty if there
/// are none.
///
/// - Parameter expected: files that the release should have.
func commonFolder(of paths: [ReleasePath], expected: [String]) -> String {
    let names = Set(paths.map(\.description))
    guard !expected.contains(where: names.contains) else { return "" }
    for path in paths {
        for file in expected where path.description.hasSuffix("/" + file) {
            return String(path.description.dropLast(file.count))
        }
    }
    return ""
}
