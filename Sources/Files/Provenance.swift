import Foundation

/// Where and when a file is made, for people. No trial depends on it.
public enum Provenance {
    /// The keys host, cpu, system, processors and created (ISO 8601), with their values for this process.
    public static func current() -> [String: String] {
        let process = ProcessInfo.processInfo
        return [
            "host": hostName,
            "cpu": processorModel,
            "system": process.operatingSystemVersionString,
            "processors": String(process.activeProcessorCount),
            "created": ISO8601DateFormatter().string(from: Date()),
        ]
    }

    /// The number of processors that this process may use.
    public static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// This machine's name, "unknown" if it has none.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 257)
        guard gethostname(&name, name.count - 1) == 0, name[0] != 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// "model name" of Linux's /proc/cpuinfo; empty if it is missing.
    public static var processorModel: String {
        guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return "" }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("model name") }
        let value = line?.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        return value.split(separator: " ").joined(separator: " ")
    }
}
