import Diagnostics
import Numerics

/// The detector's uptime: windows of time with good data, sorted by start.
public struct Uptime: Sendable, Equatable {
    /// A period of good data, both ends included, Modified Julian Dates in days.
    public struct Window: Sendable, Equatable {
        public let start: Double
        public let stop: Double

        /// - Precondition: `start <= stop`.
        public init(start: Double, stop: Double) {
            precondition(start <= stop)
            self.start = start
            self.stop = stop
        }
    }

    /// The windows, by start.
    public let windows: [Window]
    /// The time in at least one window, as windows that do not overlap; by start.
    private let union: [Window]
    /// Sum of the windows' lengths in days. Windows that overlap count twice, as in SkyLLH.
    public let livetimeDays: Double

    /// The time in days that windows share with an earlier one, which the livetime counts twice. The public releases
    /// have seconds of it; more means that a file contains the same windows twice.
    public let overlapDays: Double

    /// Sum of the windows' lengths in seconds.
    public var livetimeSeconds: Double { livetimeDays * 86400 }

    /// Sorts the windows by start; windows with equal start keep their order.
    public init(windows: [Window]) {
        self.windows = windows.enumerated()
            .sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            .map(\.element)
        var sum = 0.0
        var correction = 0.0
        var overlap = 0.0
        var end = -Double.infinity
        var union: [Window] = []
        // Neumaier's compensated sum (ZAMM 54, 39, 1974): thousands of windows, rounded once.
        for window in self.windows {
            let length = window.stop - window.start
            let next = sum + length
            correction += sum >= length ? (sum - next) + length : (length - next) + sum
            sum = next
            overlap += max(0, min(end, window.stop) - window.start)
            if window.start <= end, let last = union.popLast() {
                union.append(Window(start: last.start, stop: max(end, window.stop)))
            } else {
                union.append(window)
            }
            end = max(end, window.stop)
        }
        livetimeDays = sum + correction
        overlapDays = overlap
        self.union = union
    }

    /// Whether the last window, by start, that starts no later than `mjd` still contains it.
    ///
    /// Complexity: O(log n).
    public func contains(mjd: Double) -> Bool { Self.lastStarted(windows, mjd).map { mjd <= $0.stop } ?? false }

    /// Whether any window contains `mjd`: differs from ``contains(mjd:)`` if a window lies within another.
    ///
    /// Complexity: O(log n).
    public func covers(mjd: Double) -> Bool { Self.lastStarted(union, mjd).map { mjd <= $0.stop } ?? false }

    /// The last window that starts no later than `mjd`.
    private static func lastStarted(_ windows: [Window], _ mjd: Double) -> Window? {
        let started = prefixCount(windows.count) { windows[$0].start <= mjd }
        return started > 0 ? windows[started - 1] : nil
    }
}

extension Uptime {
    private static let columns = ["MJD_start[days]", "MJD_stop[days]"].map {
        TableColumn($0, .modifiedJulianDates, remedy: "give a Modified Julian Date (Julian Date minus 2400000.5)")
    }

    /// Reads an uptime file.
    ///
    /// - Throws: a `Fault` for text that is not a table and for a window that stops before it starts.
    static func read(_ file: String, season: String) throws -> (uptime: Uptime, digest: FileDigest) {
        let reader = TableReader(file: file, purpose: "uptime windows of \(season)", columns: columns)
        var windows: [Window] = []
        let digest = try reader.read { block in
            for row in 0..<block.rowCount {
                guard block[row, 0] <= block[row, 1] else {
                    throw reader.fault(
                        line: block.line(ofRow: row), column: 1,
                        "the window starts at \(block[row, 0]) and must not stop before",
                        remedy: "give a stop after the start"
                    )
                }
                windows.append(Window(start: block[row, 0], stop: block[row, 1]))
            }
        }
        return (Uptime(windows: windows), digest)
    }
}
