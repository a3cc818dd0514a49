import Diagnostics
import PointSource
import Yams

/// What a value of the configuration may look like. Strict: "no", 1_000 and "5" in quotes mean other things to other
/// readers of YAML, and are refused with a word on what to write.
extension ConfigurationReader {
    func text(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            throw wrongKind(node, key.rawValue, "a text")
        }
        return scalar.string
    }

    /// A list of texts; a single one stands for a list of one.
    func texts(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [String] {
        guard case .sequence(let items) = node else { return [try text(node, key)] }
        var texts: [String] = []
        for item in items { texts.append(try text(item, key)) }
        return texts
    }

    func number(_ node: Node, _ key: ConfigurationKey, mayBeInfinite: Bool = false) throws(Fault) -> Double {
        try number(node, key.rawValue, mayBeInfinite: mayBeInfinite)
    }

    func number(_ node: Node, _ path: String, mayBeInfinite: Bool = false) throws(Fault) -> Double {
        guard case .scalar(let scalar) = node else { throw wrongKind(node, path, "a number") }
        let text = scalar.string
        if isQuoted(scalar) {
            throw fault(
                node, "\(path) must be a number, not the text \"\(text)\"", remedy: "remove the quotation marks")
        }
        if mayBeInfinite, [".inf", "inf", "+.inf"].contains(text.lowercased()) { return .infinity }
        if text.contains("_") || text.contains(",") {
            throw fault(
                node, "\(path) must be a number, and \"\(text)\" is not one", remedy: "write it without \"_\" and \",\""
            )
        }
        let isDecimal = text.unicodeScalars.allSatisfy { "+-.0123456789eE".unicodeScalars.contains($0) }
        guard isDecimal, let value = Double(text), value.isFinite else {
            throw wrongKind(node, path, "a finite number")
        }
        return value
    }

    /// A whole number; 1e6 and 1000.0 are accepted as such.
    func integer(_ node: Node, _ path: String) throws(Fault) -> Int64 {
        if case .scalar(let scalar) = node, !isQuoted(scalar), let value = Int64(scalar.string) { return value }
        let value = try number(node, path)
        guard value.magnitude <= 0x1p53, let whole = Int64(exactly: value) else {
            throw wrongKind(node, path, "a whole number")
        }
        return whole
    }

    func truth(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> Bool {
        if case .scalar(let scalar) = node, !isQuoted(scalar) {
            if scalar.string == "true" { return true }
            if scalar.string == "false" { return false }
        }
        throw wrongKind(node, key.rawValue, "true or false")
    }

    func energyRange(_ node: Node, _ path: String) throws(Fault) -> [Double] {
        guard case .sequence(let items) = node, items.count == 2 else {
            throw wrongKind(node, path, "two energies in GeV, as in [1000, 1e6]")
        }
        return [try number(items[0], path), try number(items[1], path)]
    }

    func probes(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [Probe] {
        guard case .sequence(let items) = node else {
            throw wrongKind(node, key.rawValue, "a list of points NS:GAMMA, as in [\"5:2\", \"10:3\"]")
        }
        var probes: [Probe] = []
        for item in items {
            let text = try text(item, key)
            do {
                probes.append(try Probe(parsing: text))
            } catch {
                throw fault(item, "\(key.rawValue): \(error.problem)", remedy: error.remedy)
            }
        }
        return probes
    }

    /// A list of {mu, count}.
    func trialOrders(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [TrialOrder] {
        let example = "a list such as [{mu: 0, count: 10000}, {mu: 5, count: 1000}]"
        guard case .sequence(let items) = node else { throw wrongKind(node, key.rawValue, example) }
        var orders: [TrialOrder] = []
        for (index, item) in items.enumerated() { orders.append(try trialOrder(item, "\(key.rawValue)[\(index)]")) }
        return orders
    }

    private func trialOrder(_ node: Node, _ path: String) throws(Fault) -> TrialOrder {
        guard case .mapping(let mapping) = node else {
            throw wrongKind(node, path, "a pair such as {mu: 5, count: 1000}")
        }
        var (mean, count): (Double?, Int64?)
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            switch name {
            case "mu":
                let mu = try number(value, "\(path).mu")
                guard mu >= 0, mu <= TrialOrder.largestMeanSignal else {
                    throw wrongKind(value, "\(path).mu", "a mean number of signal events from 0 to 1000000")
                }
                mean = mu
            case "count":
                let number = try integer(value, "\(path).count")
                guard number >= 1, number < .max else {
                    throw wrongKind(value, "\(path).count", "a number of trials, at least 1")
                }
                count = number
            default:
                let hint = suggestion(nearestName(to: name, in: ["mu", "count"]))
                throw fault(keyNode, "\(path) has no key \"\(name)\"", remedy: "\(hint)Legal keys here are mu, count")
            }
        }
        guard let mean, let count else {
            throw fault(node, "\(path) lacks \(mean == nil ? "mu" : "count")", remedy: "write {mu: 5, count: 1000}")
        }
        return TrialOrder(meanSignal: mean, count: count)
    }
}

extension ConfigurationReader {
    func place(of node: Node) -> Fault.Place {
        node.mark.map { .column(file: file, line: $0.line, column: $0.column) } ?? .file(file)
    }

    func fault(_ node: Node, _ problem: String, remedy: String?) -> Fault {
        Fault(.usage, at: place(of: node), problem, remedy: remedy)
    }

    func wrongKind(_ node: Node, _ path: String, _ wanted: String) -> Fault {
        let unit = ConfigurationKey(rawValue: path)?.unit.map { "; it is taken in \($0), and the unit is not written" }
        return fault(
            node, "\(path) must be \(wanted), not \(describe(node))", remedy: "correct the value" + (unit ?? ""))
    }

    /// "yes" in quotation marks, or what kind of node it is.
    func describe(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): isEmpty(node) ? "nothing" : "\"\(scalar.string)\""
        case .mapping: "keys with values"
        case .sequence(let items): items.count == 1 ? "a list of 1 value" : "a list of \(items.count) values"
        case .alias: "an alias"
        }
    }

    /// Whether a key stands without a value, or with YAML's null.
    func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, !isQuoted(scalar) else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func isQuoted(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    }
}
