import Diagnostics

extension SmearingTable {
    /// Rows that agree in some leading columns.
    struct Group {
        var runs: Range<Int>
        var rows: Range<Int>
    }

    /// Collects runs as long as `key` stays the same.
    func groups<Key: Equatable>(_ runs: Range<Int>, by key: (Run) -> Key) -> [Group] {
        var groups: [Group] = []
        for index in runs {
            let run = self.runs[index]
            if let last = groups.indices.last, key(self.runs[groups[last].runs.lowerBound]) == key(run) {
                groups[last].runs = groups[last].runs.lowerBound..<index + 1
                groups[last].rows = groups[last].rows.lowerBound..<run.endRow
            } else {
                groups.append(Group(runs: index..<index + 1, rows: run.firstRow..<run.endRow))
            }
        }
        return groups
    }

    /// Finds the number of bins along each axis: the length of most cells with positive width, so that a lost row shows
    /// up as one odd cell.
    func shape(slices: [Group]) throws -> SmearingMatrix.Shape {
        let perPsi = Self.commonest(runs.lazy.filter { $0.hasRecoWidth && $0.hasPsiWidth }.map(\.rowCount))
        let recoGroups = slices.flatMap { groups($0.runs, by: \.recoBin) }
        let perReco = Self.commonest(
            recoGroups.lazy.filter { runs[$0.runs.lowerBound].hasRecoWidth }.map(\.rows.count)
        )
        guard let perPsi, let perReco, let perSlice = Self.commonest(slices.map(\.rows.count)) else {
            throw Fault(
                .badData, at: .file(reader.file), "no bin of the smearing matrix has a width",
                remedy: "download the file again"
            )
        }
        guard perReco.isMultiple(of: perPsi), perSlice.isMultiple(of: perReco) else {
            throw fault(
                row: 0,
                "most cells have \(perPsi) rows per PSF bin, \(perReco) per bin of log10(E/GeV) and \(perSlice) per "
                    + "bin of E_nu and Dec_nu, which are not multiples of each other"
            )
        }
        for slice in slices where slice.rows.count != perSlice {
            throw fault(
                row: oddRow(in: slice, perPsi: perPsi, perReco: perReco),
                "the bin of \(describe(runs[slice.runs.lowerBound])) has \(slice.rows.count) rows, but others have "
                    + "\(perSlice)"
            )
        }
        let energies = groups(runs.indices, by: { $0.trueBin.lowHalf })
        // The largest, not the most common: lost slices shorten the list of their energy.
        let declinationCounts = energies.map { groups($0.runs, by: \.trueBin).count }
        return SmearingMatrix.Shape(
            trueEnergy: energies.count, trueDeclination: declinationCounts.max() ?? 1,
            recoEnergy: perSlice / perReco, psi: perReco / perPsi, angularError: perPsi
        )
    }

    /// The row at which a slice of a wrong length first deviates from the pattern.
    private func oddRow(in slice: Group, perPsi: Int, perReco: Int) -> Int {
        for index in slice.runs where runs[index].hasRecoWidth && runs[index].hasPsiWidth {
            if runs[index].rowCount != perPsi { return runs[index].endRow - 1 }
        }
        for group in groups(slice.runs, by: \.recoBin) where runs[group.runs.lowerBound].hasRecoWidth {
            if group.rows.count != perReco { return group.rows.upperBound - 1 }
        }
        return slice.rows.upperBound - 1
    }

    func describe(_ run: Run) -> String {
        let edges = run.edges
        return "log10(E_nu/GeV) \(edges[0]) to \(edges[1]), Dec_nu \(edges[2]) to \(edges[3]) deg"
    }

    /// The most common value; the smallest of several.
    private static func commonest(_ values: some Sequence<Int>) -> Int? {
        var occurrences: [Int: Int] = [:]
        for value in values { occurrences[value, default: 0] += 1 }
        return occurrences.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}
