/// The settings as a text that is the same for the same settings.
extension Configuration {
    /// Everything that decides what a trial holds, as YAML: keys in fixed order, numbers in their shortest form.
    public var canonicalYAML: String { yaml { $0.role == .trials } }

    /// ``canonicalYAML`` with the labels of the campaign, such as the source's name.
    package var labelledYAML: String { yaml { $0.role == .trials || $0.role == .label } }

    /// A configuration file with all of these settings but the output, every default written out: for jobs that run
    /// elsewhere.
    ///
    /// - Parameters:
    ///   - data: the release's folder, as the jobs know it; empty if they need none.
    ///   - jobs: how many there are, of each point.
    ///   - lists: has the lists of sources, gammas and energy ranges, if this is a point of a campaign that has them;
    ///     they stand in place of the point's own.
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

    /// The settings that are wanted and have a value, in the order of their table.
    func yaml(_ isWanted: (SettingKey) -> Bool) -> String {
        SettingValue.yaml(
            SettingKey.all.filter(isWanted).compactMap { key in value(of: key).map { (key.name, $0) } })
    }

    /// The effective value of a setting; nil for one that is not made and has no default.
    public func value(of key: SettingKey) -> SettingValue? {
        SettingTable.settings.first { $0.key == key }?.value(in: self)
    }
}
