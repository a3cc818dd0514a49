import Diagnostics

/// A configuration's effective area for muon neutrinos, averaged over bins of true energy and declination.
public struct EffectiveArea: Sendable, Equatable {
    /// Edges of the bins in log10 of the true energy in GeV, increasing; not necessarily equidistant.
    public let log10EnergyEdges: [Double]
    /// Edges of the bins in true declination in radians, increasing.
    public let declinationEdges: [Double]
    /// Effective area in cm², shape (declination, energy), row-major; zero or positive.
    public let area: [Double]

    /// The number of energy bins.
    public var energyBinCount: Int { log10EnergyEdges.count - 1 }
    /// The number of declination bins.
    public var declinationBinCount: Int { declinationEdges.count - 1 }

    /// - Precondition: at least one bin per axis, and `area` has one value per pair of bins.
    public init(log10EnergyEdges: [Double], declinationEdges: [Double], area: [Double]) {
        precondition(log10EnergyEdges.count > 1 && declinationEdges.count > 1)
        precondition(area.count == (log10EnergyEdges.count - 1) * (declinationEdges.count - 1))
        self.log10EnergyEdges = log10EnergyEdges
        self.declinationEdges = declinationEdges
        self.area = area
    }

    /// Effective area in cm² of one pair of bins.
    public subscript(declination declination: Int, energy energy: Int) -> Double {
        area[declination * energyBinCount + energy]
    }
}
