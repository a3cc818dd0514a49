import Diagnostics
import Foundation

/// A JSON file that another of our commands printed.
enum JSONInput {
    /// Reads and decodes a file.
    ///
    /// - Parameter command: what prints such a file, for the remedy.
    /// - Throws: `Fault`: missing input for a file that cannot be read, bad data for one that is no such JSON, naming
    ///   the key.
    static func read<Value: Decodable>(_ type: Value.Type, from path: String, command: String) throws(Fault) -> Value {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Fault(
                .missingInput, at: .file(path), "cannot be read (\(error.localizedDescription))",
                remedy: "give the output of \(command)")
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw Fault(
                .badData, at: .file(path), problem(error), remedy: "give the output of \(command), unchanged")
        }
    }

    private static func problem(_ error: any Error) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined().trimmingPrefix(".")
                .description
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, _): return "has no key \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "has a \"\(name(context.codingPath))\" of another kind than expected"
        default: return "is no JSON"
        }
    }
}
