import Diagnostics
import Testing

@testable import IceTracks

@Suite struct SexagesimalTests {
    struct Coordinate: Sendable {
        let text: String
        /// The total number of seconds, and of seconds in a degree.
        let seconds: Double
        let perDegree: Double
    }

    private static func hours(_ text: String, _ seconds: Double) -> Coordinate {
        Coordinate(text: text, seconds: seconds, perDegree: 240)
    }

    private static func arc(_ text: String, _ seconds: Double) -> Coordinate {
        Coordinate(text: text, seconds: seconds, perDegree: 3600)
    }

    /// Degrees are those of the total number of seconds, rounded once.
    @Test(arguments: [
        hours("02h42m40.7s", 9760.7), hours("02:42:40.7", 9760.7), hours("2h 42m 40.7s", 9760.7), hours("2h", 7200),
        hours("02:30", 9000), hours("23h59m59.99s", 86399.99), arc("40d40m12s", 146_412), hours("2h30s", 7230),
        hours("5h25.5m", 19530),
    ])
    func rightAscensions(coordinate: Coordinate) throws {
        #expect(Sexagesimal.isMeant(by: coordinate.text))
        let degrees = try Sexagesimal.degrees(coordinate.text, .rightAscension)
        #expect(degrees == coordinate.seconds / coordinate.perDegree)
    }

    /// The sign belongs to the whole coordinate, also before a zero.
    @Test(arguments: [
        arc("-00d00m48s", -48), arc("-00:00:48", -48), arc("+05d41m36.2s", 20496.2), arc("−29°00′28″", -104_428),
        arc("22:00:52.2", 79252.2), arc("-0.5d", -1800),
    ])
    func declinations(coordinate: Coordinate) throws {
        #expect(Sexagesimal.isMeant(by: coordinate.text))
        let degrees = try Sexagesimal.degrees(coordinate.text, .declination)
        #expect(degrees == coordinate.seconds / coordinate.perDegree)
    }

    @Test(arguments: ["40.67", "-0.01", "1e2", "", "nan", "-", "inf"])
    func numbersAreNotMeant(text: String) { #expect(!Sexagesimal.isMeant(by: text)) }

    @Test(arguments: [
        ("02h62m", "62 minutes"), ("02:42:60", "60 seconds"), ("02h42m40.7", "lacks a unit"), ("-2h", "negative"),
        ("02:42:40:7", "more than three"), ("2.5h30m", "decimals before"), ("2m40s", "neither hours nor degrees"),
        ("2h40s30m", "not in the order"), ("2h3h", "not in the order"), ("02::40", "not a number"),
        ("2h4x", "lacks a unit"), ("1.2.3h", "not a number"), ("40deg", "not a number"), ("0x2h", "lacks a unit"),
        ("h", "not a number"), (":", "not a number"),
    ])
    func faults(text: String, problem: String) {
        let fault = #expect(throws: Fault.self) { _ = try Sexagesimal.degrees(text, .rightAscension) }
        #expect(fault?.problem.contains(problem) == true, "\(fault?.problem ?? "")")
        #expect(fault?.problem.contains("\"\(text)\"") == true && fault?.remedy?.contains("02h42m40.7s") == true)
        #expect(fault?.kind == .usage)
    }

    @Test func aDeclinationHasNoHours() {
        let fault = #expect(throws: Fault.self) { _ = try Sexagesimal.degrees("5h", .declination) }
        #expect(fault?.problem.contains("in hours") == true)
    }
}
