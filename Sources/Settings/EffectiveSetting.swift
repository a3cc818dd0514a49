import Diagnostics
import IceTracks

/// A setting with its effective value, and the origin of the value.
public struct EffectiveSetting: Sendable, Equatable {
    /// The origin of a value.
    public enum Origin: Sendable, Equatable {
        /// A place in a file, an option, or a variable of the environment.
        case place(Fault.Place)
        /// The folder of downloaded releases.
        case cache
        case byDefault
        /// There is no value.
        case notSet
    }

    public let key: SettingKey
    public let value: SettingValue?
    public let origin: Origin

    /// All settings, in the order of their keys, without those of spectra that are not used. The source's position may be
    /// left out.
    ///
    /// - Parameter cached: the folder of a sample's release in the cache, nil if it has none; called if no folder is
    ///   given.
    /// - Throws: `Fault` as `Configuration.init(_:)`.
    public static func all(
        _ layer: ConfigurationLayer, cached: (Sample) -> String? = { _ in nil }
    ) throws -> [EffectiveSetting] {
        // Checks the lists as well.
        _ = try layer.completingPosition().points()
        let configuration = try Configuration(layer.withoutLists().completingPosition())
        let table = SettingTable.standard
        let positions = [table.rightAscension.key, table.declination.key]
        // The contents of a spectrum's file are effective; the file itself is shown as it was given.
        let asGiven = [table.spectrumFile.key, table.fitFile.key]
        let ofEverySpectrum = [table.phi0.key, table.nullSignal.key]
        return SettingKey.all.compactMap { key in
            let isReplaced = layer.lists.contains { key.isAtOrBelow($0.listed ?? "") }
            let place = layer.place(of: key)
            if key == table.data.key, place == nil, let folder = cached(configuration.sample) {
                return EffectiveSetting(key: key, value: .text(folder), origin: .cache)
            }
            let isShownAsGiven = key.listed != nil || asGiven.contains(key)
            let value = isShownAsGiven ? layer[key]?.shown : configuration.value(of: key)
            let isOfSpectrum = (key.isAtOrBelow("flux") || key.isAtOrBelow("fit")) && !ofEverySpectrum.contains(key)
            if value == nil, isOfSpectrum { return nil }
            guard let value, !isReplaced, place != nil || !positions.contains(key) else {
                return EffectiveSetting(key: key, value: nil, origin: .notSet)
            }
            return EffectiveSetting(key: key, value: value, origin: place.map { .place($0) } ?? .byDefault)
        }
    }
}
