import Diagnostics
import IceTracks

/// The effective area in the source's declination bin, without the energies at which the whole table is zero.
struct SourceEffectiveArea {
    let dataset: String
    let log10EnergyEdges: [Double]
    /// In cm², one value per energy bin.
    let values: [Double]

    /// - Throws: `Fault` (bad data) for a source outside the table or a table that is zero everywhere.
    init(dataset: Dataset, declination: Double) throws {
        let area = dataset.effectiveArea
        self.dataset = dataset.name
        let row = try Self.declinationBin(of: dataset, declination: declination)
        let kept = (0..<area.energyBinCount).filter { bin in
            (0..<area.declinationBinCount).contains { area[declination: $0, energy: bin] > 0 }
        }
        guard let last = kept.last else {
            throw Fault(
                .badData, at: .field(dataset.name), "the effective area is zero everywhere",
                remedy: "check the release")
        }
        values = kept.map { area[declination: row, energy: $0] }
        log10EnergyEdges = kept.map { area.log10EnergyEdges[$0] } + [area.log10EnergyEdges[last + 1]]
    }

    /// - Throws: `Fault` (bad data) for a source outside the table.
    static func declinationBin(of dataset: Dataset, declination: Double) throws(Fault) -> Int {
        try dataset.declinationBin(
            declination, edges: dataset.effectiveArea.declinationEdges, of: ("effective area", "table"))
    }

    func nothing(in range: ClosedRange<Double>) -> Fault {
        Fault(
            .badData, at: .field(dataset),
            "no effective area at the source between lg(E/GeV) = \(range.lowerBound) and \(range.upperBound)",
            remedy: "choose another energy range or another source")
    }
}
