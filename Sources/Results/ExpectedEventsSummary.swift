import Console
import PointSource
import Settings

/// The expected signal events in bins of reconstructed energy: printed by `trialgen describe --expected`.
public struct ExpectedEventsSummary: Sendable {
    let datasets: [String]
    let expected: ExpectedEvents

    /// - Parameter datasets: their names, in the order of `expected`.
    public init(datasets: [String], _ expected: ExpectedEvents) {
        (self.datasets, self.expected) = (datasets, expected)
    }

    private var sums: [Double] {
        expected.log10EnergyEdges.indices.dropLast().map { bin in expected.counts.reduce(0) { $0 + $1[bin] } }
    }

    /// One row per bin, without the empty bins at both ends; the last row has all energies.
    public var section: Section {
        var table = Table(
            [.number("lg E from", unit: "GeV"), .number("to")] + datasets.map { .number($0) } + [.number("all")])
        let sums = sums
        let filled = sums.indices.filter { sums[$0] > 0 }
        let number = { (value: Double) in NumberFormat.significant(value, 3) }
        for bin in (filled.first ?? 0)..<((filled.last ?? -1) + 1) {
            let edges = expected.log10EnergyEdges[bin...(bin + 1)].map { NumberFormat.plain($0) }
            table.add(edges + expected.counts.map { number($0[bin]) } + [number(sums[bin])])
        }
        table.add(["all", ""] + expected.totals.map(number) + [number(expected.totals.reduce(0, +))])
        return Section("expected signal events in bins of reconstructed energy", table)
    }

    /// `expected`: `log10_energy_edges`, `datasets` (`name`, `counts`, `total`), and `counts` and `total` of all.
    public var members: [JSONValue.Member] {
        func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
        let rows = zip(datasets, zip(expected.counts, expected.totals)).map { name, values -> JSONValue in
            ["name": .string(name), "counts": numbers(values.0), "total": .number(values.1)]
        }
        return [
            .init(
                "expected",
                [
                    "log10_energy_edges": numbers(expected.log10EnergyEdges), "datasets": .array(rows),
                    "counts": numbers(sums), "total": .number(expected.totals.reduce(0, +)),
                ])
        ]
    }
}
