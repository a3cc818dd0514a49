/// Angles are degrees in the release's files and radians everywhere else.
enum Angle {
    /// One degree in radians.
    static let degree = Double.pi / 180

    /// Rounds as numpy's `radians` does.
    @inline(__always)
    static func radians(fromDegrees degrees: Double) -> Double { degrees * degree }
}
