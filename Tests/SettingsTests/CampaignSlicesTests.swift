import Diagnostics
import PointSource
import TestSupport
import Testing

@testable import Settings

@Suite("Jobs and their slices")
struct CampaignSlicesTests {
    private func slices(_ counts: [Int64], jobs: Int64, first: Int64 = 0) throws -> CampaignSlices {
        let trials = try counts.enumerated().map { index, count in
            let range = try #require(TrialRange(first: first, last: first + count - 1))
            return (hypothesis: Hypothesis(meanSignal: Double(index), seed: 1), range: range)
        }
        return try CampaignSlices(trials, jobs: jobs)
    }

    @Test(
        "Slices are all trials, each once, and differ by one trial at most",
        arguments: [
            ([1000, 7, 1], 1), ([1000, 7, 1], 3), ([1000, 7, 999], 1000), ([13, 12, 11], 13), ([100_001], 997),
        ] as [([Int64], Int64)])
    func cutting(counts: [Int64], jobs: Int64) throws {
        let whole = try slices(counts, jobs: jobs, first: 5)
        for (index, count) in counts.enumerated() {
            let hypothesis = Hypothesis(meanSignal: Double(index), seed: 1)
            var next = Int64(5)
            var sizes = Set<Int64>()
            for job in 0..<jobs {
                let range = whole.slice(of: job).first { $0.hypothesis == hypothesis }?.range
                sizes.insert(range?.count ?? 0)
                guard let range else { continue }
                #expect(range.first == next)
                next = range.last + 1
                #expect(whole.jobs(making: TrialRanges([range]), of: hypothesis) == [job])
            }
            #expect(next == 5 + count)
            #expect(sizes.isSubset(of: [count / jobs, count / jobs + 1]))
        }
        #expect((0..<jobs).allSatisfy { !whole.slice(of: $0).isEmpty })
    }

    @Test("The jobs of missing trials")
    func missing() throws {
        let whole = try slices([100, 10], jobs: 10)
        let (background, signal) = (Hypothesis(meanSignal: 0, seed: 1), Hypothesis(meanSignal: 1, seed: 1))
        var missing = TrialRanges()
        for trial in [Int64(9), 10, 55, 99, 100, 5000] { missing.insert(trial) }
        #expect(whole.jobs(making: missing, of: background) == [0, 1, 5, 9])
        #expect(whole.jobs(making: missing, of: signal) == [9])
        #expect(whole.jobs(making: missing, of: Hypothesis(meanSignal: 0, seed: 2)).isEmpty)
    }

    @Test("Numbers near the end of Int64 are cut, too")
    func largeNumbers() throws {
        let count = Int64.max - 1
        let whole = try slices([count], jobs: CampaignSlices.largestJobCount)
        let last = try #require(whole.slice(of: CampaignSlices.largestJobCount - 1).first?.range)
        #expect(last.last == count - 1)
    }

    @Test("Jobs that would have nothing to do, and numbers of jobs without meaning")
    func faults() throws {
        expectFault(.usage, "--jobs", "8 jobs are more than the 7 trials") { _ = try slices([7, 3], jobs: 8) }
        expectFault(.usage, "0 is out of range") { _ = try slices([7], jobs: 0) }
        expectFault(.usage, "c.yaml:3", "0 is out of range") {
            var reader = ConfigurationReader(file: "c.yaml")
            _ = try Configuration(try reader.read("source: {ra: 1, dec: 2}\nseed: 1\njobs: 0\n"))
        }
    }

    @Test("Parts of a list")
    func parts() throws {
        var reader = ConfigurationReader(file: "c.yaml")
        let text = """
            source: {ra: 1, dec: 2}
            trials: [{mu: 0, count: 3}, {mu: 2, count: 4}]
            seed: 9
            jobs: 3
            """
        let configuration = try Configuration(try reader.read(text))
        #expect(configuration.orderedTrials().map(\.range.count) == [3, 4])
        #expect(configuration.orderedTrials(.background).map(\.hypothesis) == [Hypothesis(meanSignal: 0, seed: 9)])
        #expect(configuration.orderedTrials(.signal).map(\.range.count) == [4])

        // The file that is written for jobs says the same.
        let written = configuration.campaignYAML(data: "/data", jobs: 3)
        let read = try Configuration(try reader.read(written))
        #expect(read.canonicalYAML == configuration.canonicalYAML)
        #expect(read.trials == configuration.trials && read.seed == 9 && read.jobs == 3 && read.data == "/data")
    }
}
