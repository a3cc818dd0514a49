import Diagnostics
import IceTracks

/// A setting with the value that is in force, and where that came from.
public struct SettingInForce: Sendable, Equatable {
    /// Where a value came from.
    public enum Origin: Sendable, Equatable {
        /// A place in a file, a flag, or a variable of the environment.
        case place(Fault.Place)
        /// The folder of downloaded releases.
        case cache
        case byDefault
        /// Nowhere: there is no value.
        case notSet
    }

    public let key: ConfigurationKey
    public let value: SettingValue?
    public let origin: Origin

    /// All settings, in the order of their keys. The source's position may be left out.
    ///
    /// - Parameter cached: the folder of a sample's release in the cache, nil if it has none; asked where no folder is
    ///   named.
    /// - Throws: `Fault` as `Configuration.init(_:)`.
    public static func all(
        _ layer: ConfigurationLayer, cached: (Sample) -> String? = { _ in nil }
    ) throws -> [SettingInForce] {
        // Judges the lists as well.
        _ = try layer.completingPosition().points()
        let configuration = try Configuration(layer.withoutLists().completingPosition())
        let listed = CampaignAxis.allCases.filter { layer[keyPath: $0.list] != nil }.flatMap(\.keys)
        return ConfigurationKey.allCases.map { key in
            if listed.contains(key) { return SettingInForce(key: key, value: nil, origin: .notSet) }
            if let list = layer.list(of: key) {
                let origin: Origin = layer.places[key].map { .place($0) } ?? .byDefault
                return SettingInForce(key: key, value: list, origin: origin)
            }
            if key == .data, configuration.data == nil, let folder = cached(configuration.sample) {
                return SettingInForce(key: key, value: .text(folder), origin: .cache)
            }
            let isPosition = key == .rightAscension || key == .declination
            let place = layer.places[key]
            guard let value = configuration.value(of: key), place != nil || !isPosition else {
                return SettingInForce(key: key, value: nil, origin: .notSet)
            }
            return SettingInForce(key: key, value: value, origin: place.map { .place($0) } ?? .byDefault)
        }
    }
}
