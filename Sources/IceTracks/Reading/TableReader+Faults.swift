import Diagnostics
import Files

extension TableReader {
    /// The fault for an invalid line of text.
    ///
    /// - Parameter layout: nil for a fault of the header line itself.
    func fault(_ problem: LineProblem, line: Int, layout: ColumnLayout?, truncated: Bool) -> Fault {
        let bytes = contents(ofLine: line)
        let count = layout?.targets.count ?? 0
        let isControl = if case .control = problem { true } else { false }
        if truncated, !isControl {
            let found: Int? = if case .tooFewFields(let found) = problem { found } else { nil }
            return Fault(
                .badData, at: .line(file: file, line: line),
                "the file ends within this line: \"\(Self.excerpt(bytes))\""
                    + (found.map { " has \($0) of \(count) fields" } ?? ""),
                remedy: "the file is truncated; download the \(purpose) again"
            )
        }
        func place(_ offset: Int) -> Fault.Place { self.place(line: line, bytes: bytes, offset: offset) }
        switch problem {
        case .tooFewFields(let found):
            return Fault(
                .badData, at: .line(file: file, line: line),
                "the line has \(found) fields, but the header names \(count): \"\(Self.excerpt(bytes))\"",
                remedy: "give every line one field for each column"
            )
        case .tooManyFields(let range):
            return Fault(
                .badData, at: place(range.lowerBound),
                "the line has more fields than the \(count) that the header names, from \"\(text(bytes, range))\" on",
                remedy: "give every line one field for each column"
            )
        case .notANumber(let range):
            let text = text(bytes, range)
            return Fault(
                .badData, at: place(range.lowerBound),
                "\"\(text)\" is not a number\(columnName(bytes, range.lowerBound, layout))",
                remedy: text.contains(",")
                    ? "separate fields by spaces, not commas"
                    : text.unicodeScalars.contains { $0.value > 0x7F && $0.properties.isWhitespace }
                        ? "separate fields by ordinary spaces; there is a non-breaking space"
                        : "give a decimal number"
            )
        case .outOfRange(let range, let column):
            let (lowest, highest) = (columns[column].range.lowerBound, columns[column].range.upperBound)
            return Fault(
                .badData, at: place(range.lowerBound),
                "\(columns[column].name) is \"\(text(bytes, range))\", but must lie in "
                    + "[\(shortest(lowest)), \(shortest(highest))]",
                remedy: columns[column].remedy
            )
        case .control(let offset, let byte):
            let isCarriageReturn = byte == UInt8(ascii: "\r")
            return Fault(
                .badData, at: place(offset),
                isCarriageReturn
                    ? "there is a carriage return within the line"
                    : "the line contains the control byte \(byte) (not text)",
                remedy: isCarriageReturn
                    ? "end lines with a newline: tr '\\r' '\\n'"
                    : "the file was damaged by a copy; download the \(purpose) again"
            )
        case .secondHeader:
            return Fault(
                .badData, at: .line(file: file, line: line),
                "there is a second header line: \"\(Self.excerpt(bytes))\"",
                remedy: "several files seem to have been joined; download the \(purpose) again"
            )
        case .notFinite(let range):
            return Fault(
                .badData, at: place(range.lowerBound),
                "\"\(text(bytes, range))\" is not a finite number\(columnName(bytes, range.lowerBound, layout))",
                remedy: "give a finite decimal number"
            )
        case .notUTF8(let range):
            return Fault(
                .badData, at: place(range.lowerBound),
                "\"\(text(bytes, range))\" is not UTF-8 text", remedy: "download the \(purpose) again"
            )
        }
    }

    /// A fault about a value in one of the wanted columns of a line; quotes the value as it is in the file.
    ///
    /// - Parameter requirement: what the value must be, as in `must be positive`.
    func fault(line: Int, column: Int, _ requirement: String, remedy: String? = nil) -> Fault {
        let bytes = contents(ofLine: line)
        let name = columns[column].name
        guard let layout = try? columnLayout(header: contents(ofLine: 1)),
            let field = layout.targets.firstIndex(of: column),
            case let fields = Self.fieldRanges(bytes), field < fields.count
        else {
            // The file has changed since it was read.
            return Fault(.badData, at: .line(file: file, line: line), "\(name) \(requirement)", remedy: remedy)
        }
        return Fault(
            .badData, at: place(line: line, bytes: bytes, offset: fields[field].lowerBound),
            "\(name) is \"\(text(bytes, fields[field]))\", but \(requirement)", remedy: remedy
        )
    }

    private func columnName(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ layout: ColumnLayout?) -> String {
        let ranges = Self.fieldRanges(bytes)
        guard let layout, let field = ranges.firstIndex(where: { $0.lowerBound == offset }),
            field < layout.targets.count,
            layout.targets[field] >= 0
        else { return "" }
        return " (column \(columns[layout.targets[field]].name))"
    }

    private func text(_ bytes: ArraySlice<UInt8>, _ range: Range<Int>) -> String {
        Self.excerpt(bytes.dropFirst(range.lowerBound).prefix(range.count))
    }

    /// Editors count characters, not bytes.
    private func place(line: Int, bytes: ArraySlice<UInt8>, offset: Int) -> Fault.Place {
        let column = String(decoding: bytes.prefix(offset), as: UTF8.self).count + 1
        return .column(file: file, line: line, column: column)
    }

    /// Byte ranges of a line's fields.
    private static func fieldRanges(_ line: ArraySlice<UInt8>) -> [Range<Int>] {
        line.split { $0 <= UInt8(ascii: " ") }.map {
            $0.startIndex - line.startIndex..<$0.endIndex - line.startIndex
        }
    }

    /// Reads a line again in order to quote it; empty if that fails.
    private func contents(ofLine line: Int) -> ArraySlice<UInt8> {
        guard let input = try? OpenFile.ofRelease(file, purpose: purpose) else { return [] }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var current = 1
        var found: ArraySlice<UInt8> = []
        while case let count = (try? buffer.withUnsafeMutableBytes { try input.fill($0) }) ?? 0, count > 0 {
            var start = 0
            while start < count {
                let newline = buffer[start..<count].firstIndex(of: UInt8(ascii: "\n"))
                if current == line { found += buffer[start..<(newline ?? count)] }
                guard let newline else { break }
                current += 1
                start = newline + 1
                if current > line { return found }
            }
        }
        return found
    }
}
