import Diagnostics
import PointSource
import StrictYAML

/// A setting of a campaign: its key in the configuration file, its option, its kind of value, and what depends on it.
///
/// ``SettingTable`` lists all of them.
public struct Setting<Value: Sendable>: Sendable {
    public let key: SettingKey
    let kind: SettingKind<Value>
    /// The value in a complete configuration, including defaults; nil if there is none.
    let effective: @Sendable (Configuration) -> Value?
    /// Copies the value into an analysis' settings, if it is one of them unchanged.
    let apply: @Sendable (Value, inout AnalysisSettings) -> Void

    init(
        _ name: String, _ kind: SettingKind<Value>, _ role: SettingRole, option: String, unit: String? = nil,
        help: String, effective: @escaping @Sendable (Configuration) -> Value?
    ) {
        key = SettingKey(name: name, flag: option, unit: unit, help: help, role: role)
        self.kind = kind
        self.effective = effective
        apply = { _, _ in }
    }

    /// A setting that is a property of ``AnalysisSettings``, which defines its default.
    init(
        _ name: String, _ kind: SettingKind<Value>, option: String, unit: String? = nil, help: String,
        _ path: WritableKeyPath<AnalysisSettings, Value> & Sendable
    ) {
        key = SettingKey(name: name, flag: option, unit: unit, help: help, role: .trials)
        self.kind = kind
        effective = { $0.settings[keyPath: path] }
        apply = { $1[keyPath: path] = $0 }
    }

    /// A setting of a parameter of the fit that only a free parameter has; a fixed one has no bounds.
    init(
        _ name: String, _ kind: SettingKind<Value>, option: String, help: String,
        of parameter: WritableKeyPath<AnalysisSettings, AnalysisSettings.FitParameter> & Sendable,
        _ path: WritableKeyPath<AnalysisSettings.FitParameter, Value> & Sendable
    ) {
        key = SettingKey(name: name, flag: option, unit: nil, help: help, role: .trials)
        self.kind = kind
        effective = { configuration in
            let parameter = configuration.settings[keyPath: parameter]
            let isFitted = parameter.name == configuration.settings.parameter.name && !parameter.isFixed
            return isFitted ? parameter[keyPath: path] : nil
        }
        apply = { $1[keyPath: parameter][keyPath: path] = $0 }
    }
}

extension Setting where Value == Double {
    /// The value of a parameter of the fit that is not fitted.
    init(
        fixing name: String, _ kind: SettingKind<Double>, option: String, help: String,
        _ parameter: WritableKeyPath<AnalysisSettings, AnalysisSettings.FitParameter> & Sendable
    ) {
        key = SettingKey(name: name, flag: option, unit: nil, help: help, role: .trials)
        self.kind = kind
        effective = { configuration in
            let parameter = configuration.settings[keyPath: parameter]
            let isUsed = parameter.name == configuration.settings.parameter.name
            return isUsed && parameter.isFixed ? parameter.start : nil
        }
        apply = { $1[keyPath: parameter] = .init(name: name, fixed: $0) }
    }
}

extension Setting where Value == String {
    /// A text that no trial depends on and that the campaign's text names: results show it as
    /// ``Configuration/label(_:)``.
    init(label name: String, option: String, help: String) {
        self.init(name, .text, .label, option: option, help: help) { $0.labels[name] }
    }
}

/// What depends on a setting.
public enum SettingRole: Sendable, Equatable {
    /// Every trial depends on it: the setting is part of the fingerprint.
    case trials
    /// No trial depends on it, but the campaign's text contains it.
    case label
    /// No trial depends on it: it defines which trials are made, and where they are stored.
    case run
    /// A list that makes points of a campaign; each value replaces the settings at or below this path. Of a search with
    /// a list, the list of sources makes no points, and every trial depends on it.
    case list(of: String)
}

/// The name and meaning of a setting, without its value. Two keys with the same name are equal.
public struct SettingKey: Sendable, Hashable {
    /// The path of the key in the configuration file, such as "source.dec".
    public let name: String
    /// The command-line option of the setting; for a list, the option that replaces it by a single value.
    public let flag: String
    /// The unit of its number; nil if it is not a number, or has no unit.
    public let unit: String?
    /// Its meaning, in a sentence.
    public let help: String
    public let role: SettingRole

    /// All keys, in the order of ``SettingTable``.
    public static let all = SettingTable.settings.map(\.key)
    /// The lists that make points of a campaign.
    static let lists = all.filter { $0.listed != nil }
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    init(name: String, flag: String, unit: String?, help: String, role: SettingRole) {
        (self.name, self.flag, self.unit, self.help, self.role) = (name, flag, unit, help, role)
    }

    /// The key with a name; nil if there is none.
    public init?(named name: String) {
        guard let key = SettingKey.byName[name] else { return nil }
        self = key
    }

    /// The default of a setting; nil if it has none, or if the default depends on other settings.
    public var defaultValue: SettingValue? { SettingKey.defaults[name] }

    /// The defaults by the names of the keys. They are computed once: every command's help asks for them.
    private static let defaults: [String: SettingValue] = {
        let position = ConfigurationLayer().completingPosition()
        guard let configuration = try? Configuration(position) else { return [:] }
        return SettingTable.settings.reduce(into: [:]) { defaults, setting in
            guard position[setting.key] == nil, setting.key.name != "datasets" else { return }
            defaults[setting.key.name] = setting.value(in: configuration)
        }
    }()

    public static func == (one: SettingKey, other: SettingKey) -> Bool { one.name == other.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The path of the single values that this list replaces; nil for other settings.
    var listed: String? { if case .list(let path) = role { path } else { nil } }

    /// Whether this is the key at a path ("source.dec"), or below it ("source").
    func isAtOrBelow(_ path: String) -> Bool { name == path || name.hasPrefix(path + ".") }

    /// Whether one of two keys is a section and the other one lies in it: "fit.gamma" as a number fixes the parameter,
    /// and "fit.gamma.min" is a bound of a free one. A spectrum's file and its table exclude each other, too.
    func excludes(_ other: SettingKey) -> Bool {
        if Set([name, other.name]) == ["flux.file", "flux.table"] { return true }
        if Set([name, other.name]) == ["fit.file", "fit.table"] { return true }
        return self != other && (isAtOrBelow(other.name) || other.isAtOrBelow(name))
    }

    /// The names below a path, in order; below "" the top-level names.
    static func names(below path: String) -> [String] {
        let prefix = path.isEmpty ? "" : path + "."
        var names: [String] = []
        for key in all where key.name.hasPrefix(prefix) {
            let name = String(key.name.dropFirst(prefix.count).prefix { $0 != "." })
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

/// A setting with a value of any type, for loops over all settings.
protocol AnySetting: Sendable {
    var key: SettingKey { get }
    func read(_ node: YAMLNode) throws(Fault) -> ConfigurationLayer.Entry
    func check(_ layer: ConfigurationLayer) throws(Fault)
    func apply(_ layer: ConfigurationLayer, to settings: inout AnalysisSettings)
    func value(in configuration: Configuration) -> SettingValue?
}

extension Setting: AnySetting {
    func read(_ node: YAMLNode) throws(Fault) -> ConfigurationLayer.Entry {
        entry(try kind.read(node), at: node.place)
    }

    func entry(_ value: Value, at place: Fault.Place?) -> ConfigurationLayer.Entry {
        ConfigurationLayer.Entry(value: value, shown: kind.show(value), place: place)
    }

    /// - Throws: `Fault` (usage), about the key, for a value out of range.
    func check(_ value: Value) throws(Fault) {
        guard let problem = kind.problem(value) else { return }
        let unit = key.unit.map { " in \($0)" } ?? ""
        throw Fault(
            .usage, at: .field(key.name), "\(kind.show(value)) is out of range", remedy: "give \(problem)\(unit)")
    }

    func check(_ layer: ConfigurationLayer) throws(Fault) {
        if let value = layer[self] { try check(value) }
    }

    func apply(_ layer: ConfigurationLayer, to settings: inout AnalysisSettings) {
        if let value = layer[self] { apply(value, &settings) }
    }

    func value(in configuration: Configuration) -> SettingValue? { effective(configuration).map(kind.show) }
}
