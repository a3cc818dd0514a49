import Diagnostics
import IceTracks
import StrictYAML

/// The value of the setting `sample`: a public release by its name, or a sample that the user defined.
public enum SampleChoice: Sendable, Equatable {
    /// A name or alias of a public release, which may be unknown.
    case release(String)
    case own(Sample)

    /// - Parameter text: the name of a release, or of a file with a definition, which is read.
    /// - Throws: `Fault` as ``IceTracks/SampleReader``.
    public init(_ text: String) throws(Fault) {
        self = SampleReader.isFile(text) ? .own(try SampleReader.sample(contentsOf: text)) : .release(text)
    }

    init(_ sample: Sample) { self = sample.isBuiltIn ? .release(sample.name) : .own(sample) }

    /// The choice as in a configuration file.
    public var value: SettingValue { SettingKind.sample.show(self) }

    /// - Throws: `Fault` (usage) for an unknown release.
    func sample() throws(Fault) -> Sample {
        switch self {
        case .release(let name): try Catalogue.sample(named: name)
        case .own(let sample): sample
        }
    }
}

extension SettingKind<SampleChoice> {
    /// A name, a file, or the definition itself, which campaigns contain.
    static let sample = SettingKind(
        read: { node throws(Fault) in
            if case .mapping = node.node { return .own(try SampleReader(file: node.file).sample(node)) }
            return try SampleChoice(try node.text())
        },
        show: { choice in
            switch choice {
            case .release(let name): .word(name)
            case .own(let sample): .section(sample.entries)
            }
        })
}

/// The definition of a sample as text, which ``IceTracks/SampleReader`` reads.
extension Sample {
    typealias Entry = SettingValue.Entry

    var entries: [Entry] {
        var entries = [Entry(key: "name", value: .word(name))]
        for (key, text) in [("folder", defaultFolder), ("doi", doi), ("version", version)] where !text.isEmpty {
            entries.append(Entry(key: key, value: .text(text)))
        }
        return entries + [Entry(key: "datasets", value: .list(datasets.map { .section($0.entries) }))]
    }
}

extension DatasetDefinition {
    fileprivate var entries: [Sample.Entry] {
        typealias Entry = Sample.Entry
        var entries = [
            Entry(key: "name", value: .word(name)),
            Entry(
                key: "seasons",
                value: .list(
                    seasonFiles.map { season in
                        .section([
                            Entry(key: "name", value: .word(season.name)),
                            Entry(key: "events", value: .text(season.events)),
                            Entry(key: "uptime", value: .text(season.uptime)),
                        ])
                    })),
            Entry(key: "effective_area", value: .text(effectiveAreaFile)),
            Entry(key: "smearing", value: .text(smearingFile)),
            Entry(key: "sin_dec", value: sinDeclination.value), Entry(key: "log10_energy", value: log10Energy.value),
            Entry(
                key: "cut",
                value: .section([
                    Entry(key: "smoothing", value: .number(cutSmoothing)),
                    Entry(key: "threshold", value: .number(cutThreshold)),
                ])),
        ]
        let standard = EventColumns().byKey
        let columns = zip(columns.byKey, standard).filter { $0.column != $1.column }.map { own, _ in
            Entry(
                key: own.key,
                value: .section([
                    Entry(key: "name", value: .text(own.column.name)),
                    Entry(key: "unit", value: .text(own.column.unit.rawValue)),
                ]))
        }
        if !columns.isEmpty { entries.append(Entry(key: "columns", value: .section(columns))) }
        if let floor = angularErrorFloorDegrees {
            entries.append(Entry(key: "angular_error_floor", value: .number(floor)))
        }
        return entries
    }
}

extension BinSpecification {
    /// Ranges or a list of edges; a mixture is written as its edges.
    fileprivate var value: SettingValue {
        var ranges: [SettingValue] = []
        for part in parts {
            guard case .equal(let from, let to, let bins) = part else {
                return .list(edges.map { .number($0) })
            }
            ranges.append(
                .section([
                    .init(key: "from", value: .number(from)), .init(key: "to", value: .number(to)),
                    .init(key: "bins", value: .integer(Int64(bins))),
                ]))
        }
        return .list(ranges)
    }
}
