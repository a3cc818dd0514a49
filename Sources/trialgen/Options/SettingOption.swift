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

extension CompletionKind {
    /// The names that a completion script offers. Options are described at every start of the program, and the names come
    /// from definitions that take milliseconds to read: so they are read only for a script.
    static func named(_ names: @autoclosure () -> [String]) -> CompletionKind {
        CommandLine.arguments.contains { $0.hasPrefix("--generate-completion-script") } ? .list(names()) : .default
    }
}
