/// Converts angles: degrees in files, settings and output, radians everywhere else.
package enum Angle {
    /// One degree in radians.
    package static let degree = Double.pi / 180

    /// Rounds as numpy's `radians`.
    @inline(__always)
    package static func radians(fromDegrees degrees: Double) -> Double { degrees * degree }

    package static func degrees(fromRadians radians: Double) -> Double { radians * (180 / Double.pi) }
}
