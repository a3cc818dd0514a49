import Diagnostics
import Testing

@Suite struct FaultTests {
    @Test func sentenceNamesPlaceProblemAndRemedy() {
        let fault = Fault(
            .badData, at: .column(file: "events/IC40_exp.csv", line: 812, column: 14),
            "'abc' is not a number", remedy: "restore the file from the release")
        #expect(
            fault.description
                == "events/IC40_exp.csv:812:14: 'abc' is not a number. Restore the file from the release.")
    }

    @Test func remedyAndPlaceMayBeAbsent() {
        #expect(Fault(.usage, "nothing to do").description == "nothing to do.")
        #expect(
            Fault(.usage, at: .field("--dec"), "95 is outside [-90, 90]").description
                == "--dec: 95 is outside [-90, 90].")
    }

    @Test func whatTerminalsTakeForCommandsIsNotPrinted() {
        let fault = Fault(.badData, at: .file("a\u{1B}[2J"), "\"x\0\u{9B}31m\" is no number\nnor a word")
        #expect(fault.description == "a\u{FFFD}[2J: \"x\u{FFFD}\u{FFFD}31m\" is no number\nnor a word.")
    }

    @Test func whatIsQuotedIsCutShort() {
        let name = String(repeating: "x", count: 1 << 20)
        let text = Fault(.badData, "\"\(name)\" is no key", remedy: "remove it").description
        #expect(text.count < 5000 && text.hasPrefix("\"xxx") && text.hasSuffix("xx… Remove it."))
        #expect(nearestName(to: name, in: ["IC40"]) == nil)
    }

    @Test func kindsAreExitCodesOfSysexits() {
        let codes = [Fault.Kind.usage, .badData, .missingInput, .cannotCreate, .inputOutput, .temporary].map(\.rawValue)
        #expect(codes == [64, 65, 66, 73, 74, 75])
    }
}

@Suite struct TextTests {
    @Test func numbersInShortestForm() {
        #expect(shortest(95) == "95")
        #expect(shortest(-0.01) == "-0.01")
        #expect(shortest(1e-9) == "1e-09")
    }

    @Test func suggestions() {
        #expect(suggestion(nearestName(to: "IC41", in: ["IC40", "IC86_I"])) == "did you mean \"IC40\"? ")
        #expect(suggestion(nearestName(to: "completely different", in: ["IC40"])) == "")
    }

    @Test func hexadecimal() {
        #expect([0, 15, 255].hexadecimal == "000fff")
    }
}
