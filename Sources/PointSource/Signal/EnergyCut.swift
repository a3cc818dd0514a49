import Diagnostics
import IceTracks
import Numerics

/// The lowest reconstructed energy of injected events as a function of sin(dec), determined by the selection of the
/// data (docs/model.md, section 7).
public struct EnergyCut: Sendable {
    let curve: BSpline

    init(curve: BSpline) { self.curve = curve }

    /// - Throws: `Fault` (bad data) naming a sin(dec) bin without events.
    init(definition: DatasetDefinition, events: EventHistogram) throws {
        let sinDeclination = events.sinDeclination
        let energies = events.log10Energy.centres
        let lowest = try events.columns.enumerated().map { bin, column in
            let total = Double(column.reduce(0, +))
            var cumulative = 0
            for (row, count) in column.enumerated() {
                cumulative += count
                if total > 0, Double(cumulative) / total >= definition.cutThreshold { return energies[row] }
            }
            throw Fault(
                .badData, at: .field(definition.name),
                "no event in the sin(dec) bin \(sinDeclination.edges[bin]) to \(sinDeclination.edges[bin + 1])",
                remedy: "check that the events file is complete")
        }
        curve = try BSpline.smoothing(
            x: sinDeclination.centres, y: lowest, degree: 2, smoothing: definition.cutSmoothing)
    }

    /// The lowest lg(E_reco/GeV) at sin(dec).
    public func log10Energy(sinDeclination: Double) -> Double { curve.value(at: sinDeclination) }
}
