import Diagnostics
import Foundation
import Yams

/// Reads a configuration file: YAML, walked node by node so that every fault names line and column.
package struct ConfigurationReader {
    package let file: String
    /// Keys of the top level that are someone else's business: what this program adds to a campaign's text.
    package var foreignKeys: Set<String> = []
    /// Keys whose values are passed over.
    package var ignoredKeys: Set<ConfigurationKey> = []
    /// What is wrong with the settings that ``survey(_:)`` found, in their order.
    package private(set) var faults: [Fault] = []
    /// Whether faults of single settings are noted, and reading goes on.
    private var isSurveying = false
    package private(set) var layer = ConfigurationLayer()

    package init(file: String) { self.file = file }

    /// - Throws: `Fault`: bad data for a text that is no YAML, usage for a setting that is none or has no meaning.
    package mutating func read(_ text: String) throws(Fault) -> ConfigurationLayer {
        layer = ConfigurationLayer()
        if let root = try compose(text) { try read(root, path: "") }
        return layer
    }

    /// The settings that have a meaning; what is wrong with the others is in ``faults``.
    ///
    /// - Throws: `Fault` (bad data) for a text that is no YAML.
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
    package func compose(_ text: String) throws(Fault) -> Node? {
        try checkAliases(text)
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw fault(of: error)
        } catch {
            throw Fault(.badData, at: .file(file), "is no YAML: \(error)", remedy: "correct it")
        }
    }

    package mutating func read(_ section: Node, path: String) throws(Fault) {
        guard case .mapping(let mapping) = section else {
            let what = path.isEmpty ? "the configuration" : path
            throw fault(
                section, "\(what) must be a list of keys and values, not \(describe(section))",
                remedy: "write one of \(legalNames(below: path)) with a colon and a value")
        }
        for (keyNode, value) in mapping {
            do {
                try readEntry(keyNode, value, path: path)
            } catch {
                guard isSurveying else { throw error }
                faults.append(error)
            }
        }
    }

    private mutating func readEntry(_ keyNode: Node, _ value: Node, path: String) throws(Fault) {
        guard case .scalar(let scalar) = keyNode else {
            throw fault(keyNode, "a key must be a word", remedy: "use one of \(legalNames(below: path))")
        }
        let name = scalar.string
        if path.isEmpty && foreignKeys.contains(name) { return }
        let child = path.isEmpty ? name : "\(path).\(name)"
        if let key = ConfigurationKey(rawValue: child) {
            if ignoredKeys.contains(key) { return }
            if isEmpty(value) {
                throw fault(value, "\(child) has no value", remedy: "give it one, or remove the key")
            }
            try set(key, from: value)
        } else if ConfigurationKey.names(below: path).contains(name) {
            try read(value, path: child)
        } else {
            throw unknown(name, below: path, keyNode)
        }
    }

    private mutating func set(_ key: ConfigurationKey, from node: Node) throws(Fault) {
        let place = place(of: node)
        switch key {
        case .sample: layer.set(\.sample, try text(node, key), as: key, at: place)
        case .data: layer.set(\.data, try text(node, key), as: key, at: place)
        case .datasets: layer.set(\.datasets, try texts(node, key), as: key, at: place)
        case .sourceName: layer.set(\.sourceName, try text(node, key), as: key, at: place)
        case .rightAscension: layer.set(\.rightAscension, try number(node, key), as: key, at: place)
        case .declination: layer.set(\.declination, try number(node, key), as: key, at: place)
        case .phi0: layer.set(\.phi0, try number(node, key), as: key, at: place)
        case .referenceEnergy: layer.set(\.referenceEnergy, try number(node, key), as: key, at: place)
        case .gamma: layer.set(\.gamma, try number(node, key), as: key, at: place)
        case .cutoffEnergy:
            layer.set(\.cutoffEnergy, try number(node, key, mayBeInfinite: true), as: key, at: place)
        case .signalEventsSeed: layer.set(\.signalEventsSeed, try number(node, key), as: key, at: place)
        case .signalEventsMinimum: layer.set(\.signalEventsMinimum, try number(node, key), as: key, at: place)
        case .signalEventsMaximum: layer.set(\.signalEventsMaximum, try number(node, key), as: key, at: place)
        case .gammaSeed: layer.set(\.gammaSeed, try number(node, key), as: key, at: place)
        case .gammaMinimum: layer.set(\.gammaMinimum, try number(node, key), as: key, at: place)
        case .gammaMaximum: layer.set(\.gammaMaximum, try number(node, key), as: key, at: place)
        case .boxHalfWidth: layer.set(\.boxHalfWidth, try number(node, key), as: key, at: place)
        case .negligibleRatio: layer.set(\.negligibleRatio, try number(node, key), as: key, at: place)
        case .energyRange: layer.set(\.energyRange, try energyRange(node, key.rawValue), as: key, at: place)
        case .poisson: layer.set(\.poisson, try truth(node, key), as: key, at: place)
        case .compatibility: layer.set(\.compatibility, try text(node, key), as: key, at: place)
        case .trials: layer.set(\.trials, try trialOrders(node, key), as: key, at: place)
        case .seed: layer.set(\.seed, try integer(node, key.rawValue), as: key, at: place)
        case .output: layer.set(\.output, try text(node, key), as: key, at: place)
        case .probes: layer.set(\.probes, try probes(node, key), as: key, at: place)
        case .jobs: layer.set(\.jobs, try integer(node, key.rawValue), as: key, at: place)
        case .sources: layer.set(\.sources, try sources(node, key), as: key, at: place)
        case .gammas: layer.set(\.gammas, try gammas(node, key), as: key, at: place)
        case .energyRanges: layer.set(\.energyRanges, try energyRanges(node, key), as: key, at: place)
        }
    }
}

extension ConfigurationReader {
    private func unknown(_ name: String, below path: String, _ node: Node) -> Fault {
        let what = path.isEmpty ? "\"\(name)\" is no key of the configuration" : "\(path) has no key \"\(name)\""
        let legal = ConfigurationKey.names(below: path)
        // A right key at a wrong place is likelier than a misspelt one.
        let elsewhere = ConfigurationKey.allCases.first { $0.rawValue.hasSuffix("." + name) || $0.rawValue == name }
        let guess = elsewhere?.rawValue ?? nearestName(to: name, in: legal)
        return fault(node, what, remedy: "\(suggestion(guess))Legal keys here are \(legal.joined(separator: ", "))")
    }

    private func legalNames(below path: String) -> String {
        ConfigurationKey.names(below: path).joined(separator: ", ")
    }

    private func fault(of error: YamlError) -> Fault {
        func at(_ mark: Mark, _ problem: String) -> Fault {
            Fault(
                .badData, at: .column(file: file, line: mark.line, column: mark.column), "is no YAML: \(problem)",
                remedy: "correct the line; keys are indented by spaces, and a colon is followed by a space")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return at(mark, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            return Fault(
                .usage, at: .line(file: file, line: context.mark.line),
                "the section that begins here has \(names) twice",
                remedy: "keep one of them")
        case .reader(let problem, let offset?, let code, let text):
            let before = text.prefix(max(0, offset))
            let line = before.filter(\.isNewline).count + 1
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            return Fault(
                .badData, at: .column(file: file, line: line, column: column),
                "is no YAML: \(problem), as here the one with code \(code)", remedy: "remove that character")
        default:
            return Fault(
                .badData, at: .file(file), "is no YAML: \(error)", remedy: "check that this is a text in UTF-8")
        }
    }
}

extension ConfigurationLayer {
    /// Reads a configuration file.
    ///
    /// - Throws: `Fault`: missing input for a file that is not there or cannot be read; bad data for one that is no
    ///   YAML; usage, with line and column, for an unknown key (suggesting the nearest) or a value of the wrong kind.
    public init(contentsOf file: String) throws(Fault) {
        var reader = ConfigurationReader(file: file)
        self = try reader.read(try ConfigurationReader.text(of: file))
    }
}

extension ConfigurationReader {
    /// A configuration file's text.
    ///
    /// - Throws: `Fault`: missing input for a file that is not there or cannot be read, bad data for one that is no
    ///   UTF-8, or too large for a configuration.
    package static func text(of file: String) throws(Fault) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
            throw Fault(
                .missingInput, at: .file(file), "there is no such configuration file", remedy: "check --config")
        }
        guard !isFolder.boolValue, let bytes = try bytes(of: file) else {
            throw Fault(
                .missingInput, at: .file(file), isFolder.boolValue ? "is a folder" : "cannot be read",
                remedy: "give --config a YAML file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(.badData, at: .file(file), "is no text in UTF-8", remedy: "give --config a YAML file")
        }
        return text
    }
}
