import Diagnostics
import StrictYAML
import Yams

/// Reads the definition of a sample: the built-in releases, and those that users write, have the same form
/// (docs/samples.md).
package struct SampleReader {
    private let file: String
    private let isBuiltIn: Bool

    /// - Parameters:
    ///   - file: the file's name, for messages.
    ///   - isBuiltIn: whether the names of public releases are valid.
    package init(file: String, isBuiltIn: Bool = false) {
        self.file = file
        self.isBuiltIn = isBuiltIn
    }

    /// Whether a value of the setting `sample` names a file with a definition, and not a release.
    package static func isFile(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

    /// Reads a file.
    ///
    /// - Throws: `Fault`: as `YAMLDocument`; usage, with line and column, for a definition that is not valid.
    package static func sample(contentsOf file: String) throws(Fault) -> Sample {
        try SampleReader(file: file).read(
            try YAMLDocument.text(of: file, "sample's definition", option: "--sample"))
    }

    /// The sample that a file defines; nil for a file that is not meant to be a definition, which lists datasets with keys.
    ///
    /// - Throws: `Fault` as ``sample(contentsOf:)``.
    package static func definition(in file: String) throws(Fault) -> Sample? {
        let text = try YAMLDocument.text(of: file)
        guard let root = try? YAMLDocument.compose(text, file: file), case .sequence(let items)? = root["datasets"],
            case .mapping? = items.first
        else { return nil }
        return try SampleReader(file: file).read(text)
    }

    /// - Throws: `Fault` as ``sample(contentsOf:)``.
    package func read(_ text: String) throws(Fault) -> Sample {
        guard let root = try YAMLDocument.compose(text, file: file) else {
            throw Fault(
                .usage, at: .file(file), "is empty",
                remedy: "write a definition: trialgen config --init sample prints an example")
        }
        return try sample(YAMLNode(node: root, path: "sample", file: file))
    }

    /// The sample that a node defines.
    ///
    /// - Throws: `Fault` (usage), with line and column.
    package func sample(_ node: YAMLNode) throws(Fault) -> Sample {
        let values = try node.section(
            ["name", "datasets"], ["aliases", "folder", "doi", "version", "columns", "angular_error_floor"],
            example: "name: MySample")
        guard let nameNode = values["name"], let list = values["datasets"] else { throw node.wrongKind("a definition") }
        let name = try self.name(nameNode)
        if !isBuiltIn, (try? Catalogue.sample(named: name)) != nil {
            throw nameNode.fault(
                "\(nameNode.path): \"\(name)\" is a public release, which this program defines itself",
                remedy: "choose another name")
        }
        let columns = try values["columns"].map { node throws(Fault) in try self.columns(node) } ?? EventColumns()
        let floor = try values["angular_error_floor"].map { node throws(Fault) in try self.floor(node) }
        let datasets = try list.items("a list of datasets") { item throws(Fault) in
            try dataset(item, columns: columns, floor: floor)
        }
        guard !datasets.isEmpty else {
            throw list.fault("\(list.path) is an empty list", remedy: "define at least one dataset")
        }
        try checkNames(datasets, list)
        return Sample(
            name: name,
            aliases: try values["aliases"]?.items("a list of names") { item throws(Fault) in try self.name(item) }
                ?? [],
            defaultFolder: try values["folder"].map { node throws(Fault) in try path(node) } ?? "",
            doi: try values["doi"]?.text() ?? "", version: try values["version"]?.text() ?? "", datasets: datasets)
    }

    // MARK: Datasets

    private func dataset(_ node: YAMLNode, columns: EventColumns, floor: Double?) throws(Fault) -> DatasetDefinition {
        let values = try node.section(
            ["name", "seasons", "sin_dec", "log10_energy", "cut"],
            ["responses", "effective_area", "smearing", "columns", "angular_error_floor"], example: "name: IC79")
        guard let nameNode = values["name"], let seasonList = values["seasons"], let sines = values["sin_dec"],
            let energies = values["log10_energy"], let cutNode = values["cut"]
        else { throw node.wrongKind("a dataset") }
        let name = try self.name(nameNode)
        let seasons = try seasonList.items("a list such as [IC86_I, IC86_II]") { item throws(Fault) in try season(item)
        }
        guard !seasons.isEmpty else {
            throw seasonList.fault("\(seasonList.path) is an empty list", remedy: "name at least one season")
        }
        let responses = try responses(values, node, dataset: name)
        let cut = try cutNode.section(["smoothing", "threshold"], example: "smoothing: 0.25")
        guard let smoothing = cut["smoothing"], let threshold = cut["threshold"] else {
            throw cutNode.wrongKind("a cut")
        }
        return DatasetDefinition(
            name: name, seasons: seasons, configuration: responses.name, effectiveAreaFile: responses.area,
            smearingFile: responses.smearing,
            sinDeclination: try bins(sines, within: -1...1, covering: true, atLeast: 3),
            log10Energy: try bins(energies, within: .log10Energies, covering: false, atLeast: 4),
            cutSmoothing: try number(smoothing, in: 0...1e6), cutThreshold: try number(threshold, in: 0...0.999),
            columns: try values["columns"].map { node throws(Fault) in try self.columns(node) } ?? columns,
            angularErrorFloorDegrees: try values["angular_error_floor"].map { node throws(Fault) in try self.floor(node)
            }
                ?? floor)
    }

    private func season(_ node: YAMLNode) throws(Fault) -> SeasonFiles {
        if case .scalar = node.node { return SeasonFiles(name: try name(node)) }
        let values = try node.section(
            ["name", "events", "uptime"], example: "{name: IC79, events: events/IC79.csv, uptime: uptime/IC79.csv}")
        guard let name = values["name"], let events = values["events"], let uptime = values["uptime"] else {
            throw node.wrongKind("a season")
        }
        return SeasonFiles(name: try self.name(name), events: try path(events), uptime: try path(uptime))
    }

    private func responses(
        _ values: [String: YAMLNode], _ node: YAMLNode, dataset: String
    ) throws(Fault) -> (name: String, area: String, smearing: String) {
        if let responses = values["responses"] {
            if let other = values["effective_area"] ?? values["smearing"] {
                throw other.fault(
                    "\(other.path) and \(responses.path) are both given", remedy: "keep responses, or name both files")
            }
            let name = try self.name(responses)
            return (name, "irfs/\(name)_effectiveArea.csv", "irfs/\(name)_smearing.csv")
        }
        guard let area = values["effective_area"], let smearing = values["smearing"] else {
            throw node.fault(
                "\(node.path) lacks \(values["effective_area"] == nil ? "effective_area" : "smearing")",
                remedy:
                    "name both files, or give responses: IC86 for irfs/IC86_effectiveArea.csv and irfs/IC86_smearing.csv"
            )
        }
        return (dataset, try path(area), try path(smearing))
    }

    /// - Throws: `Fault` (usage) for a name or a file of events that two datasets or seasons have.
    private func checkNames(_ datasets: [DatasetDefinition], _ list: YAMLNode) throws(Fault) {
        func fault(_ problem: String) -> Fault {
            list.fault("\(list.path): \(problem)", remedy: "give each dataset, season and file of events once")
        }
        var (owners, files): ([String: String], [String: String]) = ([:], [:])
        for dataset in datasets {
            if let other = owners[dataset.name] {
                throw fault("the name \"\(dataset.name)\" of a dataset is also that of \(other)")
            }
            var own = [dataset.name: "the dataset \(dataset.name)"]
            for season in dataset.seasonFiles {
                // A season may be the whole dataset.
                let isWhole = dataset.seasonFiles.count == 1 && season.name == dataset.name
                if let other = owners[season.name] ?? (isWhole ? nil : own[season.name]) {
                    throw fault("the name \"\(season.name)\" of a season is also that of \(other)")
                }
                own[season.name] = "a season of \(dataset.name)"
                if let other = files.updateValue(season.name, forKey: season.events) {
                    throw fault("\"\(season.events)\" has the events of both \(other) and \(season.name)")
                }
            }
            owners.merge(own) { first, _ in first }
        }
    }

    // MARK: Values

    private func name(_ node: YAMLNode) throws(Fault) -> String {
        let name = try node.text()
        guard name.utf8.count <= 60, name.first?.isLetter == true,
            name.unicodeScalars.allSatisfy({
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789._+-".unicodeScalars.contains($0))
            })
        else {
            throw node.fault(
                "\(node.path): \(quotedForMessage(name)) is not a valid name",
                remedy: "begin with a letter, and use at most 60 letters, digits and the characters . _ + -")
        }
        return name
    }

    private func path(_ node: YAMLNode) throws(Fault) -> String {
        do throws(Fault) {
            return try ReleasePath(try node.text(), from: file).description
        } catch {
            guard error.kind == .badData else { throw error }
            throw node.fault(
                "\(node.path): \(error.problem)",
                remedy: "give a path below the release's folder; symbolic links can point elsewhere")
        }
    }

    private func number(_ node: YAMLNode, in range: ClosedRange<Double>) throws(Fault) -> Double {
        let value = try node.number()
        guard range.contains(value) else {
            throw node.fault(
                "\(node.path): \(shortest(value)) is out of range",
                remedy: "give a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))")
        }
        return value
    }

    private func floor(_ node: YAMLNode) throws(Fault) -> Double {
        try number(node, in: EventTable.angularErrorDegrees)
    }

    /// - Parameter covering: whether the bins must fill the whole range.
    private func bins(
        _ node: YAMLNode, within range: ClosedRange<Double>, covering: Bool, atLeast fewest: Int
    ) throws(Fault) -> BinSpecification {
        let specification = BinSpecification(try parts(node))
        let edges = specification.edges
        func fault(_ problem: String, _ remedy: String) -> Fault {
            node.fault("\(node.path): \(problem)", remedy: remedy)
        }
        for case (.equal(_, let end, _), .equal(let start, _, _)) in zip(
            specification.parts, specification.parts.dropFirst())
        where start != end {
            throw fault(
                "a range begins at \(shortest(start)), and the one before it ends at \(shortest(end))",
                "let each range begin where the one before it ends")
        }
        for (low, high) in zip(edges, edges.dropFirst()) where !(low < high) {
            throw fault(
                "the edge \(shortest(high)) follows \(shortest(low))",
                "give increasing edges; each range begins where the one before it ends")
        }
        let ends = "\(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
        guard edges.count > fewest, let first = edges.first, let last = edges.last else {
            throw fault("there are \(max(0, edges.count - 1)) bins", "give at least \(fewest)")
        }
        if covering, first != range.lowerBound || last != range.upperBound {
            throw fault("the bins are from \(shortest(first)) to \(shortest(last))", "cover \(ends)")
        }
        guard range.contains(first), range.contains(last) else {
            throw fault("the bins are from \(shortest(first)) to \(shortest(last))", "stay within \(ends)")
        }
        return specification
    }

    private static let mostBins: Int64 = 1000

    private func parts(_ node: YAMLNode) throws(Fault) -> [BinSpecification.Part] {
        let example = "{from: -1, to: 1, bins: 40}, a list of these, or a list of edges"
        if case .mapping = node.node { return [try range(node)] }
        guard case .sequence(let items) = node.node else { throw node.wrongKind(example) }
        guard items.contains(where: { if case .mapping = $0 { true } else { false } }) else {
            let edges = try node.items(example) { item throws(Fault) in try item.number() }
            guard edges.count <= Self.mostBins + 1 else {
                throw node.fault("\(node.path) has \(edges.count) edges", remedy: "give at most \(Self.mostBins + 1)")
            }
            return [.edges(edges)]
        }
        return try node.items(example) { item throws(Fault) in try range(item) }
    }

    private func range(_ node: YAMLNode) throws(Fault) -> BinSpecification.Part {
        let values = try node.section(["from", "to", "bins"], example: "{from: -1, to: 1, bins: 40}")
        guard let from = values["from"], let to = values["to"], let bins = values["bins"] else {
            throw node.wrongKind("a range of bins")
        }
        let count = try bins.integer()
        guard (1...Self.mostBins).contains(count) else {
            throw bins.fault(
                "\(bins.path): \(count) is out of range", remedy: "give a number from 1 to \(Self.mostBins)")
        }
        return .equal(from: try from.number(), to: try to.number(), bins: Int(count))
    }

    /// The columns that differ from those of the public releases.
    private func columns(_ node: YAMLNode) throws(Fault) -> EventColumns {
        let keys = EventColumns.keys
        let values = try node.section([], keys.map(\.key), example: "ra: {name: RA, unit: rad}")
        var columns = EventColumns()
        for (key, path, units) in keys {
            guard let value = values[key] else { continue }
            var (nameNode, unit) = (value, units[0])
            if case .mapping = value.node {
                let parts = try value.section(["name"], ["unit"], example: "{name: RA, unit: rad}")
                nameNode = parts["name"] ?? value
                if let word = parts["unit"] {
                    let text = try word.text()
                    let legal = units.map(\.rawValue)
                    guard let known = units.first(where: { $0.rawValue == text }) else {
                        throw word.fault(
                            "\(word.path): \(quotedForMessage(text)) is not a unit of this column",
                            remedy: "\(suggestion(nearestName(to: text, in: legal)))Valid units are "
                                + legal.joined(separator: ", "))
                    }
                    unit = known
                }
            }
            let name = try nameNode.text()
            guard !name.contains(where: \.isWhitespace), !name.hasPrefix("#") else {
                throw nameNode.fault(
                    "\(nameNode.path): \(quotedForMessage(name)) is not a name in a header line",
                    remedy: "give one word, as in the first line of the file")
            }
            columns[keyPath: path] = EventColumns.Column(name, unit)
        }
        let names = columns.byKey.map(\.column.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw node.fault("\(node.path): \"\(twice)\" is named twice", remedy: "name each column once")
        }
        return columns
    }
}
