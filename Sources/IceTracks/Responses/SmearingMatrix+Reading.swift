import Diagnostics

extension SmearingMatrix {
    /// Reads a smearing file: a full five-dimensional table in row-major order, whose shape is derived from its rows.
    ///
    /// - Throws: a `Fault` for text that is not a table, negative counts, counts in a bin without width, edges that do
    ///   not increase, and rows that are missing, repeated or out of order.
    package static func read(_ file: String, configuration: String) throws -> (
        smearing: SmearingMatrix, digest: FileDigest
    ) {
        let reader = TableReader(
            file: file, purpose: "smearing matrix of \(configuration)", columns: SmearingTable.columns
        )
        var table = SmearingTable(reader)
        let digest = try reader.read { try table.append($0) }
        return (try table.matrix(), digest)
    }
}

/// The rows of a smearing file, grouped into runs of rows that agree in everything except the angular error.
package struct SmearingTable {
    package static let columns =
        TableColumn.trueBin
        + ["log10(E/GeV)_min", "log10(E/GeV)_max"].map {
            TableColumn($0, .log10Energies, remedy: "give the decadic logarithm of the energy in GeV")
        }
        + ["PSF_min[deg]", "PSF_max[deg]", "AngErr_min[deg]", "AngErr_max[deg]"].map {
            // Rows without counts may exceed 180°, in the real matrices up to 442°.
            TableColumn($0, 0...3600, remedy: "give the angle in degrees")
        }
        + [TableColumn("Fractional_Counts", 0...1, remedy: "give the fraction of simulated events in the bin")]

    /// A run of rows with the same lower and upper edges of E_nu, Dec_nu, E and PSF, as in the file.
    struct Run {
        /// Lower and upper edges of E_nu, Dec_nu, E, PSF in pairs.
        let edges: SIMD8<Double>
        let firstRow: Int
        var rowCount: Int

        var trueBin: SIMD4<Double> { edges.lowHalf }
        var recoBin: SIMD2<Double> { edges.highHalf.lowHalf }
        var psiBin: SIMD2<Double> { edges.highHalf.highHalf }
        var hasRecoWidth: Bool { recoBin[1] > recoBin[0] }
        var hasPsiWidth: Bool { psiBin[1] > psiBin[0] }
        var endRow: Int { firstRow + rowCount }
    }

    let reader: TableReader
    private(set) var runs: [Run] = []
    /// Edges of the angular error in degrees, and counts, row by row.
    private(set) var angularErrorLower: [Double] = []
    private(set) var angularErrorUpper: [Double] = []
    private(set) var counts: [Double] = []
    /// In degrees, over the rows with counts.
    private(set) var largestPSF = 0.0
    private(set) var smallestAngularError = Double.infinity
    private(set) var largestAngularError = 0.0
    /// First row and line of sequences of rows on consecutive lines.
    private var lines: [(row: Int, line: Int)] = []

    init(_ reader: TableReader) { self.reader = reader }

    /// Appends the next rows.
    mutating func append(_ block: TableBlock) throws {
        for row in 0..<block.rowCount {
            let edges = SIMD8(
                block[row, 0], block[row, 1], block[row, 2], block[row, 3],
                block[row, 4], block[row, 5], block[row, 6], block[row, 7]
            )
            let low = block[row, 8]
            let high = block[row, 9]
            let count = block[row, 10]
            if count > 0 {
                for (column, edge) in [(7, edges[7]), (9, high)] where edge > 180 {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: column, "must not exceed 180 in a bin with counts",
                        remedy: "give the angle in degrees")
                }
                largestPSF = max(largestPSF, edges[7])
                smallestAngularError = min(smallestAngularError, low)
                largestAngularError = max(largestAngularError, high)
            }
            if count > 0, high <= low || edges[5] <= edges[4] || edges[7] <= edges[6] {
                throw reader.fault(
                    line: block.line(ofRow: row), column: 10, "must be 0 in a bin without width",
                    remedy: "check the bin's edges"
                )
            }
            if let last = runs.indices.last, runs[last].edges == edges {
                runs[last].rowCount += 1
            } else {
                runs.append(Run(edges: edges, firstRow: counts.count, rowCount: 1))
            }
            let line = block.line(ofRow: row)
            if lines.last.map({ $0.line + counts.count - $0.row != line }) ?? true {
                lines.append((row: counts.count, line: line))
            }
            angularErrorLower.append(low)
            angularErrorUpper.append(high)
            counts.append(count)
        }
    }

    /// The line of a row in the file.
    package func line(ofRow row: Int) -> Int {
        guard let stretch = lines.last(where: { $0.row <= row }) else { return 1 }
        return stretch.line + row - stretch.row
    }

    package func fault(row: Int, _ problem: String) -> Fault {
        Fault(
            .badData, at: .line(file: reader.file, line: line(ofRow: row)), problem,
            remedy:
                "rows are missing, repeated or out of order; a smearing matrix is a full table; download the file again"
        )
    }
}
