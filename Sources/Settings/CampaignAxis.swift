import Diagnostics

/// What a campaign may list instead of giving one: each of its points has one value of each.
enum CampaignAxis: CaseIterable {
    case source, gamma, energyRange

    /// The key of the list.
    var listKey: ConfigurationKey {
        switch self {
        case .source: .sources
        case .gamma: .gammas
        case .energyRange: .energyRanges
        }
    }

    /// The keys of a single value.
    var keys: [ConfigurationKey] {
        switch self {
        case .source: [.sourceName, .rightAscension, .declination]
        case .gamma: [.gamma]
        case .energyRange: [.energyRange]
        }
    }

    /// Where a layer keeps the list.
    var list: WritableKeyPath<ConfigurationLayer, [ConfigurationLayer]?> & Sendable {
        switch self {
        case .source: \.sources
        case .gamma: \.gammas
        case .energyRange: \.energyRanges
        }
    }
}

extension ConfigurationLayer {
    /// These settings but the lists of the campaign's points.
    func withoutLists() -> ConfigurationLayer {
        var layer = self
        for axis in CampaignAxis.allCases { layer[keyPath: axis.list] = nil }
        return layer
    }

    /// The values of a list of the campaign's points; nil if there is no such list.
    func list(of key: ConfigurationKey) -> SettingValue? {
        guard let axis = CampaignAxis.allCases.first(where: { $0.listKey == key }) else { return nil }
        return self[keyPath: axis.list].map { .list($0.map(\.listed)) }
    }

    /// What a layer in a list says.
    private var listed: SettingValue {
        if let gamma { return .number(gamma) }
        if let energyRange { return .list(energyRange.map { .number($0) }) }
        var entries: [SettingValue.Entry] = []
        if let sourceName { entries.append(.init(key: "name", value: .text(sourceName))) }
        if let rightAscension { entries.append(.init(key: "ra", value: .number(rightAscension))) }
        if let declination { entries.append(.init(key: "dec", value: .number(declination))) }
        return .section(entries)
    }
}
