import IceTracks
import Numerics

extension ToyRelease {
    /// Edges that are read back as the same numbers.
    private static func edges(from first: Double, step: Double, count: Int) -> [Double] {
        (0...count).map { DecimalText.rounded(first + step * Double($0), decimals: 2) }
    }

    private static func declinationEdges(_ count: Int) -> [Double] {
        (0...count).map { index in
            let sine = -1 + 2 * Double(index) / Double(count)
            return DecimalText.rounded(Portable.asin(min(max(sine, -1), 1)) / Angle.degree, decimals: 2)
        }
    }

    /// Effective area of a configuration: it rises with energy, falls in the north where the Earth absorbs, and starts
    /// at higher energies in the south; zero where nothing is detected.
    func effectiveArea(_ configuration: Configuration) -> [UInt8] {
        var text = DecimalText(
            header: [
                "log10(E_nu/GeV)_min", "log10(E_nu/GeV)_max", "Dec_nu_min[deg]", "Dec_nu_max[deg]", "A_Eff[cm^2]",
            ]
        )
        let energies = Self.edges(from: 2, step: 0.2, count: 35)
        let declinations = Self.declinationEdges(effectiveAreaDeclinationBins)
        for d in 0..<effectiveAreaDeclinationBins {
            let sine = -1 + (2 * Double(d) + 1) / Double(effectiveAreaDeclinationBins)
            for e in 0..<energies.count - 1 {
                let x = 0.5 * (energies[e] + energies[e + 1])
                let throughEarth = Portable.exp(-max(sine, 0) * Portable.exp10(0.45 * (x - 5.4)))
                let opening =
                    sine < -0.05
                    ? 1 / (1 + Portable.exp(-(x - 4.6 - 0.9 * abs(min(sine, 0))) * 3.2)) : 1
                let area =
                    configuration.efficiency * Portable.exp10(6.6 - 5.5 * Portable.exp(-(x - 2) / 1.35))
                    * throughEarth * opening
                let isBlind = (x < 2.2 && sine < -0.6) || area < 1e-3
                for edge in [energies[e], energies[e + 1], declinations[d], declinations[d + 1]] {
                    text.append(edge, decimals: 2)
                }
                text.append(isBlind ? 0 : area, decimals: 8)
                text.endLine()
            }
        }
        return text.bytes
    }

    /// Smearing matrix of a configuration, 14 bins of true energy; slices at the ends of the range are empty.
    func smearing(_ configuration: Configuration, _ random: inout RandomStream) -> [UInt8] {
        let energies = Self.edges(from: 2, step: 0.5, count: 14)
        let declinations = Self.declinationEdges(smearingDeclinationBins)
        var text = DecimalText(
            header: SmearingTable.columns.map(\.name),
            capacity: 85 * 14 * smearingDeclinationBins * bins * bins * bins
        )
        for e in 0..<energies.count - 1 {
            for d in 0..<smearingDeclinationBins {
                let x = 0.5 * (energies[e] + energies[e + 1])
                let sine = Portable.sin(0.5 * (declinations[d] + declinations[d + 1]) * Angle.degree)
                let peak = 2.35 + 0.62 * (x - 2) + (sine < -0.1 ? 0.5 : 0) + 0.03 * random.normal()
                let isEmpty = (sine < -0.5 && x < 2.5) || (sine > 0.6 && x > 8.5)
                let cells =
                    isEmpty
                    ? [Cell](repeating: .empty, count: bins * bins * bins) : slice(peak: peak, configuration)
                for cell in cells {
                    for edge in [energies[e], energies[e + 1], declinations[d], declinations[d + 1]] {
                        text.append(edge, decimals: 2)
                    }
                    text.append(cell.energy.0, decimals: 3)
                    text.append(cell.energy.1, decimals: 3)
                    for edge in [cell.psi.0, cell.psi.1, cell.angularError.0, cell.angularError.1] {
                        text.append(edge, decimals: 4)
                    }
                    text.append(cell.count, decimals: 8)
                    text.endLine()
                }
            }
        }
        return text.bytes
    }

    /// One row of a smearing matrix; lower and upper edges, angles in degrees.
    private struct Cell {
        var energy = (0.0, 0.0)
        var psi = (0.0, 0.0)
        var angularError = (0.0, 0.0)
        var count = 0.0

        static let empty = Cell()
    }

    /// All cells of one (true energy, true declination), with counts that sum to 1 before they are printed.
    private func slice(peak: Double, _ configuration: Configuration) -> [Cell] {
        var cells: [Cell] = []
        cells.reserveCapacity(bins * bins * bins)
        let low = max(peak - 1.1, 1)
        let high = min(peak + 1.5, 9)
        let energyEdges = (0...bins).map {
            DecimalText.rounded(low + (high - low) * Double($0) / Double(bins), decimals: 3)
        }
        for k in 0..<bins {
            let energy = 0.5 * (energyEdges[k] + energyEdges[k + 1])
            let pull = (energy - peak) / (energy < peak ? 0.33 : 0.45)
            let energyWeight = Portable.exp(-0.5 * pull * pull)
            let median =
                min(max(0.28 + 1.1 * Portable.exp10(-0.62 * (energy - 2.4)), 0.3), 2.5)
                * (1 + 0.15 * configuration.efficiency)
            let psiEdges = [0] + geometric(0.12 * median, 9 * median, count: bins)
            for l in 0..<bins {
                let width = psiEdges[l + 1] - psiEdges[l]
                let ratio = 0.5 * (psiEdges[l] + psiEdges[l + 1]) / median
                let core = 0.9 * Portable.exp(-0.5 * (ratio / 0.85) * (ratio / 0.85))
                let psiWeight = width / median * ratio * (core + 0.02 / (1 + ratio * ratio * ratio))
                let typical = min(max((0.55 + 0.35 * ratio) * median, 0.25), 6)
                let errorEdges = geometric(0.2, 3.5 * typical, count: bins + 1)
                for m in 0..<bins {
                    let span = Portable.log(errorEdges[m + 1] / errorEdges[m])
                    let middle = (errorEdges[m] * errorEdges[m + 1]).squareRoot()
                    let deviation = Portable.log(middle / typical) / 0.35
                    cells.append(
                        Cell(
                            energy: (energyEdges[k], energyEdges[k + 1]), psi: (psiEdges[l], psiEdges[l + 1]),
                            angularError: (errorEdges[m], errorEdges[m + 1]),
                            count: energyWeight * psiWeight * Portable.exp(-0.5 * deviation * deviation) * span
                        ))
                }
            }
        }
        let sum = cells.reduce(0) { $0 + $1.count }
        for index in cells.indices {
            let fraction = cells[index].count / sum
            cells[index].count = fraction < 1e-7 ? 0 : fraction
        }
        return cells
    }

    /// `count` points in geometric progression from `first` to `last`, as they will be printed.
    private func geometric(_ first: Double, _ last: Double, count: Int) -> [Double] {
        let step = Portable.log(last / first) / Double(count - 1)
        return (0..<count).map { DecimalText.rounded(first * Portable.exp(step * Double($0)), decimals: 4) }
    }
}
