import Console
import Diagnostics
import Files
import Foundation
import Settings

/// What the jobs of a campaign require: processor time, disk, memory.
struct JobNeeds {
    /// Bytes of a trial in a chunk: nine fields, and those of probes, weights and sources of a catalogue.
    private let bytesPerTrial: Double
    private let slices: CampaignSlices
    private let pointCount: Int
    private let threads: Int
    private let speed: MeasuredSpeed?
    /// Bytes transferred with a job: release or prepared file, and the bundle, packed and unpacked.
    private let inputBytes: Double

    /// - Parameters:
    ///   - fields: the number of additional numbers of a trial.
    ///   - inputs: files and folders transferred with a job.
    ///   - speed: nil if it was not measured.
    init(
        _ slices: CampaignSlices, points: Int, fields: Int, threads: Int, speed: MeasuredSpeed?, inputs: [String]
    ) {
        self.slices = slices
        self.threads = threads
        self.speed = speed
        pointCount = points
        bytesPerTrial = 70 + 8 * Double(fields)
        inputBytes = inputs.map(Self.bytes).reduce(0, +)
    }

    /// The sum over all jobs.
    var coreHours: Double? {
        speed.map {
            Double(threads) * Double(pointCount)
                * ($0.totalSeconds + $0.startSeconds * Double(slices.jobs)) / 3600
        }
    }

    /// MB of all chunks and the merged file.
    var campaignMegabytes: Double {
        2 * bytesPerTrial * Double(slices.count) * Double(pointCount) / 1e6
    }

    /// MB of a job's scratch disk: its inputs, the unpacked programs, its chunk and journal, plus a quarter.
    var diskMegabytes: Int {
        let chunk = 2 * bytesPerTrial * Double(slices.count) / Double(slices.jobs)
        return Self.rounded(1.25 * (inputBytes + chunk) / 1e6 + 100)
    }

    /// MB of a job's memory: one and a half times the memory used while measuring the speed.
    ///
    /// - Returns: nil if the speed was not measured.
    var memoryMegabytes: Int? {
        speed.flatMap { _ in
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
            return kilobytes.map { Self.rounded(1.5 * $0 / 1000 + 200) }
        }
    }

    /// "12.3 core-hours, 4 GB of disk"
    var line: String {
        let disk =
            campaignMegabytes < 1000
            ? "\(NumberFormat.significant(max(campaignMegabytes, 0.1), 2)) MB"
            : "\(NumberFormat.significant(campaignMegabytes / 1000, 2)) GB"
        let hours =
            coreHours.map { "\(NumberFormat.significant($0, 2)) core-hours" } ?? "core-hours: measure with --hours"
        return "\(hours), \(disk) of disk for chunks and merged file\n"
    }

    /// Rounds up to a multiple of 100.
    private static func rounded(_ megabytes: Double) -> Int { Int((megabytes / 100).rounded(.up)) * 100 }

    /// The size in bytes of a file, or of all files in a folder.
    private static func bytes(of path: String) -> Double {
        let manager = FileManager.default
        guard isFolder(path) else {
            return ((try? manager.attributesOfItem(atPath: path)[.size]) as? NSNumber)?.doubleValue ?? 0
        }
        let names = (try? manager.subpathsOfDirectory(atPath: path)) ?? []
        return names.filter { !isFolder("\(path)/\($0)") }.map { bytes(of: "\(path)/\($0)") }.reduce(0, +)
    }
}
