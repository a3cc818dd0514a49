import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import IceTracks

@Suite struct SampleReaderTests {
    static let valid = """
        name: Mine
        folder: mine
        angular_error_floor: 0.2
        columns: {ra: {name: RA, unit: rad}, energy: {name: E, unit: TeV}, time: JD}
        datasets:
          - name: A
            seasons: [A1, {name: A2, events: data/a2.txt, uptime: data/a2.up}]
            responses: IC86
            sin_dec: [{from: -1, to: 0, bins: 4}, {from: 0, to: 1, bins: 2}]
            log10_energy: [2, 3, 4.5, 5, 9]
            cut: {smoothing: 0.25, threshold: 1e-4}
          - name: B
            seasons: [B]
            effective_area: r/b.area
            smearing: r/b.smearing
            sin_dec: {from: -1, to: 1, bins: 3}
            log10_energy: {from: 2, to: 9, bins: 56}
            cut: {smoothing: 0.1, threshold: 0}
            angular_error_floor: 0.5
            columns: {}
        """

    private func sample(_ text: String) throws -> Sample { try SampleReader(file: "s.yaml").read(text) }

    @Test func everyKeyIsRead() throws {
        let sample = try sample(Self.valid)
        #expect(sample.name == "Mine" && sample.defaultFolder == "mine" && !sample.isBuiltIn)
        #expect(sample.datasetNames == ["A", "B", "A1", "A2"])
        let (a, b) = (sample.datasets[0], sample.datasets[1])
        #expect(a.eventFiles == ["events/A1_exp.csv", "data/a2.txt"])
        #expect(a.uptimeFiles == ["uptime/A1_exp.csv", "data/a2.up"])
        #expect(a.effectiveAreaFile == "irfs/IC86_effectiveArea.csv" && a.configuration == "IC86")
        #expect(a.sinDeclinationEdges == [-1, -0.75, -0.5, -0.25, 0, 0.5, 1])
        #expect(a.log10EnergyEdges == [2, 3, 4.5, 5, 9])
        #expect(a.cutSmoothing == 0.25 && a.cutThreshold == 1e-4 && a.angularErrorFloorDegrees == 0.2)
        #expect(a.columns.rightAscension == .init("RA", .radians) && a.columns.energy == .init("E", .teraElectronvolts))
        #expect(
            a.columns.time == .init("JD", .modifiedJulianDays) && a.columns.declination == .init("Dec[deg]", .degrees))
        #expect(b.effectiveAreaFile == "r/b.area" && b.smearingFile == "r/b.smearing" && b.columns == EventColumns())
        #expect(b.angularErrorFloorDegrees == 0.5)
        #expect(try sample.dataset(named: "A2").eventFiles == ["data/a2.txt"])
    }

    @Test(arguments: [
        ("name: Mine", "name: IceTracks-DR2", "is a public release"), ("name: Mine", "name: 3year", "not a valid name"),
        ("name: Mine", "nam: Mine", "Did you mean \"name\""), ("A1, {", "{name: A1}, {", "lacks events"),
        ("responses: IC86", "respnses: IC86", "Did you mean \"responses\""),
        ("    responses: IC86\n", "", "lacks effective_area"),
        ("smearing: r/b.smearing", "responses: X", "both given"),
        ("data/a2.txt", "../a2.txt", "leads out of the release"),
        ("data/a2.txt", "/a2.txt", "absolute"),
        ("data/a2.txt", "events/A1_exp.csv", "has the events of both A1 and A2"), ("name: B\n", "name: A2\n", "\"A2\""),
        ("seasons: [B]", "seasons: [A1]", "\"A1\""), ("seasons: [B]", "seasons: []", "empty list"),
        (
            "{from: 0, to: 1, bins: 2}]", "{from: 0.1, to: 1, bins: 2}]",
            "a range begins at 0.1, and the one before it ends at 0"
        ), ("bins: 3", "bins: 2", "there are 2 bins"),
        ("{from: 0, to: 1, bins: 2}]", "{from: 0, to: 0.9, bins: 2}]", "from -1 to 0.9"),
        ("bins: 56", "bins: 0", "0 is out of range"),
        ("4.5", "2.5", "the edge 2.5 follows 3"), ("[2, 3,", "[-10, 3,", "from -10 to 9"),
        ("bins: 56", "bins: many", "many"),
        ("threshold: 0}", "threshold: 1}", "1 is out of range"),
        ("smoothing: 0.1", "smoothing: -1", "-1 is out of range"),
        ("unit: TeV", "unit: tev", "Did you mean \"TeV\""),
        ("name: E,", "name: \"E E\",", "not a name in a header line"),
        ("name: E,", "name: RA,", "\"RA\" is named twice"), ("floor: 0.5", "floor: 500", "500 is out of range"),
        ("energy: {", "enrgy: {", "Did you mean \"energy\""),
    ])
    func faults(part: String, replacement: String, problem: String) throws {
        try #require(Self.valid.contains(part))
        let text = Self.valid.replacingOccurrences(of: part, with: replacement)
        let fault = #expect(throws: Fault.self) { _ = try sample(text) }
        #expect(fault?.description.contains(problem) == true, "\(fault?.description ?? "")")
        #expect(fault?.kind == .usage)
        guard case .column("s.yaml", let line, _)? = fault?.place else {
            Issue.record("no place: \(fault?.description ?? "")")
            return
        }
        #expect(line >= 1 && line <= 20)
    }

    /// Units, a floor, and columns in another order give the same events as the public layout.
    @Test func unitsAreConverted() throws {
        let rows = [(58000.25, 3.5, 0.1, 10.5, -20.25), (58001.75, 5.125, 1.5, 359.0, 80.5)]
        let definition = try sample(Self.valid).datasets[0]
        try withScratchFolder { folder in
            var lines = ["# RA Dec[deg] JD E AngErr[deg] other"]
            for (time, energy, error, ra, dec) in rows {
                lines.append("\(ra * .pi / 180) \(dec) \(time) \(pow(10, energy - 3)) \(error) 7")
            }
            let file = try folder.write(lines.joined(separator: "\n") + "\n")
            let (own, _) = try EventTable.read(
                file, season: "A1", columns: definition.columns, floor: definition.angularErrorFloorDegrees)
            #expect(own.raisedErrorCount == 1 && own.events.count == 2)
            for (i, row) in rows.enumerated() {
                #expect(own.events.modifiedJulianDate[i] == row.0)
                #expect(abs(own.events.log10Energy[i] - row.1) < 1e-12)
                #expect(own.events.angularError[i] == Angle.radians(fromDegrees: max(row.2, 0.2)))
                #expect(abs(own.events.rightAscension[i] - row.3 * .pi / 180) < 1e-15)
                #expect(own.events.declination[i] == Angle.radians(fromDegrees: row.4))
            }
        }
    }

    @Test func aValueOutOfRangeNamesTheUnit() throws {
        let definition = try sample(Self.valid).datasets[0]
        try withScratchFolder { folder in
            let file = try folder.write("# RA Dec[deg] JD E AngErr[deg]\n7 1 58000 1 1\n")
            let fault = #expect(throws: Fault.self) {
                _ = try EventTable.read(
                    file, season: "A1", columns: definition.columns, floor: definition.angularErrorFloorDegrees)
            }
            #expect(fault?.description.contains("RA is \"7\"") == true && fault?.remedy == "give it in radians")
        }
    }
}
