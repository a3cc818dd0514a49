import Diagnostics
import StrictYAML
import Yams

/// Reads a configuration file: YAML, walked node by node so that every fault names line and column.
package struct ConfigurationReader {
    package let file: String
    /// Paths of keys that are not settings: those that this program adds to a campaign's text, and those of other readers.
    package var foreignKeys: Set<String> = []
    /// The faults of the settings that ``survey(_:)`` found, in their order.
    package private(set) var faults: [Fault] = []
    /// Whether reading continues after a fault in a single setting.
    private var isSurveying = false
    package private(set) var layer = ConfigurationLayer()

    package init(file: String) { self.file = file }

    /// - Throws: `Fault`: bad data for a text that is not valid YAML, usage for an unknown key or a value of the wrong
    ///   kind.
    package mutating func read(_ text: String) throws(Fault) -> ConfigurationLayer {
        layer = ConfigurationLayer()
        if let root = try compose(text) { try read(root, path: "") }
        return layer
    }

    /// The valid settings; the faults of the others are in ``faults``.
    ///
    /// - Throws: `Fault` (bad data) for a text that is not valid YAML.
    package mutating func survey(_ text: String) throws(Fault) -> ConfigurationLayer {
        (isSurveying, faults, layer) = (true, [], ConfigurationLayer())
        guard let root = try compose(text) else { return layer }
        do {
            try read(root, path: "")
        } catch {
            faults.append(error)
        }
        return layer
    }

    /// The file's root node, nil for an empty file.
    package func compose(_ text: String) throws(Fault) -> Node? { try YAMLDocument.compose(text, file: file) }

    mutating func read(_ section: Node, path: String) throws(Fault) {
        let node = YAMLNode(node: section, path: path, file: file) { SettingKey(named: $0)?.unit }
        guard case .mapping(let mapping) = section else {
            let what = path.isEmpty ? "the configuration" : path
            throw node.fault(
                "\(what) must consist of keys with values, not \(node.description)",
                remedy: "write one of \(SettingKey.names(below: path).joined(separator: ", ")) with a colon and a value"
            )
        }
        for (keyNode, value) in mapping {
            do {
                try readEntry(node.with(keyNode), value)
            } catch {
                guard isSurveying else { throw error }
                faults.append(error)
            }
        }
    }

    /// - Parameter keyNode: the key, with the path of its section.
    private mutating func readEntry(_ keyNode: YAMLNode, _ value: Node) throws(Fault) {
        let path = keyNode.path
        let foreign = foreignKeys.filter { !path.isEmpty && $0.hasPrefix(path + ".") }.map {
            $0.dropFirst(path.count + 1)
        }
        let legal = SettingKey.names(below: path) + foreign.map(String.init)
        guard case .scalar(let scalar) = keyNode.node else {
            throw keyNode.fault("a key must be a word", remedy: "use one of \(legal.joined(separator: ", "))")
        }
        let name = scalar.string
        let node = keyNode.with(value, path.isEmpty ? name : "\(path).\(name)")
        if foreignKeys.contains(node.path) { return }
        // A parameter of the fit is a number if it is fixed, and a section with its bounds if it is free.
        let isSection = legal.contains(name) && node.isSection && !SettingKey.names(below: node.path).isEmpty
        if !isSection, let setting = SettingTable.settings.first(where: { $0.key.name == node.path }) {
            if node.isEmpty {
                throw node.fault("\(node.path) has no value", remedy: "give a value, or remove the key")
            }
            // YAML's own check does not find source.ra beside a section source.
            if let other = layer.place(of: setting.key) {
                throw node.fault("\(node.path) is set twice, first at \(other)", remedy: "keep one of them")
            }
            layer[setting.key] = try setting.read(node)
        } else if legal.contains(name) {
            try read(value, path: node.path)
        } else {
            // A correct key in the wrong section is more likely than a misspelt one.
            let elsewhere = SettingKey.all.first { $0.name.hasSuffix("." + name) || $0.name == name }
            if let elsewhere, elsewhere.name == name {
                throw keyNode.fault(
                    "\(path) has no key \"\(name)\": it belongs to the top level of the file",
                    remedy: "move \(name) out of \(path)")
            }
            throw keyNode.unknownKey(name, legal: legal, guess: elsewhere?.name)
        }
    }
}

extension ConfigurationLayer {
    /// Reads a configuration file.
    ///
    /// - Throws: `Fault`: missing input for a file that does not exist or cannot be read; bad data for invalid YAML;
    ///   usage, with line and column, for an unknown key (suggesting the nearest) or a value of the wrong kind.
    public init(contentsOf file: String) throws(Fault) {
        var reader = ConfigurationReader(file: file)
        self = try reader.read(try YAMLDocument.text(of: file))
    }
}
