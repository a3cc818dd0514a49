import Diagnostics

/// What is searched for.
public enum Search: String, Sendable, CaseIterable {
    /// One source. A list of sources makes points, each a campaign of its own.
    case source
    /// Each source of a list, in trials that are skies common to all of them.
    case catalogue
    /// The sum of the sources of a list: one number of signal events and one spectral index.
    case stack
    /// The hottest place of each hemisphere, in trials that are skies.
    case sky

    /// Whether the list of sources belongs to one campaign, and makes no points.
    public var hasList: Bool { self == .catalogue || self == .stack }

    /// Whether a list of sources belongs to one campaign: it is searched, or says where signal is injected.
    var ownsList: Bool { self != .source }

    /// Whether a campaign with these settings has a list of sources: of those that are searched, or of places of signal.
    func hasList(in layer: ConfigurationLayer) -> Bool { hasList || (self == .sky && layer.sources != nil) }

    /// Whether a trial is a sky with many places, which fits each of them.
    public var fitsManyPlaces: Bool { self == .catalogue || self == .sky }

    /// - Throws: `Fault` (usage), about the key, for an unknown word.
    init(_ layer: ConfigurationLayer) throws(Fault) {
        let name = SettingTable.standard.search.key.name
        guard let word = layer.search else {
            self = .source
            return
        }
        guard let search = Search(rawValue: word) else {
            throw Fault(unknown: word, "search", plural: "searches", among: Search.allCases.map(\.rawValue), at: name)
        }
        self = search
    }
}

extension ConfigurationLayer {
    /// Whether the list of sources belongs to one campaign, and makes no points. An unknown search has points.
    var searchesList: Bool { self.search.flatMap { Search(rawValue: $0) }?.hasList ?? false }

    /// Whether the list of sources makes no points.
    var ownsList: Bool { self.search.flatMap { Search(rawValue: $0) }?.ownsList ?? false }

    /// Whether the whole sky is meant: by the search, or by one of its settings if none is given.
    public var meansSky: Bool {
        self.search.map { $0 == Search.sky.rawValue }
            ?? SettingTable.standard.skyKeys.contains { place(of: $0) != nil }
    }

    /// Whether there is a list of sources with a fit of each of them: a catalogue, or points that differ in nothing else.
    public var fitsEachSource: Bool {
        guard self.sources != nil, ![Search.stack.rawValue, Search.sky.rawValue].contains(self.search) else {
            return false
        }
        return searchesList || lists == [SettingTable.standard.sources.key]
    }

    /// The search with the list, of several injected spectra with the first one; nil if the sources are points.
    ///
    /// - Throws: `Fault` as ``points()``.
    public func listSearch() throws -> Configuration? {
        searchesList ? try points()[0].configuration() : nil
    }

    /// The search of each source of the list alone, whether the sources are points or belong to one search. Of several
    /// injected spectra it has the first one, on which a fit of data does not depend.
    ///
    /// - Throws: `Fault` as ``points()``.
    public func searchesOfEachSource() throws -> [Configuration] {
        var layer = self
        let table = SettingTable.standard
        for key in [table.search.key, table.sourceFits.key, table.injectionSource.key] { layer[key] = nil }
        let points = try layer.points()
        let count = max(1, self.sources?.items.count ?? 1)
        // The list of sources varies slowest.
        return try stride(from: 0, to: points.count, by: max(1, points.count / count)).map {
            try points[$0].configuration()
        }
    }

    /// These settings without what a search of a list adds.
    func withoutListSearch() -> ConfigurationLayer {
        guard searchesList else { return self }
        var layer = self
        let table = SettingTable.standard
        for key in [table.search.key, table.sources.key, table.sourceFits.key, table.injectionSource.key] {
            layer[key] = nil
        }
        return layer
    }
}

extension Configuration {
    /// - Throws: `Fault` (usage), about a key, for a setting that belongs to another search.
    static func checkSearch(_ search: Search, _ layer: ConfigurationLayer) throws(Fault) {
        let table = SettingTable.standard
        func fault(_ key: SettingKey, _ problem: String, _ remedy: String) -> Fault {
            Fault(.usage, at: .field(key.name), problem, remedy: remedy)
        }
        if layer.sourceFits == true, search != .catalogue {
            throw fault(
                table.sourceFits.key, "belongs to the search catalogue, but the search is \(search.rawValue)",
                "leave it out, or give search: catalogue (--search)")
        }
        if search != .sky, let key = table.skyKeys.first(where: { layer[$0] != nil }) {
            throw fault(
                key, "belongs to the search sky, but the search is \(search.rawValue)",
                "leave it out, or give search: sky (--search)")
        }
        if layer.injectionSource != nil, !search.hasList(in: layer) {
            throw fault(
                table.injectionSource.key, "names a source of a list, but the search is \(search.rawValue)",
                "leave it out, or give search: catalogue (--search)")
        }
        if layer.injectionSource != nil, search == .stack {
            throw fault(
                table.injectionSource.key,
                "is not possible with the search stack, whose signal comes from all its sources",
                "leave it out, or give the other sources the weight 0")
        }
        // Trials of the other searches are skies.
        guard search != .source else { return }
        let excluded: [(key: SettingKey, isGiven: Bool)] = [
            (table.rightAscension.key, search == .sky && layer.rightAscension != nil),
            (table.declination.key, search == .sky && layer.declination != nil),
            (table.energyRange.key, !search.hasList(in: layer) && layer.energyRange != nil),
            (table.probes.key, search.fitsManyPlaces && !(layer.probes ?? []).isEmpty),
            (table.exposureScale.key, (layer.exposureScale ?? 1) != 1),
            (table.exposureYears.key, layer.exposureYears != nil),
            (table.nullSignal.key, (layer.nullSignal ?? 0) > 0),
            (table.negligibleRatio.key, layer.negligibleRatio == 0),
        ]
        if let key = excluded.first(where: \.isGiven)?.key {
            throw fault(
                key, "is not possible with the search \(search.rawValue)", "leave it out, or give search: source")
        }
    }

    /// - Parameter place: the key or option that requests the trials.
    /// - Throws: `Fault` (usage) for trials that the search cannot make.
    public func check(_ orders: [TrialOrder], at place: String) throws(Fault) {
        if search == .sky, sources.isEmpty, let order = orders.first(where: { $0.meanSignal > 0 }) {
            throw Fault(
                .usage, at: .field(place),
                "trials with signal (mu \(shortest(order.meanSignal))) with the search sky need places for the signal",
                remedy: "give them as sources (--sources), or make trials with mu 0")
        }
        guard orders.contains(where: { $0.tail != nil }), let obstacle = obstacleToWeights else { return }
        throw Fault(.usage, at: .field(place), obstacle.problem, remedy: obstacle.remedy)
    }

    /// Why background trials cannot be weighted, and what to do instead; nil if they can.
    var obstacleToWeights: (problem: String, remedy: String)? {
        search == .sky
            ? (
                "weighted trials are not possible with the search \(search.rawValue)",
                "make ordinary trials, or give search: catalogue"
            ) : settings.obstacleToWeights
    }
}

extension Fault {
    /// An unknown word.
    ///
    /// - Parameters:
    ///   - what: what the word should be.
    ///   - plural: its plural; nil for one with an s.
    ///   - words: the valid ones.
    ///   - key: the key with the word.
    init(unknown word: String, _ what: String, plural: String? = nil, among words: [String], at key: String) {
        self.init(
            .usage, at: .field(key), "\"\(word)\" is not a valid \(what)",
            remedy: suggestion(nearestName(to: word, in: words))
                + "Valid \(plural ?? what + "s") are \(words.joined(separator: ", "))")
    }
}

extension Configuration {
    /// The relative fluxes of the injected signal, one for each source of the list: their weights, or all signal at one
    /// source.
    public var injectionWeights: [Double] {
        sources.indices.map { injectionSource == nil ? sources[$0].weight : $0 == injectionSource ? 1 : 0 }
    }

    /// Whether signal is injected: not in a search of the sky without places for it.
    public var injectsSignal: Bool { sky == nil || !sources.isEmpty }

    /// For each source of a stack, its share of the flux; empty for another search.
    public var stackShares: [Double] {
        guard search == .stack else { return [] }
        let total = sources.reduce(0) { $0 + $1.weight }
        return sources.map { $0.weight / total }
    }
}

extension Campaign {
    /// Whether there can be weighted trials.
    public var canBeWeighted: Bool {
        modelVersion != Self.importedModelVersion && configuration.obstacleToWeights == nil
    }
}
