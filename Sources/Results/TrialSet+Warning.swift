import Console
import TrialStore

extension TrialSet {
    /// A sentence for a file that lacked trials when it was merged.
    public var warning: String? {
        missing.map {
            "\(path) is partial: \(NumberFormat.count($0.count)) trials were missing when it was merged"
        }
    }
}
