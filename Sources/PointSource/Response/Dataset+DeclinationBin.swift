import Diagnostics
import IceTracks

extension Dataset {
    /// The declination bin of the source in one of the responses.
    ///
    /// - Parameters:
    ///   - edges: in radians, ascending; a lower edge belongs to its bin.
    ///   - response: the name of the response, and a short form of it.
    /// - Throws: `Fault` (bad data) for a source outside the response.
    func declinationBin(
        _ declination: Double, edges: [Double], of response: (name: String, short: String)
    ) throws(Fault) -> Int {
        guard let bin = Binning(edges: edges).index(of: declination) else {
            let degrees = shortest(Angle.degrees(fromRadians: declination))
            throw Fault(
                .badData, at: .field(name), "the \(response.name) does not cover the declination \(degrees) degrees",
                remedy: "choose a source inside the \(response.short)'s declinations")
        }
        return bin
    }
}
