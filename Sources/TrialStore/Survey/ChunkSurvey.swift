import Diagnostics
import Files
import HDF5
import PointSource
import Settings

/// The trials of a campaign in a set of files, and those that are missing.
///
/// Every row of every file is read, and nothing is changed. Files are read one at a time; memory grows with the number
/// of ranges that they cover, not with the number of trials.
public struct ChunkSurvey: Sendable {
    /// One of the files.
    public struct File: Sendable, Equatable {
        public enum State: Sendable, Equatable {
            case sound
            /// The file does not exist.
            case absent
            /// Its writer is running or was killed; its trials do not count yet.
            case unfinished
            /// The system refuses to open or read it: its contents are unknown.
            case unreadable
            case damaged
            /// Its trials are of another campaign.
            case foreign
        }

        public let path: String
        public let state: State
        /// What is wrong, as a clause; empty for a sound file.
        public let problem: String
        /// The trials in it; for a damaged file those that it claims to contain, if that can be read.
        public let coverage: Coverage
    }

    public let files: [File]
    /// Trials in sound files.
    public let present: Coverage
    /// Trials in several sound files with the same numbers.
    public let identical: Coverage
    /// Trials in several sound files with different numbers.
    public let conflicting: Coverage
    /// Pairs of files that contradict each other.
    public let conflictingFiles: [(one: String, other: String)]
    /// Trials that damaged files claim to contain and no sound file contains.
    public let damaged: Coverage
    /// The work of each host for the sound files.
    public let ledger: HostLedger

    /// Reads files.
    ///
    /// - Parameters:
    ///   - expected: the settings required of the files; nil for those of the first sound file.
    ///   - progress: receives the number of files read.
    public init(
        _ paths: [String], expected: Configuration? = nil, progress: (Int) -> Void = { _ in }
    ) throws(Fault) {
        var (files, present, overlap, damaged) = ([File](), Coverage(), Coverage(), Coverage())
        var ledger = HostLedger()
        var reference = Reference(expected: expected)
        for (number, path) in paths.enumerated() {
            let (file, ownLedger) = ChunkSurvey.look(at: path, &reference)
            if file.state == .sound {
                overlap.formUnion(present.intersection(file.coverage))
                present.formUnion(file.coverage)
                ledger.add(ownLedger)
            }
            if file.state == .damaged { damaged.formUnion(file.coverage) }
            files.append(file)
            progress(number + 1)
        }
        // Only files that share trials with another file are read again.
        let sharing =
            overlap.isEmpty
            ? [] : files.filter { $0.state == .sound && !overlap.intersection($0.coverage).isEmpty }.map(\.path)
        var pairs: [(one: String, other: String)] = []
        let (all, conflicting) = try TrialMerge.duplicates(in: sharing) { one, other in
            if pairs.count < 100, !pairs.contains(where: { $0 == (one, other) }) { pairs.append((one, other)) }
        }
        self.files = files
        self.present = present
        self.conflicting = conflicting
        identical = all.subtracting(conflicting)
        conflictingFiles = pairs
        self.damaged = damaged.subtracting(present)
        self.ledger = ledger
    }

    /// Whether every file can be merged.
    public var isSound: Bool {
        conflicting.isEmpty && !files.contains { $0.state == .damaged || $0.state == .foreign }
    }
}

extension ChunkSurvey {
    /// The settings with which files are compared.
    private struct Reference {
        let expected: Configuration?
        /// The first sound file.
        var first: (path: String, layout: TrialTableLayout)?
        private var agreement = HeaderAgreement()

        init(expected: Configuration?) { self.expected = expected }

        /// Why a file belongs to another campaign; nil if it does not.
        mutating func difference(_ table: TrialTable) -> String? {
            if let first {
                if let (difference, _) = agreement.difference(table.header, of: table.path, here: "it") {
                    return difference
                }
                return (try? table.layout.probeDifference(from: first.layout)).flatMap { $0 }
                    .map { "it has other probes than \(first.path): \($0)" }
            }
            if let expected {
                guard let campaign = try? Campaign(text: table.header.campaign, file: table.path) else {
                    return "the campaign in its header cannot be read"
                }
                let (wanted, found) = (expected.canonicalYAML, campaign.configuration.canonicalYAML)
                if wanted != found {
                    return CampaignDifference.clause(
                        CampaignDifference.between(found, wanted), here: "it", there: "the configuration")
                }
                if campaign.modelVersion != PointSourceAnalysis.modelVersion {
                    return "its model version is \(campaign.modelVersion), this program's "
                        + PointSourceAnalysis.modelVersion
                }
            }
            first = (table.path, table.layout)
            return agreement.difference(table.header, of: table.path, here: "it")?.clause
        }
    }

    private static func look(at path: String, _ reference: inout Reference) -> (File, HostLedger) {
        func file(_ state: File.State, _ problem: String = "", _ coverage: Coverage = Coverage()) -> File {
            File(path: path, state: state, problem: problem, coverage: coverage)
        }
        guard exists(path) || exists(Journal.path(of: path)) else {
            return (file(.absent, "does not exist"), HostLedger())
        }
        var claimed = Coverage()
        do throws(Fault) {
            try Journal.refuseUnfinished(path)
            let table = try TrialTable.open(path)
            claimed = (try? table.claimedCoverage()) ?? Coverage()
            if let difference = reference.difference(table) {
                return (file(.foreign, "belongs to another campaign: \(difference)"), HostLedger())
            }
            let coverage = try table.readThrough { _, key, row, isNew throws(Fault) in
                guard isNew else {
                    throw Fault(.badData, "contains trial \(key.trial) of \(key.hypothesis) twice (row \(row))")
                }
            }
            let ledger = table.ledger
            try table.close()
            return (file(.sound, "", coverage), ledger)
        } catch {
            let isUnfinished = error.kind == .temporary && exists(Journal.path(of: path))
            let state: File.State = error.kind == .badData ? .damaged : isUnfinished ? .unfinished : .unreadable
            return (file(state, error.problem, claimed), HostLedger())
        }
    }
}
