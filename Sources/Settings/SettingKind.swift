import Diagnostics
import IceTracks
import Numerics
import PointSource
import StrictYAML

/// A kind of value: its form in a configuration file, and the valid values.
struct SettingKind<Value: Sendable>: Sendable {
    /// Reads a value; checks only its form.
    let read: @Sendable (YAMLNode) throws(Fault) -> Value
    /// The value, as in a configuration file.
    let show: @Sendable (Value) -> SettingValue
    /// What a value out of range must be instead; nil for a valid one.
    var problem: @Sendable (Value) -> String? = { _ in nil }
}

extension SettingKind<Double> {
    static let number = SettingKind(read: { node throws(Fault) in try node.number() }, show: { .number($0) })

    static func number(in range: ClosedRange<Double>, orInfinity: Bool = false) -> SettingKind {
        SettingKind(
            read: { node throws(Fault) in orInfinity && node.isInfinity ? .infinity : try node.number() },
            show: { .number($0) },
            problem: { value in
                range.contains(value) || (orInfinity && value == .infinity)
                    ? nil : "a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
            })
    }

    /// Degrees, or a sexagesimal coordinate, which quotation marks may surround; shown in degrees.
    static func coordinate(_ coordinate: Sexagesimal.Coordinate) -> SettingKind {
        SettingKind(
            read: { node throws(Fault) in
                guard let text = node.node.scalar?.string, Sexagesimal.isMeant(by: text) else {
                    return try node.number()
                }
                do throws(Fault) {
                    return try skyCoordinate(text, coordinate)
                } catch {
                    throw node.fault("\(node.path): \(error.problem)", remedy: error.remedy)
                }
            }, show: number.show)
    }

    static let positive = SettingKind(
        read: number.read, show: number.show,
        problem: { $0 > 0 && $0.isFinite ? nil : "a positive number" })
}

extension SettingKind<Int64> {
    static let integer = SettingKind(read: { node throws(Fault) in try node.integer() }, show: { .integer($0) })

    static func integer(in range: ClosedRange<Int64>) -> SettingKind {
        SettingKind(
            read: integer.read, show: integer.show,
            problem: { value in
                range.contains(value) ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)"
            })
    }
}

extension SettingKind<Bool> {
    static let truth = SettingKind(read: { node throws(Fault) in try node.truth() }, show: { .truth($0) })
}

extension SettingKind<String> {
    static let text = SettingKind(read: { node throws(Fault) in try node.text() }, show: { .text($0) })
    /// One of a set of names.
    static let word = SettingKind(read: text.read, show: { .word($0) })
}

extension SettingKind<[String]> {
    /// A list of names; a single name stands for a list of one.
    static let words = SettingKind(
        read: { node throws(Fault) in
            guard case .sequence = node.node else { return [try node.text()] }
            return try node.nonEmptyItems("a list") { item throws(Fault) in try item.text() }
        }, show: { .list($0.map { .word($0) }) })
}

extension SettingKind<[Double]> {
    static let energyRange = SettingKind(
        read: { node throws(Fault) in try node.energyRange() }, show: { .list($0.map { .number($0) }) })
}

extension SettingKind<[Probe]> {
    static let probes = SettingKind(
        read: { node throws(Fault) in
            try node.items("a list of points NS:GAMMA, as in [\"5:2\", \"10:3\"]") { item throws(Fault) in
                do throws(Fault) {
                    return try Probe(parsing: try item.text())
                } catch {
                    throw item.fault("\(item.path): \(error.problem)", remedy: error.remedy)
                }
            }
        }, show: { .list($0.map { .text($0.description) }) })
}

extension SettingKind<[TrialOrder]> {
    static let trialOrders = SettingKind(
        read: { node throws(Fault) in
            var known = Set<Hypothesis>()
            return try node.nonEmptyItems("a list such as [{mu: 0, count: 10000}, {mu: 5, count: 1000}]") {
                item throws(Fault) in
                let values = try item.section(["mu", "count"], ["tail"], example: "{mu: 5, count: 1000}")
                guard let mean = values["mu"], let count = values["count"] else { throw item.wrongKind("a pair") }
                let order = TrialOrder(
                    meanSignal: try mean.number(), count: try count.integer(), tail: try values["tail"]?.number())
                do throws(Fault) {
                    try order.check()
                } catch {
                    let faulty =
                        error.place == .field("--mu") ? mean : error.place == .field("--tail") ? values["tail"] : count
                    guard let faulty else { throw error }
                    throw faulty.fault("\(faulty.path): \(error.problem)", remedy: error.remedy)
                }
                // The smaller of two counts would have no effect.
                guard known.insert(order.hypothesis(seed: 0)).inserted else {
                    throw item.fault(
                        "trials lists \(order.tail == nil ? "" : "weighted trials of ")mu \(shortest(order.meanSignal)) twice",
                        remedy: "keep one of the entries, with the number of trials wanted in all")
                }
                return order
            }
        },
        show: { orders in
            .list(
                orders.map { order in
                    .section(
                        [
                            .init(key: "mu", value: .number(order.meanSignal)),
                            .init(key: "count", value: .integer(order.count)),
                        ] + (order.tail.map { [.init(key: "tail", value: .number($0))] } ?? []))
                })
        })
}

/// The lists that make points of a campaign. Each value becomes a layer that knows its place in the file.
extension SettingKind<[ConfigurationLayer]> {
    /// A list of numbers.
    static let gammas = SettingKind(
        read: { node throws(Fault) in
            try node.items("a list such as [2, 2.5, 3]") { item throws(Fault) in
                layer(\.gamma, try item.number(), at: item)
            }
        }, show: { .list($0.compactMap(\.gamma).map { .number($0) }) })

    /// A list of pairs of energies, or {from, to, per_decade}.
    static let energyRanges = SettingKind(
        read: { node throws(Fault) in
            if case .mapping = node.node { return try dividedDecades(node).map { layer(\.energyRange, $0, at: node) } }
            let example = "a list such as [[1e2, 1e3], [1e3, 1e4]], or {from: 1e2, to: 1e8, per_decade: 2}"
            return try node.items(example) { item throws(Fault) in
                layer(\.energyRange, try item.energyRange(), at: item)
            }
        }, show: { .list($0.compactMap(\.energyRange).map { .list($0.map { .number($0) }) }) })

    private static func layer<Single>(
        _ path: KeyPath<SettingTable, Setting<Single>>, _ value: Single, at node: YAMLNode
    ) -> ConfigurationLayer {
        var layer = ConfigurationLayer()
        layer.set(path, value, at: node.place)
        return layer
    }

    /// Adjoining ranges of equal ratio; an end at 10^(k/n) is the nearest number to it.
    private static func dividedDecades(_ node: YAMLNode) throws(Fault) -> [[Double]] {
        let values = try node.section(["from", "to"], ["per_decade"], example: "{from: 1e2, to: 1e8, per_decade: 2}")
        let perDecade = try values["per_decade"]?.integer() ?? 2
        guard let from = try values["from"]?.number(), let to = try values["to"]?.number(), from > 0, from < to else {
            throw node.fault(
                "\(node.path) needs 0 < from < to", remedy: "give energies in GeV, such as {from: 1e2, to: 1e8}")
        }
        guard (1...100).contains(perDecade) else {
            throw node.fault(
                "\(node.path): \(perDecade) is not a valid number of ranges per decade",
                remedy: "give a whole number from 1 to 100; 2 gives half-decades")
        }
        // Ends are counted in steps from 1 GeV: 2 to 16 are the half-decades from 10 GeV to 100 PeV.
        let (first, last) = (Portable.log10(from) * Double(perDecade), Portable.log10(to) * Double(perDecade))
        let count = (last - first).rounded()
        guard count >= 1, (last - first - count).magnitude < 1e-6 else {
            throw node.fault(
                "\(node.path): \(shortest(from)) to \(shortest(to)) GeV is not a whole number of ranges with "
                    + "\(perDecade) in a decade",
                remedy: "choose another end, or list the ranges one by one")
        }
        let start = (first - first.rounded()).magnitude < 1e-6 ? first.rounded() : first
        let ends = (0...Int(count)).map { Portable.exp10((start + Double($0)) / Double(perDecade)) }
        return zip(ends, ends.dropFirst()).map { [$0, $1] }
    }
}
