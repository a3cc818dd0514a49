import Diagnostics
import Files
import Settings

/// Files of trials, sorted by the point of a campaign that they belong to.
public struct CampaignFiles: Sendable {
    /// The files of each point, in the order given.
    public let files: [[String]]
    /// Those that belong to none, or of which that cannot be told: absent, damaged, or of other settings. Each with the
    /// number of the point whose settings are most like its own.
    public let others: [(path: String, nearest: Int)]

    /// Looks at the headers of files.
    ///
    /// - Parameter points: the settings of each; at least one.
    public init(_ paths: [String], points: [Configuration]) {
        let texts = points.map(\.canonicalYAML)
        let numbers = Dictionary(zip(texts, texts.indices), uniquingKeysWith: { first, _ in first })
        var files = [[String]](repeating: [], count: points.count)
        var others: [(path: String, nearest: Int)] = []
        for path in paths {
            guard exists(path), let text = (try? Campaign(ofFile: path))?.configuration.canonicalYAML else {
                others.append((path, 0))
                continue
            }
            if let number = numbers[text] {
                files[number].append(path)
            } else {
                let nearest = texts.indices.min {
                    CampaignDifference.between(text, texts[$0]).count
                        < CampaignDifference.between(text, texts[$1]).count
                }
                others.append((path, nearest ?? 0))
            }
        }
        self.files = files
        self.others = others
    }
}

extension Campaign {
    /// The campaign in the header of a file of trials; no trial is read.
    ///
    /// - Throws: `Fault`: missing input, or bad data for a file that is none of trials.
    public init(ofFile path: String) throws {
        let table = try TrialTable.open(path)
        defer { try? table.close() }
        try self.init(text: table.header.campaign, file: path)
    }
}
