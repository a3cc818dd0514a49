import Diagnostics
import IceTracks
import Numerics

/// The lowest reconstructed energy of injected events against sin(dec), as the data's own selection has it
/// (docs/model.md, section 7).
public struct EnergyCut: Sendable {
    let curve: BSpline

    init(curve: BSpline) { self.curve = curve }

    /// - Throws: `Fault` (bad data) naming a sin(dec) bin without events.
    init(dataset: Dataset, sinDeclinations: [Double]) throws {
        let definition = dataset.definition
        let sinDeclination = Binning(edges: definition.sinDeclinationEdges)
        let log10Energy = Binning(edges: definition.log10EnergyEdges)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: log10Energy.count), count: sinDeclination.count)
        for (value, energy) in zip(sinDeclinations, dataset.events.log10Energy) {
            if let column = sinDeclination.index(of: value), let row = log10Energy.index(of: energy) {
                counts[column][row] += 1
            }
        }
        let energies = log10Energy.centres
        let lowest = try counts.enumerated().map { bin, column in
            let total = Double(column.reduce(0, +))
            var cumulative = 0
            for (row, count) in column.enumerated() {
                cumulative += count
                if total > 0, Double(cumulative) / total >= definition.cutThreshold { return energies[row] }
            }
            throw Fault(
                .badData, at: .field(dataset.name),
                "no event in the sin(dec) bin \(sinDeclination.edges[bin]) to \(sinDeclination.edges[bin + 1])",
                remedy: "check that the events file is complete")
        }
        curve = try BSpline.smoothing(
            x: sinDeclination.centres, y: lowest, degree: 2, smoothing: definition.cutSmoothing)
    }

    /// The lowest lg(E_reco/GeV) at sin(dec).
    public func log10Energy(sinDeclination: Double) -> Double { curve.value(at: sinDeclination) }
}
