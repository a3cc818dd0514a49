import Diagnostics
import Numerics
import Yams

/// The lists of sources, gammas and energy ranges. Each value becomes a layer that knows where it was found.
extension ConfigurationReader {
    /// A list of {name, ra, dec}.
    func sources(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [ConfigurationLayer] {
        let example = "a list such as [{ra: 40.67, dec: -0.01}, {name: TXS 0506+056, ra: 77.36, dec: 5.69}]"
        var sources: [ConfigurationLayer] = []
        for item in try items(node, key, example) {
            var reader = ConfigurationReader(file: file)
            try reader.read(item, path: "source")
            guard reader.layer.rightAscension != nil, reader.layer.declination != nil else {
                let lacking = reader.layer.rightAscension == nil ? "ra" : "dec"
                throw fault(
                    item, "\(key.rawValue)[\(sources.count)] lacks \(lacking)",
                    remedy: "give ra and dec in degrees, as in {ra: 40.67, dec: -0.01}")
            }
            sources.append(reader.layer)
        }
        return sources
    }

    /// A list of numbers.
    func gammas(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [ConfigurationLayer] {
        var gammas: [ConfigurationLayer] = []
        for (index, item) in try items(node, key, "a list such as [2, 2.5, 3]").enumerated() {
            var layer = ConfigurationLayer()
            layer.set(\.gamma, try number(item, "\(key.rawValue)[\(index)]"), as: .gamma, at: place(of: item))
            gammas.append(layer)
        }
        return gammas
    }

    /// A list of pairs of energies, or {from, to, per_decade}.
    func energyRanges(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [ConfigurationLayer] {
        func layer(_ range: [Double], _ node: Node) -> ConfigurationLayer {
            var layer = ConfigurationLayer()
            layer.set(\.energyRange, range, as: .energyRange, at: place(of: node))
            return layer
        }
        if case .mapping = node {
            var ranges: [ConfigurationLayer] = []
            for range in try dividedDecades(node, key) { ranges.append(layer(range, node)) }
            return ranges
        }
        let example = "a list such as [[1e2, 1e3], [1e3, 1e4]], or {from: 1e2, to: 1e8, per_decade: 2}"
        var ranges: [ConfigurationLayer] = []
        for (index, item) in try items(node, key, example).enumerated() {
            ranges.append(layer(try energyRange(item, "\(key.rawValue)[\(index)]"), item))
        }
        return ranges
    }

    /// Adjoining ranges of equal ratio; an end that is meant to be 10^(k/n) is the number nearest to it.
    private func dividedDecades(_ node: Node, _ key: ConfigurationKey) throws(Fault) -> [[Double]] {
        guard case .mapping(let mapping) = node else { return [] }
        var (from, to, perDecade): (Double?, Double?, Int64) = (nil, nil, 2)
        let legal = ["from", "to", "per_decade"]
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            switch name {
            case "from": from = try number(value, "\(key.rawValue).from")
            case "to": to = try number(value, "\(key.rawValue).to")
            case "per_decade": perDecade = try integer(value, "\(key.rawValue).per_decade")
            default:
                throw fault(
                    keyNode, "\(key.rawValue) has no key \"\(name)\"",
                    remedy: "\(suggestion(nearestName(to: name, in: legal)))Legal keys here are from, to, per_decade")
            }
        }
        guard let from, let to else {
            throw fault(
                node, "\(key.rawValue) lacks \(from == nil ? "from" : "to")",
                remedy: "give energies in GeV, as in {from: 1e2, to: 1e8, per_decade: 2}")
        }
        guard from > 0, from < to else {
            throw fault(
                node, "\(key.rawValue): \(shortest(from)) to \(shortest(to)) GeV is no range",
                remedy: "give energies in GeV with 0 < from < to")
        }
        guard (1...100).contains(perDecade) else {
            throw fault(
                node, "\(key.rawValue): \(perDecade) is no number of ranges in a decade",
                remedy: "give a whole number from 1 to 100; 2 gives half-decades")
        }
        // Ends are counted in steps from 1 GeV: 2 to 16 are the half-decades from 10 GeV to 100 PeV.
        let (first, last) = (Portable.log10(from) * Double(perDecade), Portable.log10(to) * Double(perDecade))
        let count = (last - first).rounded()
        guard count >= 1, (last - first - count).magnitude < 1e-6 else {
            throw fault(
                node,
                "\(key.rawValue): \(shortest(from)) to \(shortest(to)) GeV are no whole number of ranges with "
                    + "\(perDecade) in a decade",
                remedy: "choose another end, or list the ranges one by one")
        }
        let start = (first - first.rounded()).magnitude < 1e-6 ? first.rounded() : first
        let ends = (0...Int(count)).map { Portable.exp10((start + Double($0)) / Double(perDecade)) }
        return zip(ends, ends.dropFirst()).map { [$0, $1] }
    }

    private func items(_ node: Node, _ key: ConfigurationKey, _ example: String) throws(Fault) -> [Node] {
        guard case .sequence(let items) = node else { throw wrongKind(node, key.rawValue, example) }
        return Array(items)
    }
}
