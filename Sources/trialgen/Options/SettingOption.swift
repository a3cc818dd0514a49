import ArgumentParser
import Diagnostics
import Settings

extension ArgumentHelp {
    /// The help of a setting's option: the sentence in the table of settings, and the default.
    ///
    /// - Parameter valueName: the placeholder of the value; nil for a flag.
    static func setting<Value>(
        _ path: KeyPath<SettingTable, Setting<Value>>, _ valueName: String? = nil
    ) -> ArgumentHelp {
        let key = SettingTable.standard[keyPath: path].key
        guard let valueName else { return ArgumentHelp(stringLiteral: key.help) }
        let text = key.defaultValue.map { "\(key.help.dropLast()) (default: \($0))." } ?? key.help
        return ArgumentHelp(stringLiteral: text).named(valueName)
    }

    private func named(_ valueName: String) -> ArgumentHelp {
        var help = self
        help.valueName = valueName
        return help
    }
}
