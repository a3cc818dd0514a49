import Testing

@testable import Console

@Suite("Number format")
struct NumberFormatTests {
    @Test("Numbers as people write them")
    func numbers() {
        #expect(NumberFormat.fixed(12.346, 2) == "12.35")
        #expect(NumberFormat.fixed(-0.001, 2) == "0.00")
        #expect(NumberFormat.fixed(-0.01, 2) == "-0.01")
        #expect(NumberFormat.significant(0.012345, 3) == "0.0123")
        #expect(NumberFormat.significant(1234.5, 3) == "1230")
        #expect(NumberFormat.significant(9.999, 3) == "10.0")
        #expect(NumberFormat.significant(0, 3) == "0")
        #expect(NumberFormat.significant(1.5e-17, 3) == "1.50e-17")
        #expect(NumberFormat.flux(3.084e-17) == "3.08e-17")
        #expect(NumberFormat.flux(0) == "0")
        #expect(NumberFormat.plain(5) == "5" && NumberFormat.plain(40.67) == "40.67")
        #expect(NumberFormat.count(1_633_206) == "1,633,206" && NumberFormat.count(-1000) == "-1,000")
        #expect(NumberFormat.count(Int64.min) == "-9,223,372,036,854,775,808")
    }

    @Test func percentages() {
        #expect(NumberFormat.percent(0.6826894921) == "68.27" && NumberFormat.percent(0.9) == "90")
        #expect(NumberFormat.percent(1) == "100" && NumberFormat.percent(0.999999) == "99.9999")
        #expect(NumberFormat.percent(0) == "0" && NumberFormat.percent(1e-6) != "0")
        #expect(NumberFormat.fixed(1e308, 3) == "1.000e308")
    }

    @Test("Values with errors are cut at the error's second digit")
    func errors() {
        #expect(NumberFormat.value(12.34, low: 11.24, high: 13.54) == "12.3 +1.2 -1.1")
        #expect(NumberFormat.value(12.34, low: 12.34, high: 12.34) == "12.34 [12.34, 12.34]")
        #expect(NumberFormat.flux(3.08e-17, low: 2.97e-17, high: 3.20e-17) == "(3.08 +0.12 -0.11)e-17")
        #expect(NumberFormat.flux(1e-17, low: 0, high: .infinity) == "1.00e-17 [0, inf]")
    }

    @Test("What is not finite is named", arguments: [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
    func special(value: Double, text: String) {
        #expect(NumberFormat.fixed(value, 2) == text)
        #expect(NumberFormat.significant(value, 2) == text)
        #expect(NumberFormat.scientific(value, 2) == text)
        #expect(NumberFormat.plain(value) == text)
    }

    @Test("Durations show their two leading units")
    func durations() {
        #expect(NumberFormat.duration(seconds: 1.26) == "1.3 s")
        #expect(NumberFormat.duration(seconds: 59) == "59 s")
        #expect(NumberFormat.duration(seconds: 200) == "3 min 20 s")
        #expect(NumberFormat.duration(seconds: 7500) == "2 h 5 min")
        #expect(NumberFormat.duration(seconds: 273_600) == "3 d 4 h")
        #expect(NumberFormat.duration(seconds: .infinity) == "inf")
    }
}
