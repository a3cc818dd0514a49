import Numerics
import Testing

/// The search of the first index that does not fulfil a condition.
@Suite struct PrefixCountTests {
    @Test("agrees with counting, and asks for no index outside the range")
    func counts() {
        for count in -1...40 {
            for fulfilled in 0...max(0, count) {
                let found = prefixCount(count) { index in
                    #expect((0..<count).contains(index))
                    return index < fulfilled
                }
                #expect(found == fulfilled, "\(count), \(fulfilled)")
            }
        }
    }
}
