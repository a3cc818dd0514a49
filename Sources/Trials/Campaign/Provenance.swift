import Foundation

/// Where and when a file is made: for people who wonder later. No trial depends on it.
public enum Provenance {
    /// The keys host, system, processors and created (ISO 8601), with their values for this process.
    public static func current() -> [String: String] {
        let process = ProcessInfo.processInfo
        return [
            "host": process.hostName,
            "system": process.operatingSystemVersionString,
            "processors": String(process.activeProcessorCount),
            "created": ISO8601DateFormatter().string(from: Date()),
        ]
    }

    /// The number of processors that this process may use.
    public static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
