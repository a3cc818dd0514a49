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
                    default: key.listed == nil ? value(of: key) : lists[key]?.shown
                    }
                return value.map { (key.name, $0) }
            })
    }

    /// The requested settings that have a value, in the order of their table.
    func yaml(_ isWanted: (SettingKey) -> Bool) -> String {
        SettingValue.yaml(
            SettingKey.all.filter(isWanted).compactMap { key in value(of: key).map { (key.name, $0) } })
    }

    /// The effective value of a setting; nil if it is not set and has no default.
    public func value(of key: SettingKey) -> SettingValue? {
        SettingTable.settings.first { $0.key == key }?.value(in: self)
    }
}
