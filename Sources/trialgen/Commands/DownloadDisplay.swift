import Console
import Foundation

/// Shows how far a download has come.
final class DownloadDisplay: @unchecked Sendable {
    // All mutable state is behind `lock`.
    private let lock = NSLock()
    private let label: String
    private let style: Console.Progress.Style
    private var progress: Console.Progress?
    private var unit = 1
    private var bytes = 0
    private var shown = 0

    init(_ label: String, style: Console.Progress.Style) {
        self.label = label
        self.style = style
    }

    func expect(_ total: Int) {
        lock.withLock {
            unit = total < 10_000_000 ? 1000 : 1_000_000
            progress = Console.Progress(
                label, unit: unit == 1000 ? "kB" : "MB", total: (total + unit - 1) / unit, style: style)
        }
    }

    func advance(_ count: Int) {
        lock.withLock {
            bytes += count
            // The end of the last unit counts as all of it, as in the total.
            let units = (bytes + unit - 1) / unit
            progress?.advance(by: units - shown)
            shown = units
        }
    }

    func finish() {
        lock.withLock {
            progress?.finish()
            progress = nil
        }
    }
}
