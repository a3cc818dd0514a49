import Console
import Foundation

/// Shows the progress of a download.
final class DownloadDisplay: @unchecked Sendable {
    // All mutable state is protected by `lock`.
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
            // The last, incomplete unit counts as a full one, as in the total.
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
