import Diagnostics
import IceTracks
import Numerics

/// The signal's density in lg E_reco for each θ of the grid, at the source's declination (docs/model.md, section 4).
public struct SignalEnergyDensity: Sendable {
    /// Unnormalised densities through the lg E bin centres of the dataset, one per grid point.
    let curves: [MonotoneCubic]
    let norms: [Double]

    /// For each piece of the curves and every eight grid points, the coefficients of the powers 0 to 3 of the distance
    /// from the piece's left end, divided by the norms.
    private let pieces: FlatTable<SIMD8<Double>>
    /// The number of lanes of eight grid points.
    private let lanes: Int

    var gridCount: Int { curves.count }

    /// - Parameters:
    ///   - curves: at least one, all with the same abscissae.
    ///   - norms: the integrals of the curves.
    init(curves: [MonotoneCubic], norms: [Double]) {
        self.curves = curves
        self.norms = norms
        let lanes = SignalTable.stride(gridCount: curves.count) / 8
        var pieces = [SIMD8<Double>](repeating: .zero, count: 4 * lanes * (curves[0].x.count - 1))
        for (k, curve) in curves.enumerated() {
            for piece in 0..<(curve.x.count - 1) {
                let coefficients = curve.coefficients(ofPiece: piece) / norms[k]
                for power in 0..<4 { pieces[4 * (piece * lanes + k / 8) + power][k % 8] = coefficients[power] }
            }
        }
        self.pieces = FlatTable(pieces)
        self.lanes = lanes
    }

    /// - Throws: `Fault` (bad data) if the smearing matrix or the effective area is empty for this source.
    init(
        dataset: Dataset, area: SourceEffectiveArea, smearing: SourceSmearing, grid: ParameterGrid,
        spectrum: (Double) -> EnergySpectrum
    ) throws {
        let edges = smearing.matrix.log10TrueEnergyEdges
        let bins = smearing.validBins
        let detection = try DetectionEfficiency(area: area, range: smearing.validRange)
        let detected = bins.map { detection.value(fromLog10Energy: edges[$0], toLog10Energy: edges[$0 + 1]) }
        let centres = Binning(edges: dataset.definition.log10EnergyEdges).centres
        let reconstructed = try bins.map { try Self.reconstructed(smearing: smearing, trueEnergyBin: $0, at: centres) }

        var curves: [MonotoneCubic] = []
        var norms: [Double] = []
        for parameter in grid.values {
            let spectrum = spectrum(parameter)
            let whole = spectrum.integral(
                fromLog10Energy: smearing.validRange.lowerBound, toLog10Energy: smearing.validRange.upperBound)
            let products = zip(bins, detected).map { bin, probability in
                spectrum.integral(fromLog10Energy: edges[bin], toLog10Energy: edges[bin + 1]) / whole * probability
            }
            let total = products.reduce(0, +)
            var sum = [Double](repeating: 0, count: centres.count)
            for (product, density) in zip(products, reconstructed) {
                for i in sum.indices { sum[i] += product / total * density[i] }
            }
            let curve = try MonotoneCubic(x: centres, y: sum)
            let norm = curve.integral(from: centres[0], to: centres[centres.count - 1])
            guard norm > 0 else {
                throw Fault(
                    .badData, at: .field(dataset.name),
                    "the smearing matrix puts no signal into the range of reconstructed energies",
                    remedy: "check the release")
            }
            curves.append(curve)
            norms.append(norm)
        }
        self.init(curves: curves, norms: norms)
    }

    /// f_i at the given lg E_reco: the marginal of a slice as a density, interpolated through its bin centres; 0
    /// outside them.
    private static func reconstructed(smearing: SourceSmearing, trueEnergyBin: Int, at points: [Double]) throws
        -> [Double]
    {
        let matrix = smearing.matrix
        let declination = smearing.declinationBin
        let counts = (0..<matrix.shape.recoEnergy).map {
            matrix.fractionalCounts(trueEnergyBin, declination, $0).reduce(0, +)
        }
        guard counts.contains(where: { $0 > 0 }) else { return [Double](repeating: 0, count: points.count) }
        let edges = Array(matrix.recoEnergyEdges(trueEnergyBin, declination))
        let densities = counts.indices.map { i in counts[i] > 0 ? counts[i] / (edges[i + 1] - edges[i]) : 0 }
        let curve = try MonotoneCubic(x: Binning(edges: edges).centres, y: densities)
        return points.map { curve.valueOrZero(at: $0) }
    }

    /// The density in lg E_reco at lg(E_reco/GeV) for a point of the grid; 0 outside the outermost bin centres.
    public func value(log10Energy: Double, gridIndex: Int) -> Double {
        guard let place = place(log10Energy: log10Energy) else { return 0 }
        return values(at: place, lane: gridIndex / 8)[gridIndex % 8]
    }

    /// The densities in lg E_reco at lg(E_reco/GeV) for all points of the grid; 0 outside the outermost bin centres.
    func values(log10Energy: Double) -> [Double] {
        guard let place = place(log10Energy: log10Energy) else { return [Double](repeating: 0, count: gridCount) }
        let all = (0..<lanes).map { values(at: place, lane: $0) }
        return (0..<gridCount).map { all[$0 / 8][$0 % 8] }
    }

    /// The position of an energy in the curves' pieces.
    struct Place {
        fileprivate let piece: Int
        /// From the piece's left end.
        fileprivate let distance: Double
    }

    /// The place of lg(E_reco/GeV); nil outside the outermost bin centres, where the density is 0.
    func place(log10Energy: Double) -> Place? {
        curves[0].piece(of: log10Energy).map { Place(piece: $0, distance: log10Energy - curves[0].x[$0]) }
    }

    /// The densities at points 8·lane … 8·lane + 7 of the grid; 0 for those beyond its last.
    func values(at place: Place, lane: Int) -> SIMD8<Double> {
        let first = 4 * (place.piece * lanes + lane)
        let upper = pieces[first + 2].addingProduct(pieces[first + 3], place.distance)
        return pieces[first].addingProduct(pieces[first + 1].addingProduct(upper, place.distance), place.distance)
    }
}
