import Diagnostics
import PointSource

/// The hottest places of the data: printed by `trialgen map --nside`, and read by `trialmerge`.
public struct SkyResult: CampaignResult {
    /// The hottest place of a hemisphere.
    public struct Place: Sendable, Equatable, Decodable {
        /// "north" or "south".
        let name: String
        /// Degrees.
        let ra: Double
        /// Degrees.
        let dec: Double
        let ts: Double
    }

    let hottest: [Place]
    public let campaign: String?
    public let fingerprint: String?

    public static let command = "trialgen map --nside N --json"

    /// - Throws: `Fault` (bad data) for a hemisphere that occurs twice.
    public func check() throws(Fault) {
        guard Set(hottest.map(\.name)).count == hottest.count else {
            throw Fault(
                .badData, "has two hottest places of one hemisphere",
                remedy: "give the output of \(Self.command), unchanged")
        }
    }

    /// The places of hemispheres, in the order given.
    ///
    /// - Parameter file: the file with the result.
    /// - Throws: `Fault` (bad data) for a hemisphere that is missing, or a TS that is not finite.
    public func places(of hemispheres: [SkyGrid.Hemisphere], file: String) throws(Fault) -> [Place] {
        var places: [Place] = []
        for hemisphere in hemispheres {
            guard let place = hottest.first(where: { $0.name == hemisphere.rawValue }), place.ts.isFinite else {
                throw Fault(
                    .badData, at: .file(file), "has no hottest place of the \(hemisphere.rawValue) with a finite TS",
                    remedy: "give the output of \(Self.command) for the campaign of these trials")
            }
            places.append(place)
        }
        return places
    }
}
