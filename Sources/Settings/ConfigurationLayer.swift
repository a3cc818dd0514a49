import Diagnostics
import PointSource

/// Settings from one place, such as a configuration file or the command line. A setting that is not given there is nil.
///
/// Values are as the user wrote them (angles in degrees, energies in GeV) and not yet checked; ``Configuration`` does
/// that. Each setting of ``SettingTable`` is a property: `layer.declination`.
@dynamicMemberLookup
public struct ConfigurationLayer: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let value: any Sendable
        /// The value, as in a configuration file.
        let shown: SettingValue
        /// The place of the value; nil if nobody wrote it.
        let place: Fault.Place?

        static func == (one: Entry, other: Entry) -> Bool { one.shown == other.shown && one.place == other.place }
    }

    /// By the names of the keys.
    private var entries: [String: Entry] = [:]

    public init() {}

    public subscript<Value>(dynamicMember path: KeyPath<SettingTable, Setting<Value>>) -> Value? {
        get { self[SettingTable.standard[keyPath: path]] }
        set {
            let setting = SettingTable.standard[keyPath: path]
            self[setting.key] = newValue.map { setting.entry($0, at: place(of: setting.key)) }
        }
    }

    subscript<Value>(setting: Setting<Value>) -> Value? { self[setting.key]?.value as? Value }

    subscript(key: SettingKey) -> Entry? {
        get { entries[key.name] }
        set { entries[key.name] = newValue }
    }

    /// Stores a setting.
    ///
    /// - Parameters:
    ///   - value: the value; nil has no effect.
    ///   - place: the place of the value; nil for the key's option.
    public mutating func set<Value>(
        _ path: KeyPath<SettingTable, Setting<Value>>, _ value: Value?, at place: Fault.Place? = nil
    ) {
        guard let value else { return }
        let setting = SettingTable.standard[keyPath: path]
        self[setting.key] = setting.entry(value, at: place ?? .field(setting.key.flag))
    }

    /// The settings that the user wrote, in the order of the table.
    public var keys: [SettingKey] { SettingKey.all.filter { place(of: $0) != nil } }

    /// The place of a setting: in a file, an option, or a variable of the environment ("$NAME").
    public func place(of key: SettingKey) -> Fault.Place? { self[key]?.place }

    /// These settings, overridden by those of another layer. A single value there replaces a list here, a list there
    /// single values here, and a fixed parameter of the fit the bounds of a free one.
    public func overridden(by other: ConfigurationLayer) -> ConfigurationLayer {
        var all = self
        for list in SettingKey.lists where other.singleKey(of: list) != nil { all[list] = nil }
        for list in SettingKey.lists where other[list] != nil {
            for key in all.keys(atOrBelow: list.listed ?? "") { all[key] = nil }
        }
        for key in other.keys { for old in keys where old.excludes(key) { all[old] = nil } }
        all.entries.merge(other.entries) { _, new in new }
        return all
    }

    /// Runs `body`; a fault that it throws about a key ("source.dec", or "fit.ns" for its subkeys) is rethrown with the
    /// place of that setting.
    package func locatingFaults<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault {
            guard case .field(let name)? = fault.place, let place = keys(atOrBelow: name).first.flatMap(place) else {
                throw fault
            }
            let problem = if case .field = place { fault.problem } else { "\(name): \(fault.problem)" }
            throw Fault(fault.kind, at: place, problem, remedy: fault.remedy)
        }
    }

    /// The settings of this layer at or below a path.
    func keys(atOrBelow path: String) -> [SettingKey] { keys.filter { $0.isAtOrBelow(path) } }

    /// The first single setting of this layer that a list replaces; nil if there is none.
    func singleKey(of list: SettingKey) -> SettingKey? { list.listed.flatMap { keys(atOrBelow: $0).first } }

    /// The lists of the campaign's points.
    var lists: [SettingKey] {
        let own = ownsList ? SettingTable.standard.sources.key : nil
        return SettingKey.lists.filter { self[$0] != nil && $0 != own }
    }

    /// These settings without the lists of the campaign's points.
    func withoutLists() -> ConfigurationLayer {
        var layer = self
        for list in lists { layer[list] = nil }
        return layer
    }

    /// These settings, with 0 for a missing coordinate of the source; a search of the sky has none.
    func completingPosition() -> ConfigurationLayer {
        self.search == Search.sky.rawValue ? self : placingSource()
    }

    /// These settings, with 0 for a missing coordinate of the source.
    func placingSource() -> ConfigurationLayer {
        var layer = self
        layer.rightAscension = layer.rightAscension ?? 0
        layer.declination = layer.declination ?? 0
        return layer
    }
}

extension ConfigurationLayer {
    /// The environment variable with the release's folder for all commands.
    public static let dataVariable = "TRIALGEN_DATA"

    /// The environment's settings: `TRIALGEN_DATA`, the release's folder. Files and options override it.
    public init(environment: [String: String]) {
        self.init()
        guard let data = environment[Self.dataVariable], !data.isEmpty else { return }
        set(\.data, data, at: .field("$" + Self.dataVariable))
    }
}
