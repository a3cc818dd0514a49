import Diagnostics
import IceTracks
import Numerics

/// The background's density in lg E_reco for each sin(dec) bin, from the data (docs/model.md, section 4).
public struct BackgroundEnergyDensity: Sendable {
    let sinDeclination: Binning
    let log10Energy: Binning
    /// lg of the unnormalised density through the lg E bin centres, one spline per sin(dec) bin.
    let splines: [BSpline]
    /// The integral of each spline's power of ten over the lg E range.
    let norms: [Double]
    private let outermostCentres: ClosedRange<Double>

    init(sinDeclination: Binning, log10Energy: Binning, splines: [BSpline], norms: [Double]) {
        self.sinDeclination = sinDeclination
        self.log10Energy = log10Energy
        self.splines = splines
        self.norms = norms
        outermostCentres = Self.outermostCentres(log10Energy)
    }

    private static func outermostCentres(_ log10Energy: Binning) -> ClosedRange<Double> {
        let centres = log10Energy.centres
        return centres[0]...centres[centres.count - 1]
    }

    /// - Throws: `Fault` (bad data) naming a sin(dec) bin without events in the range of energies.
    init(dataset: String, events: EventHistogram) throws {
        let (sinDeclination, log10Energy) = (events.sinDeclination, events.log10Energy)
        var columns = events.columns.map { $0.map(Double.init) }
        for (bin, column) in columns.enumerated() {
            let total = column.reduce(0, +)
            guard total > 0 else {
                throw Fault(
                    .badData, at: .field(dataset),
                    "no event with lg(E/GeV) in \(log10Energy.range.lowerBound) to \(log10Energy.range.upperBound) in the "
                        + "sin(dec) bin \(sinDeclination.edges[bin]) to \(sinDeclination.edges[bin + 1])",
                    remedy: "check that the events file is complete")
            }
            let density = column.indices.map { column[$0] / (total * log10Energy.width($0)) }
            columns[bin] = Self.smoothed(density)
        }
        var smallest = Double.infinity
        for column in columns { for value in column where value > 0 { smallest = min(smallest, value) } }
        let floor = Portable.log10(smallest) - 3

        let centres = log10Energy.centres
        let splines = try columns.map { column in
            try BSpline.interpolating(x: centres, y: column.map { $0 > 0 ? Portable.log10($0) : floor }, degree: 3)
        }
        let outermost = Self.outermostCentres(log10Energy)
        let rule = try GaussLegendre(order: 128)
        let norms = splines.map { spline in
            rule.integrate(from: log10Energy.range.lowerBound, to: log10Energy.range.upperBound) {
                Self.unnormalised(spline, at: $0, outermost: outermost)
            }
        }
        self.init(sinDeclination: sinDeclination, log10Energy: log10Energy, splines: splines, norms: norms)
    }

    /// The mean over each bin and its neighbours; over two bins at the ends.
    private static func smoothed(_ column: [Double]) -> [Double] {
        column.indices.map { i in
            let window = column[max(0, i - 1)...min(column.count - 1, i + 1)]
            return window.reduce(0, +) / Double(window.count)
        }
    }

    private static func unnormalised(_ spline: BSpline, at x: Double, outermost: ClosedRange<Double>) -> Double {
        Portable.exp10(spline.value(at: min(max(x, outermost.lowerBound), outermost.upperBound)))
    }

    /// The density in lg E_reco at lg(E_reco/GeV) for a sin(dec) bin; 0 outside the binning's range of energies.
    func value(log10Energy energy: Double, bin: Int) -> Double {
        guard log10Energy.range.contains(energy) else { return 0 }
        return Self.unnormalised(splines[bin], at: energy, outermost: outermostCentres) / norms[bin]
    }

    /// The density in lg E_reco at lg(E_reco/GeV) and sin(dec); 0 outside the binning's ranges.
    public func value(log10Energy energy: Double, sinDeclination value: Double) -> Double {
        guard let bin = sinDeclination.index(of: value) else { return 0 }
        return self.value(log10Energy: energy, bin: bin)
    }

    /// B_E as a divisor: 1e−15 where there is no background (docs/model.md, section 4).
    func divisor(log10Energy: Double, bin: Int?) -> Double {
        let density = bin.map { value(log10Energy: log10Energy, bin: $0) } ?? 0
        return density > 0 ? density : 1e-15
    }
}
