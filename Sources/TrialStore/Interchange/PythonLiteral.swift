/// A Python literal, as in the header of a numpy file.
enum PythonLiteral: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    case string(String)
    case list([PythonLiteral])
    case tuple([PythonLiteral])
    case dictionary([String: PythonLiteral])

    /// Reads a text that is one value and nothing else; nil for any other.
    init?(_ text: some Sequence<UInt8>) {
        var parser = Parser(bytes: Array(text))
        guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
        self = value
    }

    /// The members of a list or a tuple.
    var members: [PythonLiteral]? {
        switch self {
        case .list(let members), .tuple(let members): members
        default: nil
        }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    private struct Parser {
        let bytes: [UInt8]
        private var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return position == bytes.count
            }
        }

        /// Deeper nesting does not occur in numpy headers.
        private static let mostDepth = 8

        mutating func value(depth: Int) -> PythonLiteral? {
            skipSpace()
            guard depth < Self.mostDepth, position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "{"): return dictionary(depth)
            case UInt8(ascii: "["): return sequence(depth, end: "]").map { .list($0) }
            case UInt8(ascii: "("): return sequence(depth, end: ")").map { .tuple($0) }
            case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map { .string($0) }
            default: return word()
            }
        }

        private mutating func skipSpace() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        /// Skips a character, if it is the next one after spaces.
        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        private mutating func sequence(_ depth: Int, end: Unicode.Scalar) -> [PythonLiteral]? {
            position += 1
            var members: [PythonLiteral] = []
            while !take(end) {
                guard let member = value(depth: depth + 1) else { return nil }
                members.append(member)
                if take(",") { continue }
                return take(end) ? members : nil
            }
            return members
        }

        private mutating func dictionary(_ depth: Int) -> PythonLiteral? {
            position += 1
            var members: [String: PythonLiteral] = [:]
            while !take("}") {
                guard let key = value(depth: depth + 1)?.text, take(":"), let member = value(depth: depth + 1) else {
                    return nil
                }
                members[key] = member
                if take(",") { continue }
                return take("}") ? .dictionary(members) : nil
            }
            return .dictionary(members)
        }

        private mutating func string() -> String? {
            let quote = bytes[position]
            position += 1
            var text: [UInt8] = []
            while position < bytes.count, bytes[position] != quote {
                // Python escapes characters that are not printable; no field that is read here needs them.
                guard bytes[position] != UInt8(ascii: "\\") else { return nil }
                text.append(bytes[position])
                position += 1
            }
            guard position < bytes.count else { return nil }
            position += 1
            return String(decoding: text, as: UTF8.self)
        }

        private mutating func word() -> PythonLiteral? {
            var text = ""
            while position < bytes.count, bytes[position] > 0x20, !"{}[](),:'\"".utf8.contains(bytes[position]) {
                text.unicodeScalars.append(Unicode.Scalar(bytes[position]))
                position += 1
            }
            switch text {
            case "None": return PythonLiteral.none
            case "True": return .bool(true)
            case "False": return .bool(false)
            // Python 2 marked long integers.
            default: return Int(text.hasSuffix("L") ? String(text.dropLast()) : text).map { .integer($0) }
            }
        }
    }
}
