import Diagnostics

/// ln Λ of the data on a grid of (n_s, gamma), as `trialgen scan --json` prints it.
public struct LikelihoodScan: Sendable, Equatable {
    /// Increasing.
    public let signalEvents: [Double]
    /// Increasing.
    public let gammas: [Double]
    /// ln Λ: a row for each n_s, a column for each gamma.
    public let logLambda: [[Double]]

    private struct Contents: Decodable {
        let points: [[Double]]
    }

    static let command = "trialgen scan --json"

    /// Reads a file.
    ///
    /// - Throws: `Fault`: missing input; bad data for a file that is no such JSON, or whose points are no grid of at
    ///   least three by three.
    public init(contentsOf path: String) throws(Fault) {
        let points = try JSONInput.read(Contents.self, from: path, command: Self.command).points
        func fault(_ problem: String) -> Fault {
            Fault(
                .badData, at: .file(path), problem,
                remedy: "scan three or more values of each, as in trialgen scan --json --ns-values 0,10,20,30 "
                    + "--gamma-values 1.5,2,2.5,3")
        }
        if let index = points.firstIndex(where: { $0.count != 3 }) {
            throw fault("point \(index) has \(points[index].count) numbers, not n_s, gamma and ln Lambda")
        }
        let signalEvents = Set(points.map { $0[0] }).sorted()
        let gammas = Set(points.map { $0[1] }).sorted()
        guard signalEvents.count >= 3, gammas.count >= 3 else {
            throw fault("\(signalEvents.count) n_s and \(gammas.count) gamma are too few to draw a contour")
        }
        let values = Dictionary(points.map { (SIMD2($0[0], $0[1]), $0[2]) }) { $1 }
        // Row by row: points that are no grid have as many rows and columns as points.
        var logLambda: [[Double]] = []
        for row in signalEvents {
            logLambda.append(
                try gammas.map { column throws(Fault) in
                    if let value = values[SIMD2(row, column)] { return value }
                    throw fault("the grid has no point at n_s \(row), gamma \(column)")
                })
        }
        (self.signalEvents, self.gammas, self.logLambda) = (signalEvents, gammas, logLambda)
    }

    /// The largest ln Λ on the grid, and where.
    var maximum: (signalEvents: Double, gamma: Double, logLambda: Double) {
        var best = (signalEvents[0], gammas[0], logLambda[0][0])
        for (row, values) in logLambda.enumerated() {
            for (column, value) in values.enumerated() where value > best.2 {
                best = (signalEvents[row], gammas[column], value)
            }
        }
        return best
    }

    /// The smallest value that 2 (best − ln Λ) takes on the grid's edge, but for the edge n_s = 0, beyond which there
    /// is nothing: contours of larger values are cut off.
    func smallestOnEdge(below best: Double) -> Double {
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
