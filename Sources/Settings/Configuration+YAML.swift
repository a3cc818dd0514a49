/// The settings as text; equal settings give equal texts.
extension Configuration {
    /// All settings on which trials depend, as YAML: keys in fixed order, numbers in their shortest form.
    public var canonicalYAML: String { yaml { $0.role == .trials } }

    /// ``canonicalYAML`` with the labels of the campaign, such as the source's name.
    package var labelledYAML: String { yaml { $0.role == .trials || $0.role == .label } }

    /// A configuration file with all settings except the output, including defaults: for jobs that run elsewhere.
    ///
    /// - Parameters:
    ///   - data: the release's folder for the jobs; empty if they need none.
    ///   - jobs: the number of jobs, for each point.
    ///   - lists: contains the lists of sources, gammas and energy ranges, if this is a point of a campaign with lists;
    ///     they replace the point's own values.
    public func campaignYAML(data: String, jobs: Int64, lists: ConfigurationLayer = ConfigurationLayer()) -> String {
        SettingValue.yaml(
            SettingKey.all.compactMap { key in
                if lists.lists.contains(where: { key.isAtOrBelow($0.listed ?? "") }) { return nil }
                let value: SettingValue? =
                    switch key.name {
                    case "output": nil
                    case "data": data.isEmpty ? nil : .text(data)
                    case "jobs": .integer(jobs)
                    default: lists[key].flatMap { key.listed == nil ? nil : $0.shown } ?? value(of: key)
                    }
                return value.map { (key.name, $0) }
            })
    }

    /// The requested settings that have a value, in the order of their table, and the list of a search with a list. Names
    /// belong to its sources, since results have them; other labels are left out unless requested.
    func yaml(_ isWanted: (SettingKey) -> Bool) -> String {
        SettingValue.yaml(
            SettingKey.all.filter { isWanted($0) || $0.listed != nil }.compactMap { key in
                guard let value = value(of: key) else { return nil }
                guard let path = key.listed else { return (key.name, value) }
                return (
                    key.name,
                    value.keepingEntries { name in
                        guard name != "name", let key = SettingKey(named: "\(path).\(name)") else { return true }
                        return key.role != .label || isWanted(key)
                    }
                )
            })
    }

    /// The effective value of a setting; nil if it is not set and has no default.
    public func value(of key: SettingKey) -> SettingValue? {
        SettingTable.settings.first { $0.key == key }?.value(in: self)
    }
}
