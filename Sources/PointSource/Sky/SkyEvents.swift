import IceTracks
import Numerics

/// The data events of one dataset in order of declination, with everything that is the same for all sources.
struct SkyEvents: Sendable {
    /// Half a cache line, as ``BackgroundGenerator/Candidate``.
    struct Event: Sendable, BitwiseCopyable {
        /// In radians.
        var declination: Double
        /// 1/(2σ²).
        var halfInverseVariance: Double
        /// 1/(2π σ² B_sp B_E); 0 outside the background's range of sin(dec).
        var scale: Double
        /// Row of its energy in ``energies``.
        var energy: Int32
        /// Index in the dataset's events.
        var index: Int32
    }

    let events: FlatTable<Event>
    /// The distinct lg(E_reco/GeV), the most frequent ones first, so that they are neighbours in memory.
    let energies: [Double]

    /// - Parameters:
    ///   - data: from which the densities were made.
    ///   - order: that of the data.
    init(_ data: EventTable, _ order: DeclinationOrder, _ densities: BackgroundDensities) {
        var frequencies: [UInt64: Int] = [:]
        for energy in data.log10Energy { frequencies[energy.bitPattern, default: 0] += 1 }
        let byFrequency = frequencies.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        energies = byFrequency.map { Double(bitPattern: $0) }
        let rows = Dictionary(uniqueKeysWithValues: zip(byFrequency, Int32(0)...))
        let binCount = densities.energy.sinDeclination.count
        // B_E of each energy and sin(dec) bin, found when it is first needed.
        var divisors = [Double](repeating: 0, count: byFrequency.count * binCount)
        events = FlatTable(
            order.events.map { i in
                let i = Int(i)
                let (energy, sigma) = (data.log10Energy[i], data.angularError[i])
                let row = rows[energy.bitPattern] ?? 0
                var scale = 0.0
                if let bin = densities.energy.sinDeclination.index(of: densities.sinDeclinations[i]) {
                    let place = Int(row) * binCount + bin
                    if divisors[place] == 0 {
                        divisors[place] = densities.energy.divisor(log10Energy: energy, bin: bin)
                    }
                    scale = densities.scale(ofEvent: i, sigma: sigma, divisor: divisors[place])
                }
                return Event(
                    declination: data.declination[i], halfInverseVariance: 0.5 / (sigma * sigma), scale: scale,
                    energy: row, index: Int32(truncatingIfNeeded: i))
            })
    }
}
