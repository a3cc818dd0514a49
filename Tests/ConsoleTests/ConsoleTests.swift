import ArgumentParser
import Diagnostics
import Foundation
import Testing

@testable import Console

@Suite("Console")
struct ConsoleTests {
    @Test("A table aligns names to the left and numbers to the right")
    func table() {
        var table = Table([.name("dataset"), .number("livetime", unit: "days")])
        table.add(["IC40", "376.36"])
        table.add(["IC86_I-XI", "3816.3"])
        #expect(
            table.text == """
                dataset    livetime
                             [days]
                ---------  --------
                IC40         376.36
                IC86_I-XI    3816.3

                """)
        var list = Table()
        list.add("TS", "29.154")
        list.add("n_s", "80.1", "events")
        #expect(list.text == "TS   29.154\nn_s    80.1  events\n")
    }

    @Test("A table is never wider than 80 columns; names give way")
    func wideTable() {
        var table = Table([.name("name"), .number("number"), .name("note")])
        table.add([String(repeating: "a", count: 100), "12345.678", String(repeating: "b", count: 60)])
        let lines = table.text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.last?.contains("12345.678") == true)
        #expect(lines.last?.contains("…") == true)
    }

    @Test("JSON keeps the order of keys, numbers their last bit, and has no numbers that JSON has not")
    func json() throws {
        let value: JSONValue = [
            "z": .number(0.1 + 0.2), "a": .integer(Int64.max), "text": "a\"b\\c\n\u{1}", "no": .number(.nan),
            "list": .numbers([1, 3.08e-17, -.infinity]), "empty": .array([]), "object": .object([]),
            "nested": .array([["k": true]]), "null": nil,
        ]
        #expect(
            value.description == """
                {
                  "z": 0.30000000000000004,
                  "a": 9223372036854775807,
                  "text": "a\\"b\\\\c\\n\\u0001",
                  "no": null,
                  "list": [1.0, 3.08e-17, null],
                  "empty": [],
                  "object": {},
                  "nested": [
                    {
                      "k": true
                    }
                  ],
                  "null": null
                }
                """)
        _ = try JSONSerialization.jsonObject(with: Data(value.description.utf8))
    }

    private struct Command: ParsableCommand {
        @Option var number: Int = 0
        func run() throws {}
    }

    private func ending(_ arguments: [String]) -> CommandRunner.Ending? {
        do {
            var command = try Command.parseAsRoot(arguments)
            try command.run()
            return nil
        } catch {
            return CommandRunner.Ending(error, of: Command.self)
        }
    }

    @Test("Exit codes: a fault's kind, 64 for the command line, 0 for help, 70 for the rest")
    func endings() throws {
        let fault = Fault(.badData, at: .file("x"), "is no table", remedy: "use another")
        let faultEnding = CommandRunner.Ending(fault, of: Command.self)
        #expect(faultEnding.text == "error: x: is no table. Use another." && faultEnding.code == 65)
        let usage = try #require(ending(["--number", "x"]))
        #expect(usage.code == 64 && usage.text.hasPrefix("error: The value 'x' is invalid"))
        #expect(ending(["--nubmer", "1"])?.code == 64)
        #expect(ending(["--help"])?.code == 0)
        #expect(CommandRunner.Ending(ExitCode(143), of: Command.self).code == 143)
        struct Surprise: Error {}
        #expect(CommandRunner.Ending(Surprise(), of: Command.self).code == 70)
    }

    /// Collects what a progress writes.
    private final class Lines: @unchecked Sendable {
        private let lock = NSLock()
        private var collected: [String] = []
        var all: [String] { lock.withLock { collected } }
        func add(_ text: String) { lock.withLock { collected.append(text) } }
    }

    @Test("Progress writes in place on a terminal, nothing elsewhere, lines when asked for")
    func progress() {
        for (isTerminal, style, isShown) in [
            (true, Console.Progress.Style.automatic, true), (false, .automatic, false), (false, .always, true),
            (true, .never, false),
        ] {
            let lines = Lines()
            let progress = Console.Progress(
                "mu 5", unit: "trials", total: 1000, style: style, isTerminal: isTerminal, columns: { nil },
                write: { lines.add($0) })
            DispatchQueue.concurrentPerform(iterations: 100) { _ in progress.advance(by: 10) }
            progress.finish()
            let text = lines.all.joined()
            #expect(text.isEmpty == !isShown)
            #expect(!isShown || text.contains("1000/1000 trials (100 %)"))
            #expect(text.contains("\r") == (isTerminal && isShown))
            // Not a line for each of the hundred steps.
            #expect(lines.all.count < 50)
        }
    }

    @Test("In place, a line of progress never fills the terminal's width")
    func narrowTerminal() {
        let lines = Lines()
        let progress = Console.Progress(
            "mu 5", unit: "trials", total: 1000, style: .automatic, isTerminal: true, columns: { 20 },
            write: { lines.add($0) })
        progress.advance(by: 500)
        progress.finish()
        #expect(lines.all.first?.contains("500/1000") == true)
        #expect(lines.all.allSatisfy { $0.count <= 20 && $0.hasPrefix("\r") || $0 == "\n" }, "\(lines.all)")
    }

    @Test("A line of progress has rate and time left")
    func progressLine() {
        #expect(
            Console.Progress.line(label: "mu 5", unit: "trials", done: 500, total: 2000, seconds: 10)
                == "mu 5: 500/2000 trials (25 %), 50.0/s, 30 s left")
        #expect(
            Console.Progress.line(label: "x", unit: "rows", done: 7, total: 0, seconds: 2).hasPrefix(
                "x: 7 rows, 3.50/s"))
    }
}
