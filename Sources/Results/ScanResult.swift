import Console
import Diagnostics
import PointSource
import Settings

/// ln Λ of the data at points of (n_s, gamma): the output of `trialgen scan`, which `trialmerge report` reads.
public struct ScanResult: Sendable, Equatable, CampaignResult, CommandResult {
    /// n_s, θ (the spectral index, or the peak in lg(E/GeV)) and ln Λ of each point.
    public let points: [[Double]]
    /// The name of θ: nil for gamma.
    public let parameter: String?

    public let campaign: String?
    public let fingerprint: String?

    private enum CodingKeys: String, CodingKey { case points, parameter, campaign, fingerprint }

    public static let command = "trialgen scan --json"

    /// - Parameter campaign: the campaign of the data.
    public init(_ points: [Probe], logLambda: [Double], campaign: Campaign) {
        (self.campaign, fingerprint) = (campaign.text, campaign.fingerprint)
        let label = campaign.configuration.settings.parameter.label
        parameter = label == Self.standardParameter ? nil : label
        self.points = zip(points, logLambda).map { [$0.signalEvents, $0.gamma, $1] }
    }

    private static let standardParameter = "gamma"
    var parameterName: String { parameter ?? Self.standardParameter }

    public func check() throws(Fault) {
        guard let index = points.firstIndex(where: { $0.count != 3 }) else { return }
        throw Fault(
            .badData, "point \(index) has \(points[index].count) numbers, not n_s, gamma and ln Lambda",
            remedy: "give the output of \(Self.command), unchanged")
    }

    public var text: String {
        var table = Table([.number("n_s"), .number(parameterName), .number("ln Lambda")])
        for point in points {
            table.add([NumberFormat.plain(point[0]), NumberFormat.plain(point[1]), NumberFormat.fixed(point[2], 6)])
        }
        return table.text
    }

    public var members: [JSONValue.Member] {
        [.init(CodingKeys.points.rawValue, .array(points.map { .numbers($0) }))]
            + (parameter.map { [.init(CodingKeys.parameter.rawValue, .string($0))] } ?? []) + campaignMembers
    }
}

/// ln Λ of the data on a grid of (n_s, gamma), for contours.
public struct LikelihoodScan: Sendable, Equatable {
    /// Increasing.
    public let signalEvents: [Double]
    /// Increasing.
    public let gammas: [Double]
    /// ln Λ: a row for each n_s, a column for each gamma.
    public let logLambda: [[Double]]
    /// The name of θ: "gamma" or "peak".
    public let parameterName: String

    /// The grid of a result read from a file.
    ///
    /// - Throws: `Fault` (bad data), naming the file, for points that do not form a grid of at least three by three.
    public init(_ result: ScanResult, file path: String) throws(Fault) {
        do throws(Fault) {
            try self.init(result)
        } catch {
            throw error.located(in: path)
        }
    }

    /// - Throws: `Fault` (bad data) for points that do not form a grid of at least three by three.
    public init(_ result: ScanResult) throws(Fault) {
        let points = result.points
        func fault(_ problem: String) -> Fault {
            Fault(
                .badData, problem,
                remedy: "scan three or more values of each, as in trialgen scan --json --ns-values 0,10,20,30 "
                    + "--gamma-values 1.5,2,2.5,3")
        }
        let signalEvents = Set(points.map { $0[0] }).sorted()
        let gammas = Set(points.map { $0[1] }).sorted()
        guard signalEvents.count >= 3, gammas.count >= 3 else {
            throw fault("\(signalEvents.count) n_s and \(gammas.count) gamma are too few to draw a contour")
        }
        let values = Dictionary(points.map { (SIMD2($0[0], $0[1]), $0[2]) }) { $1 }
        // Compared as rows and columns: points that do not form a grid have as many rows and columns as points.
        var logLambda: [[Double]] = []
        for row in signalEvents {
            logLambda.append(
                try gammas.map { column throws(Fault) in
                    if let value = values[SIMD2(row, column)] { return value }
                    throw fault("the grid has no point at n_s \(row), gamma \(column)")
                })
        }
        (self.signalEvents, self.gammas, self.logLambda) = (signalEvents, gammas, logLambda)
        parameterName = result.parameterName
    }

    /// `ns_values`, `gamma_values` and `log_lambda`, a row for each n_s.
    public var json: JSONValue {
        [
            "ns_values": .numbers(signalEvents), "gamma_values": .numbers(gammas),
            "log_lambda": .array(logLambda.map { .numbers($0) }),
        ]
    }

    /// The largest ln Λ on the grid, and its position.
    public var maximum: (signalEvents: Double, gamma: Double, logLambda: Double) {
        var best = (signalEvents[0], gammas[0], logLambda[0][0])
        for (row, values) in logLambda.enumerated() {
            for (column, value) in values.enumerated() where value > best.2 {
                best = (signalEvents[row], gammas[column], value)
            }
        }
        return best
    }

    /// The smallest value of 2 (best − ln Λ) on the grid's edge, except for the edge n_s = 0, which is a physical
    /// boundary: contours of larger values are cut off.
    public func smallestOnEdge(below best: Double) -> Double {
        let (lastRow, lastColumn) = (signalEvents.count - 1, gammas.count - 1)
        var largest = -Double.infinity
        for (row, values) in logLambda.enumerated() {
            for (column, value) in values.enumerated() {
                let isEdge = (row == 0 && signalEvents[0] > 0) || row == lastRow || column == 0 || column == lastColumn
                if isEdge { largest = max(largest, value) }
            }
        }
        return 2 * (best - largest)
    }
}
