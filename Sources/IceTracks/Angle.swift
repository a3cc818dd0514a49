/// Angles are degrees in the release's files and radians everywhere else.
package enum Angle {
    /// One degree in radians.
    package static let degree = Double.pi / 180

    /// Rounds as numpy's `radians` does.
    @inline(__always)
    package static func radians(fromDegrees degrees: Double) -> Double { degrees * degree }
}
