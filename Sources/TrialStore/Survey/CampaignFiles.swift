import Diagnostics
import Files
import Settings

/// Files of trials, grouped by the campaign's point to which they belong.
public struct CampaignFiles: Sendable {
    /// The files of each point, in the order given.
    public let files: [[String]]
    /// Files that belong to no point or whose point is unknown: missing, damaged, or with other settings. Each has the
    /// number of the point with the most similar settings.
    public let others: [(path: String, nearest: Int)]

    /// Reads the headers of files.
    ///
    /// - Parameter points: the settings of each point; at least one.
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
    /// - Throws: `Fault`: missing input, or bad data for a file that does not contain trials.
    public init(ofFile path: String) throws {
        let table = try TrialTable.open(path)
        defer { try? table.close() }
        try self.init(text: table.header.campaign, file: path)
    }
}
