import Diagnostics

extension EffectiveArea {
    private static let columns =
        TableColumn.trueBin + [TableColumn("A_Eff[cm^2]", 0...1e12, remedy: "give the effective area in cm²")]
    /// Smaller areas are not physical; they result from wrong conversions.
    private static let smallestArea = 1e-20

    private struct Row {
        let line: Int
        /// Lower and upper edges: the energy in columns 0 and 1, the declination in degrees in 2 and 3.
        let edges: SIMD4<Double>
        let area: Double
    }

    /// Reads an effective-area file: a full table, in which the energy or the declination varies fastest.
    ///
    /// - Throws: a `Fault` for text that is not a table, a negative area, edges that do not increase, and rows that are
    ///   missing or out of order.
    static func read(_ file: String, configuration: String) throws -> (area: EffectiveArea, digest: FileDigest) {
        let reader = TableReader(file: file, purpose: "effective areas of \(configuration)", columns: columns)
        var rows: [Row] = []
        let digest = try reader.read { block in
            for row in 0..<block.rowCount {
                guard block[row, 4] == 0 || block[row, 4] >= smallestArea else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 4, "must be 0 or at least \(smallestArea)",
                        remedy: "give the effective area in cm²"
                    )
                }
                let edges = SIMD4(block[row, 0], block[row, 1], block[row, 2], block[row, 3])
                rows.append(Row(line: block.line(ofRow: row), edges: edges, area: block[row, 4]))
            }
        }
        return (try table(rows, reader), digest)
    }

    private static func table(_ rows: [Row], _ reader: TableReader) throws -> EffectiveArea {
        let energyRunsFastest = rows.count < 2 || rows[1].edges.highHalf == rows[0].edges.highHalf
        func outer(_ row: Row) -> SIMD2<Double> { energyRunsFastest ? row.edges.highHalf : row.edges.lowHalf }
        func inner(_ row: Row) -> SIMD2<Double> { energyRunsFastest ? row.edges.lowHalf : row.edges.highHalf }

        let innerCount = rows.firstIndex { outer($0) != outer(rows[0]) } ?? rows.count
        let innerRows = Array(rows[..<innerCount])
        let outerRows = stride(from: 0, to: rows.count, by: innerCount).map { rows[$0] }
        let innerAxis = try axis(innerRows, inner, firstColumn: energyRunsFastest ? 0 : 2, reader)
        for (index, row) in rows.enumerated() {
            let expectedOuter = outer(outerRows[index / innerCount])
            let expectedInner = inner(rows[index % innerCount])
            guard outer(row) == expectedOuter, inner(row) == expectedInner else {
                let energy = energyRunsFastest ? expectedInner : expectedOuter
                let declination = energyRunsFastest ? expectedOuter : expectedInner
                throw outOfOrder(row.line, expectedEnergy: energy, expectedDeclination: declination, reader)
            }
        }
        let outerAxis = try axis(outerRows, outer, firstColumn: energyRunsFastest ? 2 : 0, reader)
        guard rows.count == innerRows.count * outerRows.count else {
            throw Fault(
                .badData, at: .line(file: reader.file, line: rows.last?.line ?? 1),
                "the table ends after \(rows.count) rows, within a block of \(innerCount)",
                remedy: "an effective area is a full table of energies and declinations; download the file again"
            )
        }
        let outerCount = outerRows.count
        let area: [Double] =
            energyRunsFastest
            ? rows.map(\.area)
            : (0..<innerCount).flatMap { inner in (0..<outerCount).map { rows[$0 * innerCount + inner].area } }
        let energyAxis = energyRunsFastest ? innerAxis : outerAxis
        let declinationAxis = energyRunsFastest ? outerAxis : innerAxis
        return EffectiveArea(
            log10EnergyEdges: energyAxis,
            declinationEdges: declinationAxis.map(Angle.radians(fromDegrees:)), area: area
        )
    }

    private static func axis(
        _ rows: [Row], _ edges: (Row) -> SIMD2<Double>, firstColumn: Int, _ reader: TableReader
    ) throws -> [Double] {
        try reader.binEdges(
            lower: rows.map { edges($0)[0] }, upper: rows.map { edges($0)[1] }, firstColumn: firstColumn,
            mayBeEmpty: false, line: { rows[$0].line })
    }

    private static func outOfOrder(
        _ line: Int, expectedEnergy energy: SIMD2<Double>, expectedDeclination declination: SIMD2<Double>,
        _ reader: TableReader
    ) -> Fault {
        Fault(
            .badData, at: .line(file: reader.file, line: line),
            "expected the row of log10(E_nu/GeV) \(energy[0]) to \(energy[1]) and Dec_nu \(declination[0]) "
                + "to \(declination[1]) deg",
            remedy: "rows are missing or out of order; download the file again"
        )
    }
}
