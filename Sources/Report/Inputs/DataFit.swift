import Diagnostics

/// The fit of the data, as `trialgen unblind --json` prints it.
public struct DataFit: Sendable, Equatable, Decodable {
    public let ts: Double
    public let signalEvents: Double
    public let gamma: Double
    /// ln Λ at the best fit.
    public let logLambda: Double
    /// The flux normalisation at E0, in GeV⁻¹ cm⁻² s⁻¹.
    public let fluxNormalisation: Double

    private enum CodingKeys: String, CodingKey {
        case ts, gamma
        case signalEvents = "ns"
        case logLambda = "log_lambda"
        case fluxNormalisation = "flux_norm"
    }

    static let command = "trialgen unblind --json"

    /// Reads a file.
    ///
    /// - Throws: `Fault`: missing input, or bad data for a file that is no such JSON.
    public init(contentsOf path: String) throws(Fault) {
        self = try JSONInput.read(DataFit.self, from: path, command: Self.command)
    }
}
