import Diagnostics
import IceTracks

/// The numbers of data events of a dataset in bins of sin(dec) and lg E_reco: the input of the background densities.
struct EventHistogram: Sendable {
    let sinDeclination: Binning
    let log10Energy: Binning
    /// Events of each sin(dec) bin, at all energies.
    private(set) var totals: [Int]
    /// Events of each sin(dec) bin by lg E bin, without those outside the range of energies.
    private(set) var columns: [[Int]]

    init(dataset: Dataset, sinDeclinations: [Double]) {
        let sinDeclination = Binning(edges: dataset.definition.sinDeclinationEdges)
        let log10Energy = Binning(edges: dataset.definition.log10EnergyEdges)
        let energies = dataset.events.log10Energy
        // One more row for energies outside the range.
        let rowCount = log10Energy.count + 1
        var counts = [Int](repeating: 0, count: sinDeclination.count * rowCount)
        for (i, value) in sinDeclinations.enumerated() {
            guard let column = sinDeclination.index(of: value) else { continue }
            counts[column * rowCount + (log10Energy.index(of: energies[i]) ?? log10Energy.count)] += 1
        }
        columns = (0..<sinDeclination.count).map { Array(counts[$0 * rowCount..<($0 + 1) * rowCount - 1]) }
        totals = (0..<sinDeclination.count).map { counts[$0 * rowCount..<($0 + 1) * rowCount].reduce(0, +) }
        self.sinDeclination = sinDeclination
        self.log10Energy = log10Energy
    }
}
