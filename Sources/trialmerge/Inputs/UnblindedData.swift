import Diagnostics
import Results
import Settings

/// The result of the data that `--unblind` names, by the search that made it.
enum UnblindedData {
    /// The fit of one source or of a stack.
    case fit(Observation)
    /// The fits of a catalogue.
    case list(ListResult, file: String)
    /// The hottest places of the sky.
    case sky(SkyResult, file: String)

    /// - Throws: `Fault` as `JSONInput`.
    init(file: String) throws(Fault) {
        let keys = try ResultKeys(contentsOf: file)
        guard keys.isResult else {
            throw Fault(
                .badData, at: .file(file), "is not a result of the data",
                remedy: "give the output of \(UnblindResult.command), or of \(SkyResult.command)")
        }
        if keys.isList {
            self = .list(try ListResult(contentsOf: file), file: file)
        } else if keys.isSky {
            self = .sky(try SkyResult(contentsOf: file), file: file)
        } else {
            self = .fit(try Observation(file: file))
        }
    }

    var observation: Observation? {
        if case .fit(let observation) = self { observation } else { nil }
    }

    var list: (fits: ListResult, file: String)? {
        if case .list(let fits, let file) = self { (fits, file) } else { nil }
    }

    var sky: (places: SkyResult, file: String)? {
        if case .sky(let places, let file) = self { (places, file) } else { nil }
    }

    /// - Throws: `Fault` (usage) for the result of another search than that of the trials.
    func check(_ search: Search) throws(Fault) {
        let wanted: String
        switch (self, search) {
        case (.fit, .source), (.fit, .stack), (.list, .catalogue), (.sky, .sky): return
        case (_, .catalogue): wanted = "trialgen unblind --json with the catalogue of these trials"
        case (_, .sky): wanted = "\(SkyResult.command) with the configuration of these trials"
        case (.list(_, let file), _), (.sky(_, let file), _):
            // Says what the file contains.
            _ = try Observation(file: file)
            return
        }
        let (file, contents) =
            switch self {
            case .fit(let observation): (observation.file ?? "", "the fit of one source or of a stack")
            case .list(_, let file): (file, "the fits of a list of sources")
            case .sky(_, let file): (file, "the hottest places of the sky")
            }
        throw Fault(
            .usage, at: .file(file), "contains \(contents), but the search of the trials is \(search.rawValue)",
            remedy: "give the output of \(wanted)")
    }
}

/// The keys that distinguish the results of the data.
private struct ResultKeys: JSONInput {
    static let command = UnblindResult.command
    /// Whether it lists fits. That of a stack lists its sources, and has one fit.
    let isList: Bool
    let isSky: Bool
    /// Not that of a map around a source, which has one hottest place, or that of trials.
    let isResult: Bool

    private enum CodingKeys: String, CodingKey {
        case ts, sources, hottest
        case trials = "n_trials"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isList = values.contains(.sources) && !values.contains(.ts)
        isSky = (try? values.nestedUnkeyedContainer(forKey: .hottest)) != nil
        isResult = !values.contains(.trials) && (values.contains(.ts) || isList || isSky)
    }
}
