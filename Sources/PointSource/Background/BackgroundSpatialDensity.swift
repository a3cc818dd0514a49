import Diagnostics
import IceTracks
import Numerics

/// The background's density per steradian as a function of sin(dec), from the data (docs/model.md, section 4).
public struct BackgroundSpatialDensity: Sendable {
    /// ln of the density in sin(dec), through the bin centres; its end pieces extend beyond them.
    let logarithm: BSpline

    init(logarithm: BSpline) { self.logarithm = logarithm }

    /// - Throws: `Fault` (bad data) naming a sin(dec) bin without events.
    init(dataset: String, events: EventHistogram) throws {
        let binning = events.sinDeclination
        let counts = events.totals.map(Double.init)
        if let empty = counts.firstIndex(of: 0) {
            throw Fault(
                .badData, at: .field(dataset),
                "no event in the sin(dec) bin \(binning.edges[empty]) to \(binning.edges[empty + 1])",
                remedy:
                    "the background density is computed from the data and needs events in every bin: check that the events "
                    + "file is complete")
        }
        let total = counts.reduce(0, +)
        let logarithms = counts.indices.map { Portable.log(counts[$0] / total / binning.width($0)) }
        logarithm = try BSpline.interpolating(x: binning.centres, y: logarithms, degree: 2)
    }

    /// B_sp in 1/sr at sin(dec) in [−1, 1].
    public func value(sinDeclination: Double) -> Double {
        0.5 / Double.pi * Portable.exp(logarithm.value(at: sinDeclination))
    }
}
