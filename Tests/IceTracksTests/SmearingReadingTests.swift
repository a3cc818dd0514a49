import Diagnostics
import TestSupport
import Testing

@testable import IceTracks

/// A matrix of 2 × 2 × 2 × 3 × 2 bins whose slice (1, 0) is empty.
@Suite struct SmearingReadingTests {
    private static let header = "# " + SmearingTable.columns.map(\.name).joined(separator: " ") + "\n"

    private static let rows: [String] = {
        var rows: [String] = []
        for e in 0..<2 {
            for d in 0..<2 {
                let isEmpty = e == 1 && d == 0
                for r in 0..<2 {
                    for p in 0..<3 {
                        for a in 0..<2 {
                            let slice =
                                isEmpty
                                ? "0 0 0 0 0 0 0"
                                : "\(3 + e + r) \(4 + e + r) \(10 * p) \(10 * (p + 1)) "
                                    + "\(0.2 + Double(a + p)) \(1.2 + Double(a + p)) 0.0\(d + 1)\(r)\(p)\(a)"
                            rows.append("\(2 + e) \(3 + e) \(d * 90 - 90) \(d * 90) \(slice)")
                        }
                    }
                }
            }
        }
        return rows
    }()

    private func read(_ rows: [String]) throws -> SmearingMatrix {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.header + rows.map { $0 + "\n" }.joined())
        return try SmearingMatrix.read(file, configuration: "IC40").smearing
    }

    @Test func aFullTableIsRead() throws {
        let matrix = try read(Self.rows)
        #expect(
            matrix.shape == .init(trueEnergy: 2, trueDeclination: 2, recoEnergy: 2, psi: 3, angularError: 2)
        )
        #expect(matrix.log10TrueEnergyEdges == [2, 3, 4])
        #expect(matrix.trueDeclinationEdges == [-90, 0, 90].map { $0 * (Double.pi / 180) })
        #expect(Array(matrix.recoEnergyEdges(0, 1)) == [3, 4, 5])
        #expect(Array(matrix.recoEnergyEdges(1, 1)) == [4, 5, 6])
        #expect(Array(matrix.psiEdges(1, 1, 1)) == [0, 10, 20, 30].map { $0 * (Double.pi / 180) })
        #expect(Array(matrix.angularErrorEdges(0, 0, 1, 2)) == [2.2, 3.2, 4.2].map { $0 * (Double.pi / 180) })
        #expect(matrix.fractionalCounts(0, 1, 1, 2).last == 0.02121)
        #expect(Array(matrix.fractionalCounts(1, 1, 0, 1)) == [0.02010, 0.02011])
        #expect(matrix.fractionalCounts(1, 1).count == 12)
        #expect(matrix.fractionalCounts(1, 1, 1).first == 0.021)
        #expect(matrix.isEmpty(1, 0))
        #expect(!matrix.isEmpty(1, 1))
        #expect(matrix.fractionalCounts(1, 0).allSatisfy { $0 == 0 })
    }

    @Test func manyEnergiesAreNoMoreWorkThanManyRows() throws {
        let matrix = try read(
            (0..<60_000).map { "\(Double($0) / 1e4) \(Double($0 + 1) / 1e4) -90 90 2 3 0 10 0 1 0.5" })
        #expect(matrix.shape == .init(trueEnergy: 60_000, trueDeclination: 1, recoEnergy: 1, psi: 1, angularError: 1))
    }

    /// Line numbers: row i stands on line i + 2.
    private static let broken: [(change: @Sendable (inout [String]) -> Void, says: String)] = [
        ({ $0.remove(at: 3) }, ":4: the bin of log10(E_nu/GeV) 2.0 to 3.0, Dec_nu -90.0 to 0.0 deg has 11 rows"),
        ({ $0.remove(at: 30) }, ":36: the bin of log10(E_nu/GeV) 3.0 to 4.0, Dec_nu -90.0 to 0.0 deg has 11 rows"),
        ({ $0.removeLast() }, ":48: the bin of log10(E_nu/GeV) 3.0 to 4.0, Dec_nu 0.0 to 90.0 deg has 11 rows"),
        ({ $0.removeSubrange(36...) }, ":37: the table ends within log10(E_nu/GeV) 3.0 to 4.0"),
        (
            { $0.removeSubrange(12..<24) },
            ":14: expected the first row of log10(E_nu/GeV) 2.0 to 3.0, Dec_nu 0.0 to 90.0 deg"
        ),
        ({ $0.insert($0[5], at: 5) }, ":8: the bin of log10(E_nu/GeV) 2.0 to 3.0, Dec_nu -90.0 to 0.0 deg has 13 rows"),
        ({ $0.swapAt(0, 1) }, ":3:20: AngErr_min[deg] is \"0.2\", but must lie above the previous bin's lower edge"),
        ({ $0.swapAt(1, 2) }, ":3: the edges change after 1 of the 2 rows of a PSF bin"),
        (
            { rows in for i in 0..<2 { rows.swapAt(i, i + 2) } },
            ":4:15: PSF_min[deg] is \"0\", but must lie above the previous bin's lower edge 10.0"
        ),
        (
            { rows in for i in 0..<6 { rows.swapAt(i, i + 6) } },
            ":8:11: log10(E/GeV)_min is \"3\", but must lie above the previous bin's lower edge 4.0"
        ),
        (
            { $0[4] = "2 3 -90 0 3 4 20 30 2.2 3.2 -0.1" },
            ":6:29: Fractional_Counts is \"-0.1\", but must lie in [0, 1]"
        ),
        (
            { $0[25] = "3 4 -90 0 0 0 0 0 0 0 0.1" },
            ":27:23: Fractional_Counts is \"0.1\", but must be 0 in a bin without width"
        ),
        (
            { $0[4] = "2 3 -90 0 3 4 20 30 3.2 2.2 0" },
            ":6:25: AngErr_max[deg] is \"2.2\", but must lie above the bin's lower edge 3.2"
        ),
        (
            { $0[4] = "2 3 -90 0 3 4 20 30 2.2 180.5 0.01" },
            ":6:25: AngErr_max[deg] is \"180.5\", but must not exceed 180"
        ),
        ({ $0[4] = "2 3 -90 0 3 4 20 185 2.2 3.2 0.01" }, ":6:18: PSF_max[deg] is \"185\", but must not exceed 180"),
        ({ $0[4] = "2 3 -90 0 3 4 -1 30 2.2 3.2 0" }, ":6:15: PSF_min[deg] is \"-1\", but must lie in [0, 3600]"),
        (
            { $0[0] = "2 3 -180 0 3 4 0 10 0.2 1.2 0.01" },
            ":2:5: Dec_nu_min[deg] is \"-180\", but must lie in [-90, 90]"
        ),
        ({ $0[4] = "2 3 -90 0 3 4 20 30 2.2 3.2 1.5" }, ":6:29: Fractional_Counts is \"1.5\", but must lie in [0, 1]"),
        ({ $0[4] = "2 3 -90 0 3 4 20 30 2.2 3.2 0.95" }, ":2: the Fractional_Counts of the bin of"),
        (
            { rows in
                rows = rows.map {
                    $0.replacing(" 0 10 ", with: " 0 0.1 ").replacing(" 10 20 ", with: " 0.1 0.2 ")
                        .replacing(" 20 30 ", with: " 0.2 3.1 ")
                }
            }, "table.csv: PSF is at most 3.1 in the bins with counts, as if it were in radians"
        ),
        ({ $0 = Array($0[24..<36]) }, "table.csv: no bin of the smearing matrix has a width"),
    ]

    @Test(arguments: broken.indices)
    func rowsMissingOrOutOfOrderAreNamed(index: Int) throws {
        var rows = Self.rows
        Self.broken[index].change(&rows)
        #expect {
            try read(rows)
        } throws: { error in
            let matches = "\(error)".contains(Self.broken[index].says) && (error as? Fault)?.kind == .badData
            if !matches { Issue.record("\(error)") }
            return matches
        }
    }
}
