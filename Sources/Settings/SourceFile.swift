import Diagnostics
import Files
import PointSource
import StrictYAML
import Yams

/// Reads a list of sources from a table in CSV, or in ECSV, Astropy's form of it.
///
/// The first line that is not a comment names the columns: ra and dec, and optionally name, weight and reference, in any
/// order and case; others are ignored. Fields are separated by commas, by tabs, or, in a header without either, by spaces;
/// quotation marks may surround a field. Coordinates are in degrees or sexagesimal. Lines that begin with `#` are comments;
/// those of ECSV state the units of columns, which are checked.
struct SourceFile {
    private let path: String
    /// What separates fields; nil for spaces.
    private var separator: Character?
    /// The positions of the known columns.
    private var positions: [Column: Int] = [:]
    private var fieldCount = 0

    private enum Column: String, CaseIterable { case name, ra, dec, weight, reference }

    /// In bytes: some ten thousand sources with many other columns.
    private static let largestSize = 16 << 20

    /// - Throws: as ``SourceList/init(contentsOf:)``.
    static func items(of path: String) throws(Fault) -> [SourceList.Item] {
        var file = SourceFile(path: path)
        return try file.read()
    }

    private init(path: String) { self.path = path }

    private mutating func read() throws(Fault) -> [SourceList.Item] {
        let bytes = try OpenFile.contents(of: path, atMost: Self.largestSize, "a list of sources")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(.badData, at: .file(path), "is not a text in UTF-8", remedy: "give a table in CSV or ECSV")
        }
        let byteOrderMark: Character = "\u{FEFF}"
        let lines = text.drop { $0 == byteOrderMark }
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var items: [SourceList.Item] = []
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) && line.first != "#" {
            if fieldCount == 0 {
                try readHeader(line, number: index + 1, comments: lines[..<index])
            } else {
                items.append(try item(line, number: index + 1))
            }
        }
        guard !items.isEmpty else {
            throw Fault(
                .badData, at: .file(path), "lists no sources", remedy: "give a header line, and a line for each source")
        }
        return items
    }

    private func fault(_ line: Int, _ problem: String, _ remedy: String?) -> Fault {
        Fault(.badData, at: .line(file: path, line: line), problem, remedy: remedy)
    }

    // MARK: The header

    private mutating func readHeader(_ line: Substring, number: Int, comments: ArraySlice<Substring>) throws(Fault) {
        separator = line.contains(",") ? "," : line.contains("\t") ? "\t" : nil
        let names = try fields(of: line, number)
        for (position, name) in names.enumerated() {
            guard let column = Column(rawValue: name.lowercased()) else { continue }
            guard positions.updateValue(position, forKey: column) == nil else {
                throw fault(number, "the header names the column \(column.rawValue) twice", "remove one of them")
            }
        }
        for column in [Column.ra, .dec] where positions[column] == nil {
            throw fault(
                number, "the header \"\(line.prefix(60))\" does not name a column \(column.rawValue)",
                "begin the file with the names of its columns, as in name,ra,dec,weight")
        }
        fieldCount = names.count
        try checkUnits(comments, names)
    }

    /// Checks the units in ECSV's header, which is YAML behind `# `.
    private func checkUnits(_ comments: ArraySlice<Substring>, _ names: [String]) throws(Fault) {
        guard comments.first?.hasPrefix("# %ECSV") == true else { return }
        // Lines and columns stay where they are, for messages.
        let yaml = comments.map { $0.hasPrefix("# %") || $0.hasPrefix("# ---") ? "" : " " + $0.dropFirst() }
        let root = try YAMLDocument.compose(yaml.joined(separator: "\n"), file: path)
        for column in root?.mapping?["datatype"]?.sequence ?? [] {
            guard let name = column.mapping?["name"]?.string, let known = Column(rawValue: name.lowercased()),
                known == .ra || known == .dec, let unit = column.mapping?["unit"]
            else { continue }
            let text = unit.string ?? unit.mapping?["unit"]?.string ?? ""
            guard ["deg", "degree"].contains(text) else {
                throw fault(
                    unit.mark?.line ?? 1, "the column \(name) is in \"\(text)\"",
                    "convert it to degrees (unit: deg), or write sexagesimal texts without a unit")
            }
        }
    }

    // MARK: Rows

    private func item(_ line: Substring, number: Int) throws(Fault) -> SourceList.Item {
        let fields = try fields(of: line, number)
        guard fields.count == fieldCount else {
            throw fault(
                number,
                "the line has \(fields.count) fields, but the header names \(fieldCount): \"\(line.prefix(60))\"",
                "write a field for each column, in quotation marks if it contains a separator")
        }
        let place = Fault.Place.line(file: path, line: number)
        func text(_ column: Column) throws(Fault) -> String? {
            guard let position = positions[column], !fields[position].isEmpty else { return nil }
            let text = fields[position]
            guard text == text.withoutControls else {
                throw fault(number, "the \(column.rawValue) contains a control character", "remove it")
            }
            return text
        }
        func located<Value>(_ body: () throws(Fault) -> Value) throws(Fault) -> Value {
            do throws(Fault) {
                return try body()
            } catch {
                throw fault(number, error.problem, error.remedy)
            }
        }
        var layer = ConfigurationLayer()
        layer.set(\.sourceName, try text(.name), at: place)
        let (ra, dec) = try located { () throws(Fault) in
            let ra = try skyCoordinate(try text(.ra) ?? "", .rightAscension)
            let dec = try skyCoordinate(try text(.dec) ?? "", .declination)
            do {
                _ = try Source(rightAscensionDegrees: ra, declinationDegrees: dec)
            } catch let fault as Fault {
                throw fault
            } catch {
                throw Fault(.badData, "\(error)")
            }
            return (ra, dec)
        }
        layer.set(\.rightAscension, ra, at: place)
        layer.set(\.declination, dec, at: place)
        layer.set(\.positionReference, try text(.reference), at: place)
        guard positions[.weight] != nil else { return SourceList.Item(layer: layer, weight: nil) }
        let weightText = try text(.weight) ?? ""
        guard let weight = decimalNumber(weightText) else {
            throw fault(number, "the weight \"\(weightText)\" is not a number", "give a finite number from 0")
        }
        try located { () throws(Fault) in try SourceList.check(weight: weight) }
        return SourceList.Item(layer: layer, weight: weight)
    }

    /// The fields of a line, without the spaces and quotation marks around them.
    private func fields(of line: Substring, _ number: Int) throws(Fault) -> [String] {
        var fields: [String] = []
        var rest = line
        func dropBlanks() { rest = rest.drop { $0 != separator && $0.isWhitespace } }
        dropBlanks()
        while true {
            var field = ""
            if rest.first == "\"" {
                rest.removeFirst()
                field = try quoted(&rest, number)
                let next = rest.first
                dropBlanks()
                guard rest.isEmpty || rest.first == separator || (separator == nil && next?.isWhitespace == true) else {
                    throw fault(
                        number, "the field \"\(field)\" goes on behind its closing quotation mark",
                        "write two quotation marks for one within a field")
                }
            } else {
                let end = rest.firstIndex { separator == nil ? $0.isWhitespace : $0 == separator } ?? rest.endIndex
                field = String(rest[..<end])
                while field.last?.isWhitespace == true { field.removeLast() }
                rest = rest[end...]
                dropBlanks()
            }
            fields.append(field)
            guard !rest.isEmpty else { return fields }
            if separator != nil {
                rest.removeFirst()
                dropBlanks()
            }
        }
    }

    /// The text up to the closing quotation mark; two quotation marks stand for one.
    private func quoted(_ rest: inout Substring, _ number: Int) throws(Fault) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character != "\"" {
                text.append(character)
            } else if rest.first == "\"" {
                text.append("\"")
                rest.removeFirst()
            } else {
                return text
            }
        }
        throw fault(
            number, "the field \"\(text.prefix(60))\" has no closing quotation mark",
            "close it on the same line, or write two quotation marks for one")
    }
}
