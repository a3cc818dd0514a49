import Diagnostics
import Foundation
import Numerics
import PointSource

/// The TS of very many ordinary background trials, counted: only counts above fixed edges and the largest values are
/// kept. With a file the count continues where an earlier one ended.
struct CountedBackground: Codable {
    let seed: Int64
    /// Trials 0 ..< count are counted.
    private(set) var count = 0
    /// The numbers of trials with TS ≤ 0, then in each bin of ``edges``.
    private(set) var bins: [Int]
    /// The trials with the largest TS, by decreasing TS.
    private(set) var largest: [HighTrial] = []

    struct HighTrial: Codable {
        let ts: Double
        let number: UInt64
    }

    /// The lower ends of the bins of TS > 0, each of which ends where the next begins.
    static let edges = (0..<240).map { 0.25 * Double($0) }
    /// More than the trials above 4 sigma of 10⁸.
    private static let keptCount = 5000
    private static let blockSize = 250_000

    private init(seed: Int64) {
        self.seed = seed
        bins = [Int](repeating: 0, count: 1 + Self.edges.count)
    }

    /// The bin of a TS: 0 for TS ≤ 0.
    static func bin(_ ts: Double) -> Int { ts > 0 ? 1 + min(edges.count - 1, Int((ts * 4).rounded(.up)) - 1) : 0 }

    /// Counts trials until there are `wanted`, and saves the counts after each block.
    ///
    /// - Parameter file: nil to keep nothing.
    static func count(
        _ wanted: Int, of analysis: PointSourceAnalysis, seed: Int64, threads: Int, file: String?
    ) throws -> CountedBackground {
        var counts = CountedBackground(seed: seed)
        if let file, let saved = FileManager.default.contents(atPath: file) {
            counts = try JSONDecoder().decode(CountedBackground.self, from: saved)
            guard counts.seed == seed else {
                throw Fault(
                    .usage, at: .file(file), "has the counts of seed \(counts.seed), not \(seed)",
                    remedy: "give another file to --counts")
            }
        }
        while counts.count < wanted {
            let numbers = UInt64(counts.count)..<UInt64(min(wanted, counts.count + Self.blockSize))
            let block = try onThreads(threads, numbers) { slice in
                var workspace = analysis.makeWorkspace()
                return try slice.map {
                    try analysis.trial($0, of: Hypothesis(meanSignal: 0, seed: seed), workspace: &workspace)
                        .fit.testStatistic
                }
            }
            for ts in block { counts.bins[Self.bin(ts)] += 1 }
            counts.count += block.count
            let high = zip(numbers, block).filter { $1 > 0 }.map { HighTrial(ts: $1, number: $0) }
            counts.largest = Array((counts.largest + high).sorted { $0.ts > $1.ts }.prefix(Self.keptCount))
            if let file { try JSONEncoder().encode(counts).write(to: URL(filePath: file), options: .atomic) }
        }
        return counts
    }

    /// The trials above a TS that is among the largest; nil below them.
    func trials(above ts: Double) -> ArraySlice<HighTrial>? {
        guard largest.count < Self.keptCount || ts >= largest[largest.count - 1].ts else { return nil }
        return largest.prefix { $0.ts > ts }
    }
}

/// The results for all numbers, in their order, made on several threads.
func onThreads<Result: Sendable>(
    _ threads: Int, _ numbers: Range<UInt64>, _ make: @escaping @Sendable (Range<UInt64>) throws -> [Result]
) throws -> [Result] {
    let slices = Slots<Swift.Result<[Result], any Error>?>((0..<threads).map { _ in nil })
    let count = numbers.count
    DispatchQueue.concurrentPerform(iterations: threads) { slice in
        func place(_ slice: Int) -> UInt64 { numbers.lowerBound + UInt64(count * slice / threads) }
        let made = Swift.Result { try make(place(slice)..<place(slice + 1)) }
        slices.update(slice) { $0 = made }
    }
    return try slices.values.compactMap { $0 }.flatMap { try $0.get() }
}
