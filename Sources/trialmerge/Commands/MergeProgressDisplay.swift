import Console
import TrialStore

/// Shows the progress of a merge on standard error: first the files read, then the trials written.
final class MergeProgressDisplay {
    private let style: Progress.Style
    private var current: (progress: Progress, done: Int64, total: Int64)?

    init(style: Progress.Style) { self.style = style }

    func show(_ state: MergeProgress) {
        switch state {
        case .read(let inputs, let total):
            advance(to: Int64(inputs), of: Int64(total)) { Progress("reading", unit: "files", total: $0, style: style) }
        case .merged(let rows, let total):
            advance(to: rows, of: total) { Progress("merging", unit: "trials", total: $0, style: style) }
        }
    }

    /// Ends the line of an incomplete stage.
    func finish() {
        current?.progress.finish()
        current = nil
    }

    /// Starts the display of a stage at its first step, and ends it at its last.
    private func advance(to done: Int64, of total: Int64, begin: (Int) -> Progress) {
        let (progress, before, _) = current ?? (begin(Int(clamping: total)), 0, total)
        progress.advance(by: Int(clamping: done - before))
        current = (progress, done, total)
        guard done >= total else { return }
        progress.finish()
        current = nil
    }
}
