import Diagnostics
import IceTracks

/// A point on the sky whose neutrino emission is searched for.
public struct Source: Sendable, Equatable {
    public let name: String
    /// Right ascension in radians, in [0, 2π).
    public let rightAscension: Double
    /// Declination in radians, in [−π/2, π/2].
    public let declination: Double

    /// - Parameters:
    ///   - rightAscensionDegrees: in [0, 360).
    ///   - declinationDegrees: in [−90, 90].
    /// - Throws: `Fault` (usage) for a coordinate outside the sky.
    public init(name: String = "", rightAscensionDegrees: Double, declinationDegrees: Double) throws {
        guard rightAscensionDegrees >= 0, rightAscensionDegrees < 360 else {
            throw Fault(
                .usage, at: .field("source.ra"),
                "right ascension \(shortest(rightAscensionDegrees)) is outside [0, 360) degrees",
                remedy: "give the right ascension in degrees, as in --ra 40.67")
        }
        guard declinationDegrees >= -90, declinationDegrees <= 90 else {
            throw Fault(
                .usage, at: .field("source.dec"),
                "declination \(shortest(declinationDegrees)) is outside [-90, 90] degrees",
                remedy: "give the declination in degrees, as in --dec -0.01")
        }
        self.name = name
        rightAscension = Angle.radians(fromDegrees: rightAscensionDegrees)
        declination = Angle.radians(fromDegrees: declinationDegrees)
    }
}
