import Foundation
import Numerics
import Testing

/// Against the system's library, whose own error is below 1 ulp.
@Suite struct PortableTests {
    /// The largest distance in ulps of the expected value over `count` points of a range, equidistant but for a seeded jitter.
    func worst(
        _ range: ClosedRange<Double>, count: Int = 20_000, _ ours: (Double) -> Double, _ system: (Double) -> Double
    )
        -> Double
    {
        var random = RandomStream(key: .init(1, 2), trial: 3, purpose: 4)
        var worst = 0.0
        for _ in 0..<count {
            let x = random.uniform(in: range)
            let expected = system(x)
            worst = max(worst, abs(ours(x) - expected) / expected.ulp)
        }
        return worst
    }

    @Test func exponential() {
        #expect(worst(-700...700, Portable.exp, Foundation.exp) < 2)
        #expect(worst(-1...1, Portable.exp, Foundation.exp) < 2)
        #expect(Portable.exp(0) == 1)
        #expect(Portable.exp(-.infinity) == 0)
        #expect(Portable.exp(-800) == 0)
        #expect(Portable.exp(710) == .infinity)
        #expect(Portable.exp(709.7) < .infinity)
        #expect(Portable.exp(.nan).isNaN)
    }

    @Test func logarithm() {
        #expect(worst(1e-300...1e300, Portable.log, Foundation.log) < 2)
        #expect(worst(0.5...2, Portable.log, Foundation.log) < 2)
        #expect(worst(0.999...1.001, Portable.log, Foundation.log) < 2)
        #expect(Portable.log(1) == 0)
        #expect(Portable.log(0) == -.infinity)
        #expect(Portable.log(-1).isNaN)
        #expect(Portable.log(.infinity) == .infinity)
        #expect(abs(Portable.log(.leastNonzeroMagnitude) - Foundation.log(.leastNonzeroMagnitude)) < 1e-12)
    }

    @Test func powersOfTen() {
        for n in 0...22 {
            #expect(Portable.exp10(Double(n)) == Double("1e\(n)")!)
            #expect(Portable.log10(Double("1e\(n)")!) == Double(n))
        }
        #expect(worst(-3...9, { Portable.exp10($0) }, { Foundation.pow(10, $0) }) < 40)
        #expect(worst(1e-3...1e9, Portable.log10, Foundation.log10) < 3)
        #expect(worst(1...1e9, { Portable.pow($0, -3.7) }, { Foundation.pow($0, -3.7) }) < 160)
        #expect(Portable.pow(0, 2) == 0)
        #expect(Portable.pow(5, 0) == 1)
    }

    @Test func trigonometry() {
        func absolute(_ range: ClosedRange<Double>, _ ours: (Double) -> Double, _ system: (Double) -> Double) -> Double
        {
            var random = RandomStream(key: .init(5, 6), trial: 7, purpose: 8)
            return (0..<20_000).map { _ in
                let x = random.uniform(in: range)
                return abs(ours(x) - system(x))
            }.max()!
        }
        for range in [-0.8...0.8, -7.0...7, -1e5...1e5] {
            #expect(absolute(range, Portable.sin, Foundation.sin) < 2.3e-16)
            #expect(absolute(range, Portable.cos, Foundation.cos) < 2.3e-16)
        }
        #expect(worst(1e-9...0.7, Portable.sin, Foundation.sin) < 2)
        #expect(Portable.sin(0) == 0)
        #expect(Portable.cos(0) == 1)
    }

    @Test func inverseTrigonometry() {
        #expect(worst(-1...1, Portable.asin, Foundation.asin) < 3)
        #expect(Portable.asin(1) == Double.pi / 2)
        #expect(Portable.asin(-1) == -Double.pi / 2)
        #expect(Portable.asin(1.0000001).isNaN)
        var random = RandomStream(key: .init(5, 6), trial: 9, purpose: 8)
        for _ in 0..<20_000 {
            let (y, x) = (random.uniform(in: -1...1), random.uniform(in: -1...1))
            #expect(abs(Portable.atan2(y, x) - Foundation.atan2(y, x)) < 1e-15)
        }
        #expect(Portable.atan2(0, -1) == Double.pi)
        #expect(Portable.atan2(0, 0) == 0)
    }

    /// Bits, not closeness: these must hold on every machine.
    @Test func bitsAreFixed() {
        #expect(Portable.exp(1.25).bitPattern == 0x400b_ec38_edb0_faf0)
        #expect(Portable.log(10).bitPattern == 0x4002_6bb1_bbb5_5516)
        #expect(Portable.sin(2.5).bitPattern == 0x3fe3_26af_0dcf_cab0)
        #expect(Portable.asin(0.3).bitPattern == 0x3fd3_8015_9e14_f6ff)
    }
}
