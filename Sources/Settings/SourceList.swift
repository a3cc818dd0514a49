import Diagnostics
import StrictYAML
import Yams

/// A list of sources as the user wrote it.
public struct SourceList: Sendable {
    struct Item: Sendable {
        /// The settings below `source`, with their places.
        let layer: ConfigurationLayer
        /// The flux of the source relative to that of the others; nil if it was not given.
        let weight: Double?
    }

    let items: [Item]

    /// Reads a CSV or ECSV file with a header line and the columns ra and dec, and optionally name, weight and reference.
    ///
    /// - Throws: `Fault`: missing input for a file that cannot be read; bad data, naming the line, for one that is not a
    ///   list of sources.
    public init(contentsOf path: String) throws(Fault) { items = try SourceFile.items(of: path) }

    init(items: [Item]) { self.items = items }

    /// Only ratios of weights matter; with these no product of weights and yields overflows.
    private static let weightRange = 1e-30...1e30

    /// - Throws: `Fault` (usage), without a place, for a number that is neither 0 nor in the range.
    static func check(weight: Double) throws(Fault) {
        guard weight == 0 || weightRange.contains(weight) else {
            throw Fault(
                .usage, "the weight \(shortest(weight)) is out of range",
                remedy: "give 0, or a number from \(shortest(weightRange.lowerBound)) to "
                    + "\(shortest(weightRange.upperBound)): fluxes relative to one another")
        }
    }
}

extension SettingKind<SourceList> {
    /// A list of {name, ra, dec, weight, reference}, or the name of a file.
    static let sources = SettingKind(
        read: { node throws(Fault) in
            if node.node.scalar != nil { return try SourceList(contentsOf: try node.text()) }
            let example = "a list such as [{ra: 40.67, dec: -0.01}, {name: TXS 0506+056, ra: 77.36, dec: 5.69}]"
            return SourceList(items: try node.items(example) { item throws(Fault) in try read(item) })
        },
        show: { list in
            .list(
                list.items.map { item in
                    let settings = item.layer.keys.compactMap { key in
                        item.layer[key].map {
                            SettingValue.Entry(key: String(key.name.dropFirst("source.".count)), value: $0.shown)
                        }
                    }
                    return .section(settings + (item.weight.map { [.init(key: "weight", value: .number($0))] } ?? []))
                })
        })

    private static func read(_ item: YAMLNode) throws(Fault) -> SourceList.Item {
        var reader = ConfigurationReader(file: item.file)
        reader.foreignKeys = ["source.weight"]
        try reader.read(item.node, path: "source")
        guard reader.layer.rightAscension != nil, reader.layer.declination != nil else {
            throw item.fault(
                "\(item.path) lacks \(reader.layer.rightAscension == nil ? "ra" : "dec")",
                remedy: "give ra and dec in degrees, as in {ra: 40.67, dec: -0.01}")
        }
        let weight = item.node.mapping?["weight"].map { item.with($0, "\(item.path).weight") }
        let value = try weight.map { node throws(Fault) in
            let value = try node.number()
            do throws(Fault) {
                try SourceList.check(weight: value)
            } catch {
                throw node.fault("\(node.path): \(error.problem)", remedy: error.remedy)
            }
            return value
        }
        return SourceList.Item(layer: reader.layer, weight: value)
    }
}
