import Diagnostics
import TestSupport
import Testing

@testable import IceTracks

@Suite struct TableReaderTests {
    /// All values of a table with columns `a` and `b`, row-major.
    private func read(_ file: String) throws -> [Double] {
        var values: [Double] = []
        _ = try TableReader(file: file, purpose: "numbers", columns: ["a", "b"]).read { values += $0.values }
        return values
    }

    @Test func columnsAreFoundByName() throws {
        let folder = try ScratchFolder()
        #expect(try read(folder.write("# a b\n1 2\n3 4\n")) == [1, 2, 3, 4])
        #expect(try read(folder.write("#b x a\n1 word 2\n3 ünï 4\n")) == [2, 1, 4, 3])
        #expect(try read(folder.write("#  a\tb\r\n\t1\t2 \r\n\r\n# note\r\n3 4")) == [1, 2, 3, 4])
    }

    @Test func numbersAreRoundedCorrectly() throws {
        let texts = [
            "54562.37911273", "0.1", "-0.0", "+3", "1e22", "1e23", "123456789012345678901234567890", "9007199254740993",
            "1.7976931348623157e308", "4.9406564584124654e-324", "2.2250738585072011e-308", "1e-30", ".5", "5.",
            "0.000000000000000000000000000000000000000000001", "1E5", "6.02214076e+23", "1e0022",
        ]
        let folder = try ScratchFolder()
        let values = try read(folder.write("# a b\n" + texts.map { "\($0) 0\n" }.joined()))
        for (index, text) in texts.enumerated() {
            #expect(values[2 * index].bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }

    /// Long enough for several waves of several pieces: every row arrives once, in order.
    @Test func longFilesAreReadInPieces() throws {
        let folder = try ScratchFolder()
        let count = 60_000
        let text =
            "# b a\n" + (0..<count).map { "\($0).5 \($0) \n" + ($0 % 1000 == 7 ? "\n" : "") }.joined()
            + String(repeating: "# comment line to fill the file\n", count: 160_000)
        let file = try folder.write(text)
        var expected = 0.0
        let reader = TableReader(file: file, purpose: "numbers", columns: ["a", "b"])
        var lines: [Int] = []
        _ = try reader.read { block in
            for row in 0..<block.rowCount {
                guard block[row, 0] == expected, block[row, 1] == expected + 0.5 else {
                    Issue.record("row \(expected)")
                    return
                }
                if expected == 0 || expected == 1008 || expected == 50_000 { lines.append(block.line(ofRow: row)) }
                expected += 1
            }
        }
        #expect(expected == Double(count))
        #expect(lines == [2, 1012, 50_052])
    }

    @Test func digestIsThatOfTheFile() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("# a b\n1 2\n")
        let digest = try TableReader(file: file, purpose: "numbers", columns: ["a", "b"]).read { _ in }
        #expect(digest.sha256 == "cf25d8487973e0e7b1a34ca7c052cf59434724667c16d755b514cfff7c454cec")
    }

    private static let malformed: [(text: String, says: String)] = [
        ("", ":1: the file is empty"),
        ("# a b\n", ":2: the file has a header but no rows"),
        ("a b\n1 2\n", ":1: the first line is \"a b\", but must be a header that begins with \"#\""),
        ("\n1 2\n", ":1: the first line is empty"),
        ("# a c\n1 2\n", ":1: the header lacks the column \"b\"; it has a, c"),
        ("# a b b\n1 2 3\n", ":1: the header names the column \"b\" 2 times"),
        ("#\n1 2\n", ":1: the header lacks the column \"a\"; it has no columns"),
        ("# a b\n1 2\n1 word\n", ":3:3: \"word\" is not a number (column b)"),
        ("# a b\n1 2\n  1.2.3 4\n", ":3:3: \"1.2.3\" is not a number (column a)"),
        ("# a b\n1 1e\n", ":2:3: \"1e\" is not a number (column b)"),
        ("# a b\n1 0x10\n", ":2:3: \"0x10\" is not a number"),
        ("# a b\n1 -\n", ":2:3: \"-\" is not a number"),
        ("# a b\n1,2\n", ":2:1: \"1,2\" is not a number (column a). Separate fields by spaces, not commas."),
        ("# a b\n1 nan\n", ":2:3: \"nan\" is not a finite number (column b)"),
        ("# a b\n-inf 2\n", ":2:1: \"-inf\" is not a finite number (column a)"),
        ("# a b\n1 1e999\n", ":2:3: \"1e999\" is not a finite number"),
        ("# a b\n1 2\n\n3\n4 5\n", ":4: the line has 1 fields, but the header names 2: \"3\""),
        ("# a b\n1 2 3\n", ":2:5: the line has more fields than the 2 that the header names, from \"3\" on"),
        ("# a b\n1 2\n3", ":3: the file ends within this line: \"3\" has 1 of 2 fields"),
        ("# a b\n1 2\n3 4e", ":3: the file ends within this line: \"3 4e\""),
        ("# x a b\nü 1 w\n", ":2:5: \"w\" is not a number (column b)"),
    ]

    @Test(arguments: malformed.indices)
    func malformedTextIsNamed(index: Int) throws {
        let (text, says) = Self.malformed[index]
        let folder = try ScratchFolder()
        let file = try folder.write(text)
        #expect {
            try read(file)
        } throws: { error in
            let fault = error as? Fault
            let matches = fault?.kind == .badData && "\(error)".hasPrefix(file + says)
            if !matches { Issue.record("\(error)") }
            return matches
        }
    }

    @Test func bytesThatAreNoTextAreNamed() throws {
        let folder = try ScratchFolder()
        for (bytes, says) in [
            (Array("# a b\n1 ".utf8) + [0xff, 0x32, 0x0a], ":2:3: \"\u{FFFD}2\" is not UTF-8 text"),
            (Array("# a x b\n1 ".utf8) + [0xc3, 0x20, 0x32, 0x0a], ":2:3: \"\u{FFFD}\" is not UTF-8 text"),
            (Array("# a ".utf8) + [0x80] + Array(" b\n1 2 3\n".utf8), ":1: the header is not UTF-8 text"),
            (Array("PK".utf8) + [3, 4, 0x0a, 0], ":1: the first line is \"PK"),
        ] {
            let file = try folder.write(bytes)
            #expect { try read(file) } throws: { "\($0)".hasPrefix(file + says) }
        }
    }

    @Test func missingFilesAreNamed() throws {
        let folder = try ScratchFolder()
        #expect {
            try read(folder.path + "/none.csv")
        } throws: { error in
            (error as? Fault)?.kind == .missingInput
                && "\(error)".hasPrefix(
                    folder.path + "/none.csv: the file does not exist; it should contain the numbers.")
        }
        try folder.write("a\tb", to: "none.tab")
        #expect { try read(folder.path + "/none.csv") } throws: { "\($0)".contains("format=original") }
        #expect { try read(folder.path) } throws: {
            ($0 as? Fault)?.kind == .missingInput && "\($0)".hasPrefix(folder.path + ": is a folder")
        }
    }
}
