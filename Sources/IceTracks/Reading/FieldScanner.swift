import Numerics

/// For every column of the file its index among the wanted ones, or -1 to skip it.
struct ColumnLayout: Sendable {
    let targets: [Int]
    /// The valid values of each wanted column.
    let ranges: [ClosedRange<Double>]
    /// The names of the wanted columns, in UTF-8.
    let names: [[UInt8]]

    var wantedCount: Int { ranges.count }

    /// Whether a comment line contains so many names of wanted columns that it is another header.
    func isHeader(_ comment: some Collection<UInt8>) -> Bool {
        let words = comment.split { $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: "#") }.map(Array.init)
        return names.count { words.contains($0) } >= min(2, names.count)
    }
}

/// The rows of a piece of text, and the first error in it.
struct ParsedPiece: Sendable {
    /// Row-major, ``ColumnLayout/wantedCount`` values per row.
    var values: [Double] = []
    var rowCount = 0
    /// Lines begun, including blank lines and comments.
    var lineCount = 0
    /// Before row `row` there are `lines` more lines than rows.
    var skips: [(row: Int, lines: Int)] = []
    var failure: (line: Int, problem: LineProblem)?
}

/// What can be wrong with a line of text; byte ranges count from the line's first byte.
enum LineProblem: Sendable {
    case notANumber(Range<Int>)
    case notFinite(Range<Int>)
    case notUTF8(Range<Int>)
    case tooManyFields(Range<Int>)
    case tooFewFields(found: Int)
    /// A number outside its column's range (the column is an index among the wanted ones).
    case outOfRange(Range<Int>, column: Int)
    /// A byte below the space that is neither a tab nor a carriage return at the line's end.
    case control(offset: Int, byte: UInt8)
    case secondHeader
}

/// Walks over whole lines of text and converts fields to numbers; the only code that reads through a raw pointer.
///
/// The text must end in a newline, which ends every inner loop without a bounds check.
struct FieldScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private var position = 0

    /// - Precondition: `text` is empty or ends in a newline, and outlives the scanner.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        precondition(text.isEmpty || text.last == Character.newline)
        bytes = text
        end = text.count
    }

    private enum Character {
        static let newline = UInt8(ascii: "\n")
        static let comment = UInt8(ascii: "#")
        static let space = UInt8(ascii: " ")
        static let tab = UInt8(ascii: "\t")
        static let carriageReturn = UInt8(ascii: "\r")
        static let zero = UInt8(ascii: "0")
        static let point = UInt8(ascii: ".")
        static let plus = UInt8(ascii: "+")
        static let minus = UInt8(ascii: "-")
    }

    /// Parses all lines, up to the first invalid one.
    mutating func parse(_ layout: ColumnLayout) -> ParsedPiece {
        var piece = ParsedPiece()
        let firstLineLength = firstNewline()
        piece.values.reserveCapacity((end / max(1, firstLineLength) + 2) * layout.wantedCount)
        let row = UnsafeMutableBufferPointer<Double>.allocate(capacity: layout.wantedCount)
        row.initialize(repeating: 0)
        defer { row.deallocate() }

        layout.targets.withUnsafeBufferPointer { targets in
            while position < end {
                let start = position
                piece.lineCount += 1
                skipWhite()
                if bytes[position] == Character.newline || bytes[position] == Character.comment {
                    if let problem = parseComment(from: start, layout) {
                        piece.failure = (line: piece.lineCount, problem: problem)
                        return
                    }
                    piece.skips.append((row: piece.rowCount, lines: piece.lineCount - piece.rowCount))
                    continue
                }
                if let problem = parseLine(from: start, targets: targets, ranges: layout.ranges, into: row) {
                    piece.failure = (line: piece.lineCount, problem: problem)
                    return
                }
                piece.values.append(contentsOf: row)
                piece.rowCount += 1
            }
        }
        return piece
    }

    /// Parses the line whose first field is at the position; moves the position behind its newline.
    @inline(__always)
    private mutating func parseLine(
        from start: Int, targets: UnsafeBufferPointer<Int>, ranges: [ClosedRange<Double>],
        into row: UnsafeMutableBufferPointer<Double>
    ) -> LineProblem? {
        var field = 0
        while bytes[position] != Character.newline {
            guard bytes[position] > Character.space else {
                return .control(offset: position - start, byte: bytes[position])
            }
            guard field < targets.count else {
                return .tooManyFields(position - start..<endOfField() - start)
            }
            let target = targets[field]
            if target < 0 {
                if let problem = skipField(from: start) { return problem }
            } else {
                let first = position
                if let value = fastNumber() {
                    row[target] = value
                } else {
                    switch carefulNumber(from: start) {
                    case .success(let value): row[target] = value
                    case .failure(let problem): return problem.problem
                    }
                }
                guard ranges[target].contains(row[target]) else {
                    return .outOfRange(first - start..<position - start, column: target)
                }
            }
            field += 1
            skipWhite()
        }
        position += 1
        return field == targets.count ? nil : .tooFewFields(found: field)
    }

    private func firstNewline() -> Int {
        var index = 0
        while index < end, bytes[index] != Character.newline { index += 1 }
        return index
    }

    /// Skips spaces and tabs, and the carriage return of a line that ends with one before its newline.
    @inline(__always)
    private mutating func skipWhite() {
        while bytes[position] == Character.space || bytes[position] == Character.tab { position += 1 }
        if bytes[position] == Character.carriageReturn, bytes[position + 1] == Character.newline { position += 1 }
    }

    /// Skips the rest of a blank line or comment, which must be text and not a second header; moves the position behind
    /// its newline.
    private mutating func parseComment(from start: Int, _ layout: ColumnLayout) -> LineProblem? {
        let first = position
        while bytes[position] != Character.newline {
            let byte = bytes[position]
            let endsLine = byte == Character.carriageReturn && bytes[position + 1] == Character.newline
            guard byte >= Character.space || byte == Character.tab || endsLine else {
                return .control(offset: position - start, byte: byte)
            }
            position += 1
        }
        defer { position += 1 }
        return position > first && layout.isHeader(bytes[first..<position]) ? .secondHeader : nil
    }

    private func endOfField() -> Int {
        var index = position
        while bytes[index] > Character.space { index += 1 }
        return index
    }

    /// Skips an unwanted column; its bytes must still be text.
    @inline(__always)
    private mutating func skipField(from start: Int) -> LineProblem? {
        let first = position
        var seen: UInt8 = 0
        while bytes[position] > Character.space {
            seen |= bytes[position]
            position += 1
        }
        guard seen < 0x80 || text(first..<position) != nil else { return .notUTF8(first - start..<position - start) }
        return nil
    }

    private func text(_ range: Range<Int>) -> String? {
        String(validating: bytes[range], as: UTF8.self)
    }
}

extension FieldScanner {
    /// The number at the position, if one correctly rounded operation gives it: digits that form an integer of at most
    /// 2^53 and a power of ten of at most ±22 are both exact (W. D. Clinger, "How to read floating point numbers
    /// accurately", PLDI 1990). Nil, with the position unchanged, for everything else.
    @inline(__always)
    private mutating func fastNumber() -> Double? {
        var index = position
        let isNegative = bytes[index] == Character.minus
        if isNegative || bytes[index] == Character.plus { index += 1 }

        var digits: UInt64 = 0
        let firstDigit = index
        var digit = bytes[index] &- Character.zero
        while digit <= 9 {
            digits = digits &* 10 &+ UInt64(digit)
            index += 1
            digit = bytes[index] &- Character.zero
        }
        var digitCount = index - firstDigit
        var exponent = 0
        if bytes[index] == Character.point {
            index += 1
            let firstDecimal = index
            digit = bytes[index] &- Character.zero
            while digit <= 9 {
                digits = digits &* 10 &+ UInt64(digit)
                index += 1
                digit = bytes[index] &- Character.zero
            }
            exponent = firstDecimal - index
            digitCount -= exponent
        }
        // 19 digits cannot overflow 64 bits.
        guard digitCount > 0, digitCount <= 19, digits <= 1 << 53 else { return nil }
        if bytes[index] | 0x20 == UInt8(ascii: "e") {
            guard let written = shortExponent(at: &index) else { return nil }
            exponent += written
        }
        guard bytes[index] <= Character.space, exponent >= -22, exponent <= 22 else { return nil }
        position = index
        let magnitude =
            exponent < 0
            ? Double(digits) / Portable.exactPowersOfTen[-exponent]
            : Double(digits) * Portable.exactPowersOfTen[exponent]
        return isNegative ? -magnitude : magnitude
    }

    /// The one to three digits of an exponent after its `e`.
    private func shortExponent(at index: inout Int) -> Int? {
        index += 1
        let isNegative = bytes[index] == Character.minus
        if isNegative || bytes[index] == Character.plus { index += 1 }
        var value = 0
        let first = index
        while case let digit = bytes[index] &- Character.zero, digit <= 9 {
            guard index - first < 3 else { return nil }
            value = value * 10 + Int(digit)
            index += 1
        }
        return index == first ? nil : (isNegative ? -value : value)
    }

    private struct Unreadable: Error {
        let problem: LineProblem
    }

    /// The number at the position, by the standard library, which rounds correctly; or why it is invalid.
    private mutating func carefulNumber(from start: Int) -> Result<Double, Unreadable> {
        let range = position..<endOfField()
        let place = range.lowerBound - start..<range.upperBound - start
        guard let text = text(range) else { return .failure(Unreadable(problem: .notUTF8(place))) }
        let isDecimal = text.utf8.allSatisfy { byte in
            byte &- Character.zero <= 9 || byte == Character.point || byte == Character.plus
                || byte == Character.minus || byte | 0x20 == UInt8(ascii: "e")
        }
        if isDecimal, let value = Double(text) {
            guard value.isFinite else { return .failure(Unreadable(problem: .notFinite(place))) }
            position = range.upperBound
            return .success(value)
        }
        // Finally the spellings of infinities and NaNs, which Double(_:) accepts and a table must not contain.
        let isNotFinite = !isDecimal && Double(text).map { !$0.isFinite } ?? false
        return .failure(Unreadable(problem: isNotFinite ? .notFinite(place) : .notANumber(place)))
    }
}
