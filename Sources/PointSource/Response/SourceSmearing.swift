import Diagnostics
import IceTracks
import Numerics

/// The slice of the smearing matrix in the source's declination bin.
struct SourceSmearing {
    let dataset: String
    let matrix: SmearingMatrix
    /// Index of the declination bin (lower edge inclusive).
    let declinationBin: Int
    /// Indices of the true-energy bins from the first to the last with any reconstructed-energy bin of positive width.
    let validBins: Range<Int>

    /// - Throws: `Fault` (bad data) for a source outside the matrix or a slice without simulation.
    init(dataset: Dataset, declination: Double) throws {
        matrix = dataset.smearing
        self.dataset = dataset.name
        let bin = try Self.declinationBin(of: dataset, declination: declination)
        declinationBin = bin
        let matrix = self.matrix
        let filled = (0..<matrix.shape.trueEnergy).filter { !matrix.isEmpty($0, bin) }
        guard let first = filled.first, let last = filled.last else {
            throw Fault(
                .badData, at: .field(dataset.name),
                "the smearing matrix has no simulation at the declination \(shortest(Angle.degrees(fromRadians: declination))) degrees",
                remedy: "choose another source or exclude this dataset")
        }
        validBins = first..<(last + 1)
    }

    /// - Throws: `Fault` (bad data) for a source outside the matrix.
    static func declinationBin(of dataset: Dataset, declination: Double) throws(Fault) -> Int {
        try dataset.declinationBin(
            declination, edges: dataset.smearing.trueDeclinationEdges, of: ("smearing matrix", "matrix"))
    }

    /// The valid range of true energies in lg(E/GeV).
    var validRange: ClosedRange<Double> {
        matrix.log10TrueEnergyEdges[validBins.lowerBound]...matrix.log10TrueEnergyEdges[validBins.upperBound]
    }

    /// An end this close to an edge, in lg(E/GeV), counts as the edge: 10^2.5 has no exact value.
    private static let edgeTolerance = 1e-9

    /// An energy range in lg(E/GeV), widened to bin edges of the matrix and cut to the valid range; nil if it is empty
    /// then.
    ///
    /// - Throws: `Fault` (usage) for a range that exceeds the matrix.
    func widened(_ range: AnalysisSettings.EnergyRange) throws -> ClosedRange<Double>? {
        let (log10Lower, log10Upper) = (Portable.log10(range.lower), Portable.log10(range.upper))
        let edges = matrix.log10TrueEnergyEdges
        let (first, last) = (edges[0], edges[edges.count - 1])
        guard log10Lower >= first - Self.edgeTolerance, log10Upper <= last + Self.edgeTolerance else {
            throw Fault(
                .usage, at: .field("injection.energy_range"),
                "\(shortest(range.lower)) to \(shortest(range.upper)) GeV exceeds the smearing matrix of \(dataset), which covers lg(E/GeV) = "
                    + "\(shortest(first)) to \(shortest(last))",
                remedy: "choose a range inside it")
        }
        let lower = edges.last { $0 <= log10Lower + Self.edgeTolerance } ?? first
        let upper = edges.first { $0 >= log10Upper - Self.edgeTolerance } ?? last
        let (a, b) = (max(lower, validRange.lowerBound), min(upper, validRange.upperBound))
        return a < b ? a...b : nil
    }
}
