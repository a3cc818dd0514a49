import Console
import IceTracks
import Settings

/// What was understood of a sample that a user defined: printed by `trialgen describe`.
public struct SampleSummary {
    let datasets: [DatasetDefinition]
    /// Of each dataset.
    let seasons: [[SeasonSummary]]
    let sample: Sample

    /// - Parameter seasons: those of the named datasets, in their order.
    public init(_ sample: Sample, datasets names: [String], seasons: [[SeasonSummary]]) throws {
        (self.sample, self.seasons) = (sample, seasons)
        datasets = try sample.datasets(named: names)
    }

    /// The sample of a configuration; nil for a built-in one.
    ///
    /// - Throws: as ``init(_:datasets:seasons:)``.
    static func ifOwn(_ configuration: Configuration, _ datasets: [DatasetDescription]) throws -> SampleSummary? {
        configuration.sample.isBuiltIn
            ? nil
            : try SampleSummary(
                configuration.sample, datasets: configuration.datasets, seasons: datasets.map(\.seasons))
    }

    public var sections: [Section] {
        var binnings = Table([
            .name("dataset"), .number("sin(dec) bins"), .number("lg E bins"), .name("lg E"), .number("cut smoothing"),
            .number("threshold"), .number("error floor", unit: "deg"), .number("raised"),
        ])
        var files = Table([.name("dataset"), .name("contents"), .name("file")])
        for (dataset, seasons) in zip(datasets, seasons) {
            let energies = dataset.log10EnergyEdges
            let raised = seasons.reduce(0) { $0 + $1.raisedErrorCount }
            binnings.add([
                dataset.name, String(dataset.sinDeclinationEdges.count - 1), String(energies.count - 1),
                "\(NumberFormat.plain(energies.first ?? 0)) to \(NumberFormat.plain(energies.last ?? 0))",
                NumberFormat.plain(dataset.cutSmoothing), NumberFormat.plain(dataset.cutThreshold),
                dataset.angularErrorFloorDegrees.map(NumberFormat.plain) ?? "-",
                dataset.angularErrorFloorDegrees == nil ? "-" : NumberFormat.count(raised),
            ])
            for season in dataset.seasonFiles {
                files.add([dataset.name, "events of \(season.name)", season.events])
                files.add(["", "uptime of \(season.name)", season.uptime])
            }
            files.add(["", "effective area", dataset.effectiveAreaFile])
            files.add(["", "smearing matrix", dataset.smearingFile])
        }
        var columns = Table([.name("dataset"), .name("quantity"), .name("column"), .name("unit")])
        for dataset in datasets {
            for (index, (key, column)) in dataset.columns.byKey.enumerated() {
                columns.add([index == 0 ? dataset.name : "", key, column.name, column.unit.rawValue])
            }
        }
        return [
            Section("sample \(sample.name), as defined", binnings), Section("files in the sample's folder", files),
            Section("columns of the events", columns),
        ]
    }

    public var members: [JSONValue.Member] { [.init("sample", SampleChoice.own(sample).value.json)] }
}
