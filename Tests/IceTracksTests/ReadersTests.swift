import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import IceTracks

@Suite struct EventReadingTests {
    private let tenYear = "# MJD[days]  log10(E/GeV)   AngErr[deg]  RA[deg]  Dec[deg]  Azimuth[deg]   Zenith[deg]\n"
    private var modern: String { tenYear.replacing("# ", with: "# run event subevent ", maxReplacements: 1) }
    private let columns = "  54562.37911273  3.31  0.48  203.024  16.760  218.374  106.712\n"

    @Test func bothReleasesAreRead() throws {
        let folder = try ScratchFolder()
        let dr1 = try EventTable.read(
            folder.write(tenYear + columns), season: "IC40"
        ).file.events
        let dr2 = try EventTable.read(
            folder.write(modern + "110000 0 0" + columns), season: "IC40"
        ).file.events
        let shuffled = try EventTable.read(
            folder.write(
                "# Dec[deg] RA[deg] MJD[days] AngErr[deg] log10(E/GeV)\n16.760 203.024 54562.37911273 0.48 3.31"
            ),
            season: "IC40"
        ).file.events
        #expect(dr1 == dr2)
        #expect(dr1 == shuffled)
        #expect(dr1.count == 1)
        #expect(dr1.modifiedJulianDate == [54562.37911273])
        #expect(dr1.log10Energy == [3.31])
        #expect(dr1.angularError == [0.48 * (Double.pi / 180)])
        #expect(dr1.rightAscension == [203.024 * (Double.pi / 180)])
        #expect(dr1.declination == [16.76 * (Double.pi / 180)])
    }

    @Test(arguments: [
        ("54562.1 2041 0.48 203.024 16.760 1 1", ":3:9: log10(E/GeV) is \"2041\", but must lie in [-9, 20]"),
        ("54562.1 3.31 0.00 203.024 16.760 1 1", ":3:14: AngErr[deg] is \"0.00\", but must lie in [1e-05, 180]"),
        ("54562.1 3.31 -0.48 203.024 16.760 1 1", ":3:14: AngErr[deg] is \"-0.48\", but must lie in [1e-05, 180]"),
        ("54562.1 3.31 180.5 203.024 16.760 1 1", ":3:14: AngErr[deg] is \"180.5\", but must lie in [1e-05, 180]"),
        ("54562.1 3.31 0.48 360.5 16.760 1 1", ":3:19: RA[deg] is \"360.5\", but must lie in [0, 360]"),
        ("54562.1 3.31 0.48 -1e-3 16.760 1 1", ":3:19: RA[deg] is \"-1e-3\", but must lie in [0, 360]"),
        ("54562.1 3.31 0.48 1 91 1 1", ":3:21: Dec[deg] is \"91\", but must lie in [-90, 90]"),
        ("54562.1 3.31 0.48 1 NaN 1 1", ":3:21: \"NaN\" is not a finite number (column Dec[deg])"),
    ])
    func valuesOutOfRangeAreNamed(line: String, says: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write(tenYear + "54562.1 3.31 0.48 203.024 16.760 1 1\n" + line + "\n")
        #expect {
            try EventTable.read(file, season: "IC40")
        } throws: { "\($0)".hasPrefix(file + says) && ($0 as? Fault)?.kind == .badData }
    }
}

@Suite struct UptimeTests {
    /// Each row asks for its line, and there are as many comments as rows.
    @Test func commentsBetweenRowsAreLines() throws {
        let folder = try ScratchFolder()
        let header = "# log10(E_nu/GeV)_min log10(E_nu/GeV)_max Dec_nu_min[deg] Dec_nu_max[deg] A_Eff[cm^2]\n"
        let rows = (0..<100_000).map {
            "\(Double($0) / 1e4) \(Double($0 + 1) / 1e4) -90 90 \($0 == 99_999 ? -1 : 1)\n#\n"
        }
        let file = try folder.write(header + rows.joined())
        #expect {
            try EffectiveArea.read(file, configuration: "IC40")
        } throws: { "\($0)".hasPrefix("\(file):200000:") && "\($0)".contains("must lie in [0, 1000000000000]") }
    }

    @Test func windowsAreSortedAndSummed() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("# MJD_start[days]  MJD_stop[days]\n 20.5 21\n 10 12\n 12 13\n")
        let uptime = try Uptime.read(file, season: "IC40").uptime
        #expect(uptime.windows.map(\.start) == [10, 12, 20.5])
        #expect(uptime.livetimeDays == 3.5)
        #expect(uptime.livetimeSeconds == 3.5 * 86400)
        for (mjd, isInside) in [
            (9.99, false), (10, true), (12, true), (13, true), (13.01, false), (20.5, true), (21, true), (22, false),
        ] {
            #expect(uptime.contains(mjd: mjd) == isInside, "\(mjd)")
        }
    }

    /// The window that counts is the last one by start, even when an earlier one reaches further.
    @Test func onlyTheLatestWindowCounts() {
        let uptime = Uptime(windows: [.init(start: 0, stop: 10), .init(start: 2, stop: 3)])
        #expect(uptime.contains(mjd: 2.5))
        #expect(!uptime.contains(mjd: 5))
        #expect(!Uptime(windows: []).contains(mjd: 0))
    }

    @Test func timeThatWindowsHaveInCommonIsKnown() {
        let apart = Uptime(windows: [.init(start: 0, stop: 10), .init(start: 10, stop: 12)])
        #expect(apart.overlapDays == 0)
        // 2 to 3, and 5 to 10; the livetime counts both again.
        let uptime = Uptime(windows: [
            .init(start: 0, stop: 10), .init(start: 2, stop: 3), .init(start: 5, stop: 11),
        ])
        #expect(uptime.overlapDays == 6 && uptime.livetimeDays == 17)
    }

    @Test func aStopBeforeItsStartIsNamed() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("# MJD_start[days]  MJD_stop[days]\n10 11\n12 11.5\n")
        #expect {
            try Uptime.read(file, season: "IC40")
        } throws: { error in
            "\(error)".hasPrefix(
                file + ":3:4: MJD_stop[days] is \"11.5\", but the window starts at 12.0 and must not stop before"
            )
        }
    }
}

@Suite struct EffectiveAreaReadingTests {
    private static let header =
        "# log10(E_nu/GeV)_min log10(E_nu/GeV)_max Dec_nu_min[deg] Dec_nu_max[deg] A_Eff[cm^2]\n"
    private static let rows = [
        "2.0 2.2 -90 -30 0", "2.2 2.4 -90 -30 1.5", "2.4 2.5 -90 -30 2",
        "2.0 2.2 -30 90 3", "2.2 2.4 -30 90 4", "2.4 2.5 -30 90 5e1",
    ]

    private func read(_ rows: [String]) throws -> EffectiveArea {
        let folder = try ScratchFolder()
        let file = try folder.write(Self.header + rows.map { $0 + "\n" }.joined())
        return try EffectiveArea.read(file, configuration: "IC40").area
    }

    @Test func aFullTableIsRead() throws {
        let area = try read(Self.rows)
        #expect(area.log10EnergyEdges == [2, 2.2, 2.4, 2.5])
        #expect(area.declinationEdges == [-90, -30, 90].map { $0 * (Double.pi / 180) })
        #expect(area.area == [0, 1.5, 2, 3, 4, 50])
        #expect(area[declination: 1, energy: 2] == 50)
        // The other order of rows is the same table.
        #expect(try read([0, 3, 1, 4, 2, 5].map { Self.rows[$0] }) == area)
    }

    @Test(arguments: [
        ([0, 1, 2, 3, 5], ":6: expected the row of log10(E_nu/GeV) 2.2 to 2.4 and Dec_nu -30.0 to 90.0 deg"),
        ([0, 1, 2, 3, 4], ":6: the table ends after 5 rows, within a block of 3"),
        ([0, 1, 2, 4, 3, 5], ":5: expected the row of log10(E_nu/GeV) 2.0 to 2.2"),
        ([0, 2, 3, 4, 5], ":3:1: log10(E_nu/GeV)_min is \"2.4\", but the previous bin ends at 2.2"),
        (
            [1, 0, 2, 3, 4, 5],
            ":3:1: log10(E_nu/GeV)_min is \"2.0\", but must lie above the previous bin's lower edge 2.2"
        ),
        (
            [3, 4, 5, 0, 1, 2],
            ":5:9: Dec_nu_min[deg] is \"-90\", but must lie above the previous bin's lower edge -30.0"
        ),
    ])
    func rowsMissingOrOutOfOrderAreNamed(order: [Int], says: String) throws {
        #expect {
            try read(order.map { Self.rows[$0] })
        } throws: { error in
            let matches = "\(error)".contains("table.csv" + says)
            if !matches { Issue.record("\(error)") }
            return matches
        }
    }

    @Test func badValuesAreNamed() {
        #expect {
            try read(["2.0 2.2 -90 -30 -0.5"])
        } throws: { "\($0)".contains(":2:17: A_Eff[cm^2] is \"-0.5\", but must lie in [0, 1000000000000]") }
        #expect {
            try read(["2.2 2.2 -90 -30 1"])
        } throws: { error in
            "\(error)".contains(":2:5: log10(E_nu/GeV)_max is \"2.2\", but must lie above the bin's lower edge 2.2")
        }
    }
}
