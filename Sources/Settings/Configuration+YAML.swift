import Diagnostics

/// The settings as a text that is the same for the same settings.
extension Configuration {
    /// Everything that decides what a trial holds, as YAML: keys in fixed order, numbers in their shortest form.
    ///
    /// Not the source's name, the folder of the data, the seed, the trials or the probes.
    public var canonicalYAML: String { yaml(naming: false) }

    /// A configuration file that says all of this, every default written out: for jobs that run elsewhere.
    ///
    /// - Parameters:
    ///   - data: the release's folder, as the jobs know it; empty if they need none.
    ///   - jobs: how many there are, of each point.
    ///   - lists: has the lists of sources, gammas and energy ranges, if this is a point of a campaign that has them;
    ///     they stand in place of the point's own.
    public func campaignYAML(data: String, jobs: Int64, lists: ConfigurationLayer = ConfigurationLayer()) -> String {
        var lines = data.isEmpty ? [] : ["data: \(Configuration.quoted(data))"]
        lines += ["jobs: \(jobs)", "seed: \(seed)"]
        lines.append("trials:")
        lines += trials.map { "- {mu: \(yaml($0.meanSignal)), count: \($0.count)}" }
        if !probes.isEmpty {
            lines.append("probes:")
            lines += probes.map { "- \(Configuration.quoted($0.description))" }
        }
        return lines.joined(separator: "\n") + "\n" + yaml(naming: true, lists: lists)
    }

    /// - Parameters:
    ///   - naming: whether the source's name is included.
    ///   - lists: those that stand in place of a single value.
    package func yaml(naming: Bool, lists: ConfigurationLayer = ConfigurationLayer()) -> String {
        var lines = ["sample: \(sample.name)", "datasets:"]
        lines += datasets.map { "- \($0)" }
        lines += self.lines(of: lists)
        if lists.sources == nil {
            lines.append("source:")
            if naming, !source.name.isEmpty { lines.append("  name: \(Configuration.quoted(source.name))") }
            lines += section([("ra", rightAscensionDegrees), ("dec", declinationDegrees)], indent: 2)
        }
        lines.append("flux:")
        let spectrum = settings.spectrum
        let gamma = lists.gammas == nil ? [("gamma", spectrum.gamma)] : []
        lines += section(
            [("e0", spectrum.referenceEnergy)] + gamma + [("ecut", spectrum.cutoffEnergy)], indent: 2)
        lines.append("fit:")
        for (name, parameter) in [("ns", settings.signalEvents), ("gamma", settings.gamma)] {
            lines.append("  \(name):")
            lines += section(
                [("seed", parameter.start), ("min", parameter.minimum), ("max", parameter.maximum)], indent: 4)
        }
        lines.append("box:")
        lines += section(
            [("delta_angle", boxHalfWidthDegrees), ("negligible_ratio", settings.negligibleRatio)], indent: 2)
        lines.append("injection:")
        if lists.energyRanges == nil, let range = settings.injectionRange {
            lines += ["  energy_range:", "  - \(yaml(range.lower))", "  - \(yaml(range.upper))"]
        }
        lines.append("  poisson: \(settings.poissonInjection)")
        lines.append("compat: \(settings.compatibility.rawValue)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of lists: ConfigurationLayer) -> [String] {
        var lines: [String] = []
        if let sources = lists.sources {
            lines.append("sources:")
            lines += sources.map { source in
                let name = source.sourceName.map { "name: \(Configuration.quoted($0)), " } ?? ""
                return "- {\(name)ra: \(yaml(source.rightAscension ?? 0)), dec: \(yaml(source.declination ?? 0))}"
            }
        }
        if let gammas = lists.gammas { lines += ["gammas:"] + gammas.map { "- \(yaml($0.gamma ?? 0))" } }
        if let ranges = lists.energyRanges {
            lines.append("energy_ranges:")
            lines += ranges.map { "- [" + ($0.energyRange ?? []).map(yaml).joined(separator: ", ") + "]" }
        }
        return lines
    }

    private func section(_ entries: [(String, Double)], indent: Int) -> [String] {
        entries.map { String(repeating: " ", count: indent) + "\($0.0): \(yaml($0.1))" }
    }

    private func yaml(_ number: Double) -> String {
        // −0 and 0 are the same position.
        number.isInfinite ? ".inf" : shortest(number == 0 ? 0 : number)
    }

    /// A text in YAML's double-quoted style.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
