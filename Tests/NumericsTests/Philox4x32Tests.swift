import Numerics
import Testing

@Suite struct Philox4x32Tests {
    /// Known answers published with Random123 (`tests/kat_vectors`, rows "philox4x32 10").
    @Test(arguments: [
        (
            SIMD4<UInt32>(repeating: 0), Philox4x32.Key(0, 0),
            SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
        ),
        (
            SIMD4<UInt32>(repeating: .max), Philox4x32.Key(.max, .max),
            SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
        ),
        (
            SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), Philox4x32.Key(0xa409_3822, 0x299f_31d0),
            SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
        ),
    ])
    func publishedVectors(counter: SIMD4<UInt32>, key: Philox4x32.Key, expected: SIMD4<UInt32>) {
        #expect(Philox4x32.block(counter: counter, key: key) == expected)
    }

    @Test func neighbouringSeedsAndStreamsGiveOtherKeys() {
        var keys = Set<Philox4x32.Key>()
        for seed in 0..<64 { for stream in 0..<64 { keys.insert(.init(seed: UInt64(seed), stream: UInt64(stream))) } }
        #expect(keys.count == 64 * 64)
    }
}
