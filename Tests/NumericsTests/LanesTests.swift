import Numerics
import Testing

/// Eight at once must give the bits that one at a time gives.
@Suite struct LanesTests {
    let seed: UInt64 = 88

    func compare(_ range: ClosedRange<Double>, _ lanes: (SIMD8<Double>) -> SIMD8<Double>, _ scalar: (Double) -> Double)
    {
        var random = RandomStream(key: .init(seed: seed, stream: 0), trial: 0, purpose: 0)
        for _ in 0..<2000 {
            var x = SIMD8<Double>.zero
            for i in 0..<8 { x[i] = random.uniform(in: range) }
            let y = lanes(x)
            for i in 0..<8 { #expect(y[i].bitPattern == scalar(x[i]).bitPattern, "at \(x[i]), seed \(seed)") }
        }
    }

    @Test func functions() {
        compare(-800...0, Portable.exp, Portable.exp)
        compare(-1...1, Portable.exp, Portable.exp)
        compare(1e-16...1, Portable.log, Portable.log)
        compare(0.5...1e6, Portable.log, Portable.log)
        compare(-3.1415...3.1415, Portable.sin, Portable.sin)
        compare(-0.1...0.1, Portable.sin, Portable.sin)
        compare(0...1, Portable.asin, Portable.asin)
        compare(0...0.3, Portable.asin, Portable.asin)
    }

    @Test func blocks() {
        let key = Philox4x32.Key(seed: seed, stream: 3)
        let (a, b, c, d) = Philox4x32.blocks(first: 40, 7, 0xffff_fff0, 2, key: key)
        for i in 0..<8 {
            let block = Philox4x32.block(counter: SIMD4(40 + UInt32(i), 7, 0xffff_fff0, 2), key: key)
            #expect([a[i], b[i], c[i], d[i]] == (0..<4).map { UInt64(block[$0]) })
        }
    }

    @Test func laneArrayGrowsAndKeeps() {
        let array = LaneArray()
        for i in 0..<1000 {
            array.reserve(i + 1)
            array[i] = Double(i)
        }
        #expect(array[lane: 3] == SIMD8(24, 25, 26, 27, 28, 29, 30, 31))
        #expect(array.view.four(from: 25) == SIMD4(25, 26, 27, 28))
        #expect(array[999] == 999)
    }

    @Test func truthOfAnyLane() {
        for lane in 0..<8 {
            var numbers = SIMD8<Double>.zero
            #expect(!(numbers .> 0).isTrueAnywhere)
            numbers[lane] = 1
            #expect((numbers .> 0).isTrueAnywhere)
        }
    }

    @Test func logProductIsASumOfLogarithms() {
        var product = LogProduct()
        var expected = 0.0
        var random = RandomStream(key: .init(seed: seed, stream: 1), trial: 0, purpose: 0)
        for step in 0..<100 {
            var factors = SIMD4<Double>.zero
            for i in 0..<4 {
                factors[i] = Portable.exp(random.uniform(in: -30...30))
                expected += Portable.log(factors[i])
            }
            product.multiply(factors)
            if step % 8 == 7 { product.normalise() }
        }
        #expect(abs(product.value - expected) < 1e-10)
    }
}
