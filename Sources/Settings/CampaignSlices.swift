import Diagnostics
import PointSource

/// A selection of a campaign's hypotheses.
public enum CampaignPart: String, Sendable, CaseIterable {
    case all
    /// Those without signal.
    case background
    /// Those with signal.
    case signal

    public func contains(_ hypothesis: Hypothesis) -> Bool {
        switch self {
        case .all: true
        case .background: hypothesis.meanSignal == 0
        case .signal: hypothesis.meanSignal > 0
        }
    }
}

/// The trials of a campaign, split into jobs: job *k* of *N* makes a slice of every hypothesis.
///
/// Of *n* trials job *k* makes ⌊kn/N⌋ … ⌊(k+1)n/N⌋ − 1: slices differ by at most one trial, and together they contain
/// each trial once.
public struct CampaignSlices: Sendable, Equatable {
    /// The trials of each hypothesis, in the campaign's order: from 0, or from the requested first trial.
    public let trials: [(hypothesis: Hypothesis, range: TrialRange)]
    public let jobs: Int64

    /// More jobs than any scheduler accepts.
    public static let largestJobCount: Int64 = 10_000_000

    /// - Throws: ``Fault`` (usage) for a number of jobs out of range, or greater than the number of trials of every
    ///   hypothesis, so that some jobs would have nothing to do.
    public init(_ trials: [(hypothesis: Hypothesis, range: TrialRange)], jobs: Int64) throws(Fault) {
        try SettingTable.standard.jobs.check(jobs)
        let most = trials.map(\.range.count).max() ?? 0
        guard jobs <= most || jobs == 1 else {
            throw Fault(
                .usage, at: .field(SettingTable.standard.jobs.key.flag),
                "\(jobs) jobs are more than the \(most) trials of any hypothesis",
                remedy: "give at most \(most) jobs")
        }
        self.trials = trials
        self.jobs = jobs
    }

    public static func == (one: CampaignSlices, other: CampaignSlices) -> Bool {
        one.jobs == other.jobs && one.trials.elementsEqual(other.trials) { $0 == $1 }
    }

    /// The number of trials of all hypotheses.
    public var count: Int64 { trials.lazy.map { $0.range.count }.clampedSum }

    /// The trials of a job; hypotheses with fewer trials than there are jobs may be absent.
    ///
    /// - Parameter job: 0 ..< ``jobs``.
    public func slice(of job: Int64) -> [(hypothesis: Hypothesis, range: TrialRange)] {
        trials.compactMap { hypothesis, range in
            let (start, end) = (offset(job, range.count), offset(job + 1, range.count))
            return TrialRange(first: range.first + start, last: range.first + end - 1).map { (hypothesis, $0) }
        }
    }

    /// The jobs that make any of the given trials, in order.
    public func jobs(making wanted: TrialRanges, of hypothesis: Hypothesis) -> Set<Int64> {
        var found = Set<Int64>()
        for (own, whole) in trials where own == hypothesis {
            for range in wanted.ranges {
                let (first, last) = (max(range.first, whole.first), min(range.last, whole.last))
                guard first <= last else { continue }
                let firstJob = job(making: first - whole.first, whole.count)
                found.formUnion(firstJob...job(making: last - whole.first, whole.count))
            }
        }
        return found
    }

    /// ⌊job · count / jobs⌋, without overflow.
    private func offset(_ job: Int64, _ count: Int64) -> Int64 {
        let (whole, rest) = count.quotientAndRemainder(dividingBy: jobs)
        return job * whole + job * rest / jobs
    }

    /// The job whose slice of `count` trials contains the given one.
    private func job(making trial: Int64, _ count: Int64) -> Int64 {
        var (low, high) = (Int64(0), jobs - 1)
        while low < high {
            let middle = (low + high) / 2
            if offset(middle + 1, count) <= trial { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension CampaignPart {
    /// The fault of a campaign without trials of this part.
    package var missingFault: Fault {
        Fault(
            .usage, at: .field("--part"), "the campaign has no trials of the part \(rawValue)",
            remedy: "add some to the list of trials, or leave --part out")
    }
}

extension Configuration {
    /// The trials in the campaign's list.
    public func orderedTrials(_ part: CampaignPart = .all) -> [(hypothesis: Hypothesis, range: TrialRange)] {
        trials.compactMap { order in
            let hypothesis = order.hypothesis(seed: seed)
            guard part.contains(hypothesis) else { return nil }
            return TrialRange(first: 0, last: order.count - 1).map { (hypothesis, $0) }
        }
    }
}
