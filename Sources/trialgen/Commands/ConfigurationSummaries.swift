import Console
import Diagnostics
import IceTracks
import Results
import Settings

/// What `trialgen config --check` prints.
struct CheckSummary {
    let file: String
    let survey: ConfigurationSurvey

    /// Settings that commands need and the file does not contain: they must be given as options.
    private var leftOut: [String] {
        let source = survey.keys.contains { $0.name == "sources" } ? [] : ["source.ra", "source.dec"]
        let given = Set(survey.keys.map(\.name))
        return (["data"] + source + ["trials", "output"]).filter { !given.contains($0) }
            .compactMap { SettingKey(named: $0)?.flag }
    }

    /// For a file without faults.
    var text: String {
        let count = survey.keys.count
        var text = "\(file) is valid: \(count == 1 ? "1 setting" : "\(count) settings"); all others have defaults.\n"
        if !leftOut.isEmpty { text += "Give as options: \(leftOut.joined(separator: ", ")).\n" }
        return text
    }

    var json: JSONValue {
        [
            "file": .string(file), "faults": .array(survey.faults.map(CheckSummary.json)),
            "keys": .array(survey.keys.map { .string($0.name) }), "left_out": .array(leftOut.map { .string($0) }),
        ]
    }

    private static func json(_ fault: Fault) -> JSONValue {
        var (line, column) = (JSONValue.null, JSONValue.null)
        switch fault.place {
        case .line(_, let number)?: line = .integer(number)
        case .column(_, let number, let position)?: (line, column) = (.integer(number), .integer(position))
        case .file?, .field?, nil: break
        }
        return [
            "line": line, "column": column, "problem": .string(fault.problem),
            "remedy": fault.remedy.map { .string($0) } ?? .null,
        ]
    }
}

/// What `trialgen config --check` prints for the definition of a sample.
struct SampleCheckSummary {
    let file: String
    let sample: Sample

    var text: String {
        let seasons = sample.datasets.reduce(0) { $0 + $1.seasonFiles.count }
        return
            "\(file) defines the sample \(sample.name): datasets \(sample.datasets.map(\.name).joined(separator: ", ")), "
            + "\(seasons == 1 ? "1 season" : "\(seasons) seasons").\nUse it with --sample \(file), or as the key sample.\n"
    }

    var json: JSONValue {
        ["file": .string(file), "faults": .array([]), "sample": SampleChoice.own(sample).value.json]
    }
}

/// What `trialgen config --show` prints.
struct SettingsSummary {
    let settings: [EffectiveSetting]
    /// The configuration file, if there is one.
    let file: String?
    let threads: (count: Int, origin: String)

    init(settings: [EffectiveSetting], file: String?, threads: ThreadCount) throws {
        self.settings = settings
        self.file = file
        self.threads = try threads.resolvedWithOrigin()
    }

    var text: String {
        var table = Table([.name("key"), .name("value"), .name("from")])
        for setting in settings {
            table.add([setting.key.name, setting.value?.title ?? "-", SettingsSummary.origin(setting)])
        }
        table.add(["(threads)", String(threads.count), threads.origin])
        return (file.map { "\($0)\n\n" } ?? "") + table.text
    }

    var json: JSONValue {
        let rows = settings.map { setting -> JSONValue in
            [
                "key": .string(setting.key.name), "value": setting.value?.json ?? .null,
                "from": .string(SettingsSummary.origin(setting)),
            ]
        }
        return [
            "file": file.map { .string($0) } ?? .null, "settings": .array(rows),
            "threads": ["value": .integer(threads.count), "from": .string(threads.origin)],
        ]
    }

    /// "line 3", "--gamma", "$TRIALGEN_DATA", "cache", "default" or "not set".
    private static func origin(_ setting: EffectiveSetting) -> String {
        switch setting.origin {
        case .place(.column(_, let line, _)), .place(.line(_, let line)): "line \(line)"
        case .place(let place): place.description
        case .cache: "cache"
        case .byDefault: "default"
        case .notSet: "not set"
        }
    }
}
