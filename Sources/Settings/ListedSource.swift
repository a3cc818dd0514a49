import Diagnostics
import Foundation
import IceTracks
import PointSource

/// A source of a list that belongs to one campaign.
public struct ListedSource: Sendable, Equatable {
    /// In radians; its name is not empty, and no other source of the list has it.
    public let source: Source
    /// As written, in degrees.
    public let rightAscensionDegrees: Double
    /// As written, in degrees.
    public let declinationDegrees: Double
    /// Its flux relative to that of the others, from 0. Signal is shared among the sources by weight and yield.
    public let weight: Double
    /// Where the position comes from; nil if it was not given.
    public let reference: String?
}

/// The pairs of sources of a list that are so near that their test statistics are correlated.
public struct NearSources: Sendable, Equatable {
    /// The number of pairs closer than ``limit``.
    public let count: Int
    /// The positions of the closest pair in the list.
    public let closest: (first: Int, second: Int)
    /// The distance of the closest pair in degrees.
    public let distance: Double

    /// In degrees.
    public static let limit = 1.0

    /// The near pairs of a list; nil if there are none.
    ///
    /// - Parameter positions: right ascensions and declinations in degrees.
    /// - Complexity: O(*n* log *n*) for sources that are spread over the sky; O(*n*²) if all have one declination.
    public init?(_ positions: [(rightAscension: Double, declination: Double)]) {
        let order = positions.indices.sorted { positions[$0].declination < positions[$1].declination }
        let directions = order.map { Self.direction(positions[$0]) }
        let limitingChord = 2 * sin(Self.limit * .pi / 360)
        var (count, smallest, closest) = (0, Double.infinity, (0, 0))
        for i in order.indices {
            for j in order[(i + 1)...].indices {
                guard positions[order[j]].declination - positions[order[i]].declination < Self.limit else { break }
                let difference = directions[i] - directions[j]
                let square = (difference * difference).sum()
                guard square < limitingChord * limitingChord else { continue }
                count += 1
                if square < smallest { (smallest, closest) = (square, (order[i], order[j])) }
            }
        }
        guard count > 0 else { return nil }
        self.count = count
        self.closest = (min(closest.0, closest.1), max(closest.0, closest.1))
        // Chords are exact for small distances, for which an angle's cosine is not.
        distance = 2 * asin(smallest.squareRoot() / 2) * 180 / .pi
    }

    private static func direction(_ position: (rightAscension: Double, declination: Double)) -> SIMD3<Double> {
        let (ra, dec) = (position.rightAscension * .pi / 180, position.declination * .pi / 180)
        return [cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec)]
    }

    public static func == (one: NearSources, other: NearSources) -> Bool {
        one.count == other.count && one.closest == other.closest && one.distance == other.distance
    }
}

extension ListedSource {
    /// The sources of a layer's list, complete and checked.
    ///
    /// - Throws: `Fault` (usage): about the list, if it is missing or empty, has no weight or two sources at one place, or
    ///   stands beside a single source; with its place, for a source outside of the sky and for a repeated name.
    static func all(_ layer: ConfigurationLayer, _ search: Search) throws -> [ListedSource] {
        let (key, searchKey) = (SettingTable.standard.sources.key, SettingTable.standard.search.key)
        guard let list = layer.sources else {
            throw Fault(
                .usage, at: .field(searchKey.name), "the search \(search.rawValue) needs a list of sources",
                remedy: "give sources, or a file with --sources")
        }
        try layer.checkList(key, count: list.items.count)
        func fault(_ problem: String, _ remedy: String) -> Fault {
            Fault(.usage, at: .field(key.name), problem, remedy: remedy)
        }
        guard list.items.count <= CampaignPoint.largestCount else {
            throw fault(
                "lists \(list.items.count) sources, more than \(CampaignPoint.largestCount)",
                "split the list into several campaigns")
        }
        var known: [String: Int] = [:]
        let sources = try list.items.enumerated().map { index, item in
            let (own, name) = (item.layer, item.layer.sourceName ?? defaultName(index))
            guard let ra = own.rightAscension, let dec = own.declination else {
                throw fault("lacks the position of \(name)", "give its ra and dec")
            }
            return try own.locatingFaults {
                let source = try Source(name: name, rightAscensionDegrees: ra, declinationDegrees: dec)
                if let twin = known.updateValue(index, forKey: name) {
                    let place = own.sourceName == nil ? SettingTable.standard.rightAscension : nil
                    throw Fault(
                        .usage, at: .field(place?.key.name ?? SettingTable.standard.sourceName.key.name),
                        "\"\(name)\" is the name of the sources \(twin + 1) and \(index + 1) of the list",
                        remedy: "give each source a name of its own")
                }
                return ListedSource(
                    source: source, rightAscensionDegrees: ra, declinationDegrees: dec, weight: item.weight ?? 1,
                    reference: own.positionReference)
            }
        }
        guard sources.contains(where: { $0.weight > 0 }) else {
            throw fault("gives every source the weight 0", "give at least one a positive weight")
        }
        if let near = NearSources(sources), near.distance < 1e-6 {
            let (one, other) = (sources[near.closest.first], sources[near.closest.second])
            throw fault(
                "has two sources at one place: \(one.source.name) and \(other.source.name)", "remove one of them")
        }
        return sources
    }

    /// The name of a source without one, by its position in the list, from 0: "source 1".
    public static func defaultName(_ index: Int) -> String { "source \(index + 1)" }
}

extension NearSources {
    /// The near pairs of a list; nil if there are none.
    public init?(_ sources: [ListedSource]) {
        self.init(sources.map { ($0.rightAscensionDegrees, $0.declinationDegrees) })
    }

    /// What a user should know about near pairs.
    ///
    /// - Parameter names: of the sources of the list.
    public func warning(_ names: [String]) -> String {
        let pairs = count == 1 ? "1 pair of sources is" : "\(count) pairs of sources are"
        return "\(pairs) closer than \(shortest(Self.limit)) degree, so that their test statistics are correlated; the "
            + "closest: \(names[closest.first]) and \(names[closest.second]), "
            + "\(shortest((distance * 1e4).rounded() / 1e4)) degrees"
    }
}

extension [ListedSource] {
    /// The position of the source with a name.
    ///
    /// - Parameter place: the key or option with the name.
    /// - Throws: `Fault` (usage) for a name that no source has.
    public func index(of name: String, at place: String) throws(Fault) -> Int {
        guard let index = firstIndex(where: { $0.source.name == name }) else {
            let nearest = suggestion(nearestName(to: name, in: map(\.source.name)))
            throw Fault(
                .usage, at: .field(place), "the list has no source \"\(name)\"",
                remedy: "\(nearest)Give the name of a source of the list")
        }
        return index
    }
}

extension Configuration {
    /// What a user should know about the list of sources.
    public var listWarnings: [String] {
        NearSources(sources).map { [$0.warning(sources.map(\.source.name))] } ?? []
    }

    /// The list of sources, complete, as in a configuration file; nil for a search without one.
    var sourceList: SourceList? {
        guard !sources.isEmpty else { return nil }
        return SourceList(
            items: sources.map { source in
                var layer = ConfigurationLayer()
                layer.set(\.sourceName, source.source.name)
                layer.set(\.rightAscension, source.rightAscensionDegrees)
                layer.set(\.declination, source.declinationDegrees)
                layer.set(\.positionReference, source.reference)
                return SourceList.Item(layer: layer, weight: source.weight)
            })
    }
}
