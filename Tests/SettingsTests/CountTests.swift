import Testing

import Settings

@testable import StrictYAML

@Suite("Counts and decimal numbers")
struct CountTests {
    @Test(
        "Whole numbers in all spellings",
        arguments: [
            ("0", 0), ("100000", 100_000), ("1e5", 100_000), ("100k", 100_000), ("2M", 2_000_000), ("1000.0", 1000),
            ("-5", -5), ("9223372036854775807", .max),
        ] as [(String, Int64)])
    func counts(text: String, value: Int64) {
        #expect(Count(text)?.value == value)
    }

    @Test(
        "What is not a whole decimal number, or does not fit",
        arguments: [
            "", "k", "1.5", "0x10", "010", "1_000", "1,000", "1e30", "9223372036854775808", "9223372036854775807k",
            "10K",
            "inf", "nan", " 5",
        ])
    func refused(text: String) {
        #expect(Count(text) == nil)
    }

    @Test("Decimal numbers have no leading zeros, and are not hexadecimal")
    func decimals() {
        #expect(decimalNumber("0.5") == 0.5 && decimalNumber("-1e-05") == -1e-5 && decimalNumber("0") == 0)
        for text in ["010", "-00.5", "0x10", "inf", "nan", "1e999", "5:2"] { #expect(decimalNumber(text) == nil) }
    }
}
