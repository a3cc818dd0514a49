import Diagnostics
import Files
import Foundation

/// A result that one of our commands prints as JSON and another one reads.
public protocol JSONInput: Decodable {
    /// The command that prints it, for remedies: "trialgen scan --json".
    static var command: String { get }

    /// - Throws: `Fault` (bad data) for numbers that contradict each other.
    func check() throws(Fault)
}

extension JSONInput {
    public func check() throws(Fault) {}

    /// Bytes: several times a curve or a scan of as many points as are accepted.
    private static var largestSize: Int { 256 << 20 }

    /// Reads a result.
    ///
    /// - Throws: `Fault` (bad data) for invalid JSON, or naming a missing or invalid key.
    public static func parse(_ bytes: Data) throws(Fault) -> Self {
        let value: Self
        do {
            value = try JSONDecoder().decode(Self.self, from: bytes)
        } catch {
            throw Fault(.badData, problem(error), remedy: "give the output of \(command), unchanged")
        }
        try value.check()
        return value
    }

    /// Reads a file.
    ///
    /// - Throws: `Fault`: missing input for a file that cannot be read and for a pipe or a device; as ``parse(_:)``.
    public init(contentsOf path: String) throws(Fault) {
        let bytes = try OpenFile.contents(of: path, atMost: Self.largestSize, "the output of \(Self.command)")
        do throws(Fault) {
            self = try Self.parse(Data(bytes))
        } catch {
            throw error.located(in: path)
        }
    }

    private static func problem(_ error: any Error) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined().trimmingPrefix(".")
                .description
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, _): return "lacks the key \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return context.codingPath.isEmpty
                ? "is not a JSON object" : "has a value of the wrong type for \"\(name(context.codingPath))\""
        default: return "is not valid JSON"
        }
    }
}

extension Fault {
    /// The same fault with a file as its place.
    public func located(in path: String) -> Fault { Fault(kind, at: .file(path), problem, remedy: remedy) }
}
