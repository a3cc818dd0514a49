import Diagnostics
import Files
import HDF5
import Settings

/// The sources of a catalogue search, whose fits every row of its tables holds, in the order of the campaign's list; in a search
/// of the sky the hemispheres, whose hottest places every row holds.
///
/// In a file they are the 2-D datasets ``datasets``, with a row for each trial and a column for each source, and the
/// group `sources` with the names and, of a catalogue, the places; see docs/file-format.md. They follow from the campaign in the header.
public struct SourceColumns: Sendable, Equatable {
    /// The names of the sources or hemispheres.
    public let names: [String]
    /// The sources of a catalogue; empty for the sky, whose places differ from trial to trial.
    public let sources: [ListedSource]
    /// Whether n_s and θ of every source are stored besides TS.
    public let storesFits: Bool
    /// Whether a trial has places of its own.
    private var storesPlaces: Bool { sources.isEmpty }
    /// The name of θ: "gamma" or "peak".
    let parameter: String

    /// The columns of a campaign; nil for one whose trials have a single fit.
    public init?(_ configuration: Configuration) {
        guard configuration.search.fitsManyPlaces else { return nil }
        sources = configuration.sky == nil ? configuration.sources : []
        names = configuration.sky?.hemispheres.map(\.rawValue) ?? sources.map(\.source.name)
        storesFits = configuration.sky != nil || configuration.sourceFits
        parameter = configuration.settings.parameter.label
    }

    /// A number of the fit of one source.
    public enum Number: Int, Sendable, Hashable {
        case testStatistic, signalEvents, parameter
        /// Of the hottest place, in degrees.
        case rightAscension, declination
    }

    /// The names of the datasets, in the order of their numbers in a packed row.
    public var datasets: [String] {
        ["source_ts"] + (storesFits ? ["source_ns", "source_\(parameter)"] : [])
            + (storesPlaces ? ["source_ra", "source_dec"] : [])
    }

    /// The numbers of these datasets in a trial.
    public var count: Int { datasets.count * names.count }

    /// Bytes of a row in one dataset.
    var width: Int { 8 * names.count }

    /// Bytes in a packed row.
    var stride: Int { 8 * count }

    /// The start of a number among those of a packed row, in bytes; nil if it is not stored.
    func offset(of number: Number, source: Int) -> Int? {
        guard names.indices.contains(source), number.rawValue < datasets.count else { return nil }
        return number.rawValue * width + 8 * source
    }

    /// The numbers of a trial's fits as bytes; nil if it has others.
    func bytes(of fits: SourceFits) -> [UInt8]? {
        let lists = [
            fits.testStatistics, fits.signalEvents, fits.gammas, fits.rightAscensions, fits.declinations,
        ]
        let isStored = [true, storesFits, storesFits, storesPlaces, storesPlaces]
        guard zip(lists, isStored).allSatisfy({ $0.count == ($1 ? names.count : 0) }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stride)
        for values in lists {
            for value in values { bytes.append(littleEndian: value.bitPattern) }
        }
        return bytes
    }

    /// The fits in a record.
    ///
    /// - Parameter start: where their numbers begin in the record, in bytes.
    func fits(of record: PackedRecord, at start: Int) -> SourceFits {
        func values(_ number: Number) -> [Double] {
            names.indices.compactMap { source in
                offset(of: number, source: source).map { record.double(start + $0) }
            }
        }
        return SourceFits(
            testStatistics: values(.testStatistic), signalEvents: values(.signalEvents), gammas: values(.parameter),
            rightAscensions: values(.rightAscension), declinations: values(.declination))
    }
}

extension SourceColumns {
    private static let group = "sources"
    private static let name = "name"

    /// The group's lists of numbers.
    private var numbers: [(name: String, values: [Double])] {
        if storesPlaces { return [] }
        return [
            ("ra", sources.map(\.rightAscensionDegrees)), ("dec", sources.map(\.declinationDegrees)),
            ("weight", sources.map(\.weight)),
        ]
    }

    /// The layout of one of the 2-D datasets.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` for more sources than a row can have.
    var rowLayout: RecordLayout {
        get throws(Fault) {
            do {
                return try RecordLayout.rows(of: .float64, columns: names.count)
            } catch {
                throw Fault(
                    error.kind, "a catalogue of \(names.count) sources cannot be stored: \(error.problem)",
                    remedy: "split the list into several campaigns")
            }
        }
    }

    /// Writes the group `sources`.
    func write(to root: Group) throws(Fault) {
        let group = try root.createGroup(Self.group)
        try group.createTexts(Self.name, names)
        for (name, values) in numbers {
            try group.createTable(name, layout: .scalar(.float64), chunkRecords: values.count)
                .append(Self.bytes(of: values))
        }
    }

    /// Compares the group `sources` with the campaign.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if it is missing or differs.
    func check(_ root: Group, _ path: String) throws(Fault) {
        func disagreement(_ what: String) -> Fault {
            Fault(
                .badData, at: .file(path),
                "is damaged: the \(what) in its group \"\(Self.group)\" is not that of its campaign",
                remedy: "use a sound copy, or make or merge its trials again")
        }
        guard try root.contains(Self.group) else {
            throw Fault(
                .badData, at: .file(path), "lacks the group \"\(Self.group)\" of its search",
                remedy: "use a sound copy, or make or merge its trials again")
        }
        let group = try root.group(Self.group)
        if try group.texts(Self.name) != names { throw disagreement("list \"\(Self.name)\"") }
        for (name, values) in numbers {
            let list = try group.numbers(name, expecting: .scalar(.float64))
            guard try list.count == values.count, try list.read(0..<values.count) == Self.bytes(of: values) else {
                throw disagreement("list \"\(name)\"")
            }
        }
    }

    private static func bytes(of values: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { bytes.append(littleEndian: value.bitPattern) }
        return bytes
    }
}
