import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import IceTracks

/// Files that can be parsed and are wrong: docs/robustness.md, "Wrong data".
@Suite struct DamagedFilesTests {
    private static let header = "# run event subevent MJD[days] log10(E/GeV) AngErr[deg] RA[deg] Dec[deg]\n"

    /// Events one an hour from MJD 54562 on, from a given number on.
    private static func rows(_ numbers: Range<Int>) -> String {
        numbers.map { n in
            "110000 \(n) 0 \(54562 + Double(n) / 24) 3.\(n % 90 + 10) 0.5 \(n * 37 % 360) \(n * 17 % 90)\n"
        }.joined()
    }

    private func events(_ text: String) throws -> (file: EventFile, digest: FileDigest) {
        try withScratchFolder { try EventTable.read($0.write(text), season: "IC40") }
    }

    @Test(
        "Control bytes are refused with their place",
        arguments: [
            ("\u{0}\u{0}\u{0}", ":3:1: the line contains the control byte 0"),
            ("1 2 0 54562 3 0.5 \u{0}10 20", ":3:19: the line contains the control byte 0"),
            ("1 2 0 54562 3 0.5\u{B}10 20", ":3:18: the line contains the control byte 11"),
            ("1 2 0 54562 3 0.5 10 20\u{1A}", ":3:24: the line contains the control byte 26"),
            ("# a comment \u{0} swallows", ":3:13: the line contains the control byte 0"),
            ("1 2 0 54562 3 0.5 10 20\r1 3 0 54562 3 0.5 10 20", ":3:24: there is a carriage return within the line"),
        ])
    func controlBytes(line: String, says: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.header + Self.rows(0..<1) + line + "\n" + Self.rows(1..<3))
        expectFault(.badData, file + says) { _ = try EventTable.read(file, season: "IC40") }
    }

    @Test("A stretch of zeros over rows is found wherever it begins", arguments: [0, 1, 17, 40, 63])
    func zeroFilled(offset: Int) throws {
        var bytes = Array((Self.header + "# note\n" + Self.rows(0..<60)).utf8)
        let start = Self.header.utf8.count + offset
        for i in start..<start + 400 { bytes[i] = 0 }
        let folder = try ScratchFolder()
        let file = try folder.write(bytes)
        expectFault(.badData, "the line contains the control byte 0") { _ = try EventTable.read(file, season: "IC40") }
    }

    @Test("Zeros after the last row are no line that was cut")
    func zerosAtTheEnd() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(Array((Self.header + Self.rows(0..<3)).utf8) + [UInt8](repeating: 0, count: 400))
        expectFault(.badData, file + ":5:1: the line contains the control byte 0") {
            _ = try EventTable.read(file, season: "IC40")
        }
    }

    @Test(
        "The first line says what is wrong with it",
        arguments: [
            ("\u{FEFF}" + header + rows(0..<2), "byte order mark"),
            (header.replacing("\n", with: "\r") + rows(0..<2).replacing("\n", with: "\r"), "carriage return"),
            (header.replacing(" ", with: ",") + rows(0..<2), "separate the names by spaces, not commas"),
            (header.replacing("RA", with: "\u{1}RA") + rows(0..<2), "control byte 1"),
        ])
    func headers(text: String, says: String) throws {
        expectFault(.badData, ":1", says.first!.isUppercase ? says : String(says.dropFirst())) { _ = try events(text) }
    }

    @Test func secondHeadersAreRefused() throws {
        let file = Self.header + Self.rows(0..<5)
        expectFault(.badData, ":7: there is a second header") { _ = try events(file + file) }
        // Another release's header names other columns, and yet is one.
        expectFault(.badData, ":7: there is a second header") {
            _ = try events(file + "#  MJD[days] log10(E/GeV)\n" + Self.rows(5..<6))
        }
        #expect(try events(file + "# Dec[deg] is that of J2000\n" + Self.rows(5..<6)).file.events.count == 6)
    }

    @Test func missingFinalNewlineIsToldAndRead() throws {
        let whole = try events(Self.header + Self.rows(0..<5))
        let cut = try events(String((Self.header + Self.rows(0..<5)).dropLast()))
        #expect(whole.digest.warnings.isEmpty && cut.digest.warnings.count == 1)
        #expect(cut.file.events == whole.file.events)
    }

    @Test(
        "Values that no detector reports are refused",
        arguments: [
            ("1 2 0 2454562.5 3 0.5 10 20", ":2:7: MJD[days] is \"2454562.5\"", "Julian Date minus 2400000.5"),
            ("1 2 0 1223424000 3 0.5 10 20", ":2:7: MJD[days]", "Modified Julian Date"),
            ("1 2 0 54562 3 1e-300 10 20", ":2:15: AngErr[deg] is \"1e-300\"", "angular uncertainty"),
            ("1 2 0 54562 3 9e-6 10 20", ":2:15: AngErr[deg]", "must lie in [1e-05, 180]"),
            ("1 2 0 54562 3 0.5 1\u{A0}0 20", ":2:19", "non-breaking"),
            ("1 -2 0 54562 3 0.5 10 20", ":2:3: event is \"-2\"", "not negative"),
        ])
    func impossibleEvents(line: String, says: String, remedy: String) throws {
        expectFault(.badData, says, remedy) { _ = try events(Self.header + line + "\n") }
    }

    @Test func radiansAreNotDegrees() throws {
        let rows = (0..<40).map { "1 \($0) 0 54562.\($0) 3 0.01 \(Double($0) / 7) \(Double($0) / 26)\n" }.joined()
        expectFault(.badData, "in radians") { _ = try events(Self.header + rows) }
    }

    // MARK: - Seasons

    private func season(_ name: String, _ text: String, days: [ClosedRange<Double>]) throws -> (Season, EventKeys) {
        let file = try events(text).file
        let windows = days.map { Uptime.Window(start: $0.lowerBound, stop: $0.upperBound) }
        return (Season(name: name, events: file.events, uptime: Uptime(windows: windows)), file.keys)
    }

    private func check(_ seasons: [(Season, EventKeys)]) throws(Fault) -> [String] {
        let definition = DatasetDefinition(
            name: "IC86", seasons: seasons.map { SeasonFiles(name: $0.0.name) }, configuration: "IC86",
            effectiveAreaFile: "", smearingFile: "", sinDeclination: BinSpecification([]),
            log10Energy: BinSpecification([]), cutSmoothing: 0, cutThreshold: 0)
        return try Dataset.check(definition, seasons.map(\.0), keys: seasons.map(\.1)) { $0 }
    }

    @Test func repeatedEventsAreCountedAndRefusedAboveOnePerCent() throws {
        let all = 54000.0...56000
        let few = try season("A", Self.header + Self.rows(0..<500) + Self.rows(3..<8), days: [all])
        let warnings = try check([few])
        #expect(warnings.count == 1 && warnings[0].contains("5 of 505 events repeat others"))
        let many = try season("A", Self.header + Self.rows(0..<500) + Self.rows(3..<9), days: [all])
        expectFault(.badData, "events/A_exp.csv", "6 of 506 events repeat") { _ = try check([many]) }
        // The same file under two names, and copies with other run numbers or other values.
        let one = try season("A", Self.header + Self.rows(0..<100), days: [all])
        expectFault(.badData, "100 of 200 events", "A, A") { _ = try check([one, one]) }
        let renumbered = Self.rows(0..<100).replacing("110000 ", with: "120000 ")
        expectFault(.badData, "100 of 200") {
            _ = try check([try season("A", Self.header + Self.rows(0..<100) + renumbered, days: [all])])
        }
        let moved = Self.rows(0..<100).replacing(" 0.5 ", with: " 0.6 ")
        expectFault(.badData, "100 of 200") {
            _ = try check([try season("A", Self.header + Self.rows(0..<100) + moved, days: [all])])
        }
        #expect(try check([one]).isEmpty)
    }

    @Test func eventsOfAnotherSeasonAreRefused() throws {
        let text = Self.header + Self.rows(0..<480)
        let (own, keys) = try season("A", text, days: [54562...54582])
        #expect(own.eventsOutsideUptime == 0 && own.uptimeShare == 1)
        expectFault(.badData, "events/B_exp.csv", "480 of 480 events lie outside the uptime of B") {
            _ = try check([(own, keys), try season("B", text, days: [54700...54800])])
        }
        let (half, halfKeys) = try season("A", text, days: [54566...54582])
        #expect(half.uptimeShare == 0.8)
        #expect(try check([(half, halfKeys)]).isEmpty)
        let told = Dataset.warnings("IC86", [half], half.uptime, dropped: half.eventsOutsideUptime)
        #expect(told.count == 1 && told[0].contains("96 of 480 events lie outside the season's uptime"))
    }

    @Test func nestedWindowsThatDropEventsAreTold() throws {
        let (season, _) = try season("A", Self.header + Self.rows(0..<480), days: [54562...54582, 54563...54564])
        let dropped = season.events.modifiedJulianDate.count { !season.uptime.contains(mjd: $0) }
        #expect(dropped == 431 && season.eventsOutsideUptime == 0)
        let told = Dataset.warnings("IC86", [season], season.uptime, dropped: dropped)
        #expect(told.contains { $0.contains("431 events are excluded because an uptime window") })
    }
}
