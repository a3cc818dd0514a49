import Diagnostics

extension SmearingTable {
    /// Combines the rows; checks that every cell is in its place in row-major order.
    func matrix() throws -> SmearingMatrix {
        try checkUnits()
        let slices = groups(runs.indices, by: \.trueBin)
        for slice in slices { try checkSum(slice) }
        let shape = try shape(slices: slices)
        let (energyEdges, declinationEdges) = try trueAxes(slices, shape)

        var recoEdges: [Double] = []
        var psiEdges: [Double] = []
        var angularErrorEdges: [Double] = []
        recoEdges.reserveCapacity(slices.count * (shape.recoEnergy + 1))
        psiEdges.reserveCapacity(slices.count * shape.recoEnergy * (shape.psi + 1))
        angularErrorEdges.reserveCapacity(counts.count / shape.angularError * (shape.angularError + 1))

        let perReco = shape.psi * shape.angularError
        for slice in slices {
            var run = slice.runs.lowerBound
            var recoBins: [SIMD2<Double>] = []
            for recoRow in stride(from: slice.rows.lowerBound, to: slice.rows.upperBound, by: perReco) {
                var psiBins: [SIMD2<Double>] = []
                for row in stride(from: recoRow, to: recoRow + perReco, by: shape.angularError) {
                    while runs[run].endRow <= row { run += 1 }
                    // Rows of one cell must have the same edges of the axes before the last.
                    guard runs[run].endRow >= row + shape.angularError else {
                        throw fault(
                            row: runs[run].endRow,
                            "the edges change after \(runs[run].endRow - row) of the \(shape.angularError) rows of a "
                                + "PSF bin (\(describe(runs[run])))"
                        )
                    }
                    if let first = recoBins.last, row > recoRow, first != runs[run].recoBin {
                        throw fault(
                            row: row,
                            "the edges of log10(E/GeV) change after \((row - recoRow) / shape.angularError) of "
                                + "\(shape.psi) PSF bins (\(describe(runs[run])))"
                        )
                    }
                    if row == recoRow { recoBins.append(runs[run].recoBin) }
                    psiBins.append(runs[run].psiBin)
                    let cell = row..<row + shape.angularError
                    let edges = try axis(
                        lower: angularErrorLower[cell], upper: angularErrorUpper[cell], firstColumn: 8,
                        rows: { row + $0 }
                    )
                    angularErrorEdges.append(contentsOf: edges.lazy.map(Angle.radians(fromDegrees:)))
                }
                let edges = try axis(
                    lower: psiBins.map { $0[0] }, upper: psiBins.map { $0[1] }, firstColumn: 6,
                    rows: { recoRow + $0 * shape.angularError }
                )
                psiEdges.append(contentsOf: edges.lazy.map(Angle.radians(fromDegrees:)))
            }
            recoEdges += try axis(
                lower: recoBins.map { $0[0] }, upper: recoBins.map { $0[1] }, firstColumn: 4,
                rows: { slice.rows.lowerBound + $0 * perReco }
            )
        }
        return SmearingMatrix(
            shape: shape, log10TrueEnergyEdges: energyEdges,
            trueDeclinationEdges: declinationEdges.map(Angle.radians(fromDegrees:)),
            recoEnergyEdges: recoEdges, psiEdges: psiEdges, angularErrorEdges: angularErrorEdges,
            fractionalCounts: counts
        )
    }

    /// Angles in radians would describe a detector without events far from their source, or a far too precise one.
    private func checkUnits() throws(Fault) {
        if largestPSF == 0 { return }
        if largestPSF > Double.pi, smallestAngularError >= 0.01 || largestAngularError > 0.5 { return }
        let (name, range) =
            largestPSF > Double.pi
            ? ("AngErr", "\(smallestAngularError) to \(largestAngularError)") : ("PSF", "at most \(largestPSF)")
        throw Fault(
            .badData, at: .file(reader.file), "\(name) is \(range) in the bins with counts, as if it were in radians",
            remedy: "give the angles in degrees")
    }

    /// The fractions of a bin of true energy and declination add up to at most 1.
    private func checkSum(_ slice: Group) throws(Fault) {
        let sum = counts[slice.rows].reduce(0, +)
        guard sum <= 1.01 else {
            throw Fault(
                .badData, at: .line(file: reader.file, line: line(ofRow: slice.rows.lowerBound)),
                "the Fractional_Counts of the bin of \(describe(runs[slice.runs.lowerBound])) add up to \(sum)",
                remedy: "they must add up to at most 1; download the file again")
        }
    }

    /// Edges of true energy and of true declination (degrees), from the slices' order.
    private func trueAxes(
        _ slices: [Group], _ shape: SmearingMatrix.Shape
    ) throws -> (energy: [Double], declination: [Double]) {
        let bins = slices.map { runs[$0.runs.lowerBound].trueBin }
        let declinationCount = shape.trueDeclination
        // An energy with all its declinations defines them.
        let complete =
            bins.indices.first { first in
                first + declinationCount <= bins.count
                    && bins[first + declinationCount - 1].lowHalf == bins[first].lowHalf
            } ?? 0
        for (index, bin) in bins.enumerated() {
            let expectedEnergy = bins[index / declinationCount * declinationCount].lowHalf
            let expectedDeclination = bins[complete + index % declinationCount].highHalf
            guard bin.lowHalf == expectedEnergy, bin.highHalf == expectedDeclination else {
                throw fault(
                    row: slices[index].rows.lowerBound,
                    "expected the first row of log10(E_nu/GeV) \(expectedEnergy[0]) to \(expectedEnergy[1]), "
                        + "Dec_nu \(expectedDeclination[0]) to \(expectedDeclination[1]) deg"
                )
            }
        }
        guard slices.count == shape.slices else {
            throw fault(
                row: counts.count - 1,
                "the table ends within log10(E_nu/GeV) \(bins[bins.count - 1][0]) to \(bins[bins.count - 1][1])"
            )
        }
        let energies = stride(from: 0, to: bins.count, by: declinationCount).map { bins[$0] }
        let energyEdges = try axis(
            lower: energies.map { $0[0] }, upper: energies.map { $0[1] }, firstColumn: 0, mayBeEmpty: false,
            rows: { slices[$0 * declinationCount].rows.lowerBound }
        )
        let declinations = bins[..<declinationCount]
        let declinationEdges = try axis(
            lower: declinations.map { $0[2] }, upper: declinations.map { $0[3] }, firstColumn: 2, mayBeEmpty: false,
            rows: { slices[$0].rows.lowerBound }
        )
        return (energyEdges, declinationEdges)
    }

    private func axis(
        lower: some RandomAccessCollection<Double>, upper: some RandomAccessCollection<Double>, firstColumn: Int,
        mayBeEmpty: Bool = true, rows: (Int) -> Int
    ) throws -> [Double] {
        try reader.binEdges(
            lower: lower, upper: upper, firstColumn: firstColumn, mayBeEmpty: mayBeEmpty,
            line: { line(ofRow: rows($0)) })
    }
}
