import Diagnostics

/// The value of a setting, as a configuration file has it; the description is YAML in one line.
public enum SettingValue: Sendable, Equatable {
    case text(String)
    /// May be infinite.
    case number(Double)
    case integer(Int64)
    case truth(Bool)
    case list([SettingValue])
    /// Keys with values, in order.
    case section([Entry])

    /// A key of a section with its value.
    public struct Entry: Sendable, Equatable {
        public let key: String
        public let value: SettingValue
    }
}

extension SettingValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): SettingValue.isPlain(text) ? text : Configuration.quoted(text)
        case .number(let number): number.isInfinite ? ".inf" : shortest(number)
        case .integer(let number): String(number)
        case .truth(let isTrue): String(isTrue)
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .section(let entries): "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// Whether a text means itself without quotation marks, in a list too: it begins as no number does, and has no
    /// punctuation of YAML's.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "/" else { return false }
        return text.last != " "
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "/._- +0123456789".unicodeScalars.contains($0)
            }
            && !["true", "false", "yes", "no", "on", "off", "null", "inf", "nan"].contains(text.lowercased())
    }
}

extension Configuration {
    /// The value of a setting that is in force; nil for one that is not made and has no default.
    public func value(of key: ConfigurationKey) -> SettingValue? {
        switch key {
        case .sample: .text(sample.name)
        case .data: data.map { .text($0) }
        case .datasets: .list(datasets.map { .text($0) })
        case .sourceName: source.name.isEmpty ? nil : .text(source.name)
        case .rightAscension: .number(rightAscensionDegrees)
        case .declination: .number(declinationDegrees)
        case .phi0: phi0.map { .number($0) }
        case .referenceEnergy: .number(settings.spectrum.referenceEnergy)
        case .gamma: .number(settings.spectrum.gamma)
        case .cutoffEnergy: .number(settings.spectrum.cutoffEnergy)
        case .signalEventsSeed: .number(settings.signalEvents.start)
        case .signalEventsMinimum: .number(settings.signalEvents.minimum)
        case .signalEventsMaximum: .number(settings.signalEvents.maximum)
        case .gammaSeed: .number(settings.gamma.start)
        case .gammaMinimum: .number(settings.gamma.minimum)
        case .gammaMaximum: .number(settings.gamma.maximum)
        case .boxHalfWidth: .number(boxHalfWidthDegrees)
        case .negligibleRatio: .number(settings.negligibleRatio)
        case .energyRange: settings.injectionRange.map { .list([.number($0.lower), .number($0.upper)]) }
        case .poisson: .truth(settings.poissonInjection)
        case .compatibility: .text(settings.compatibility.rawValue)
        case .trials:
            trials.isEmpty
                ? nil
                : .list(
                    trials.map {
                        .section([
                            SettingValue.Entry(key: "mu", value: .number($0.meanSignal)),
                            SettingValue.Entry(key: "count", value: .integer($0.count)),
                        ])
                    })
        case .seed: .integer(seed)
        case .output: output.map { .text($0) }
        case .probes: probes.isEmpty ? nil : .list(probes.map { .text($0.description) })
        case .jobs: jobs.map { .integer($0) }
        // A configuration is one point.
        case .sources, .gammas, .energyRanges: nil
        }
    }
}
