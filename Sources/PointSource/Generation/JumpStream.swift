import Numerics

/// Events that may have come near the source in a trial, with their right ascension differences. One per thread,
/// reused.
struct ScrambledDraws {
    private(set) var count = 0
    /// Indices of candidates, ascending within a group.
    private(set) var candidates: [Int32] = []
    /// Right ascension minus the source's, in radians.
    let differences = LaneArray()
    /// The eight jumps at hand: taking a vector apart by a running index is slow, reading it back from memory is not.
    fileprivate let gaps = LaneArray()
    fileprivate let places = LaneArray()

    mutating func removeAll() {
        count = 0
        candidates.removeAll(keepingCapacity: true)
    }

    /// Makes room for more draws.
    @inline(__always)
    mutating func reserve(_ additional: Int) { differences.reserve(count + additional) }

    /// Adds a draw. Room must have been made.
    @inline(__always)
    mutating func append(candidate: Int, difference: Double) {
        candidates.append(Int32(truncatingIfNeeded: candidate))
        differences[count] = difference
        count += 1
    }
}

/// The random numbers of one dataset's background in one trial: geometric jumps from event to event, eight at a time.
///
/// Each jump takes a Philox block: its first half gives the gap, its second the right ascension.
struct JumpStream {
    private let key: Philox4x32.Key
    private let trial: UInt64
    private let purpose: UInt32
    private var block: UInt32 = 0

    init(key: Philox4x32.Key, trial: UInt64, purpose: RandomPurpose) {
        self.key = key
        self.trial = trial
        self.purpose = purpose.rawValue
    }

    /// Visits each of a range of candidates with the probability 1 − e^logMiss, and draws a difference uniform in
    /// ±halfWidth.
    ///
    /// - Parameter logMiss: ln of the probability to pass a candidate by; −∞ to visit all.
    mutating func draw(from range: Range<Int>, halfWidth: Double, logMiss: Double, into draws: inout ScrambledDraws) {
        var index = range.lowerBound
        while index < range.upperBound {
            let (gapBits, placeBits) = Philox4x32.blocks(
                first: block, purpose, UInt32(truncatingIfNeeded: trial), UInt32(truncatingIfNeeded: trial >> 32),
                key: key)
            block &+= 8
            // In (0, 1] and in [1, 2): the gap is ⌊ln u / ln(1 − p)⌋ (Devroye 1986, X.2).
            draws.gaps[lane: 0] = Portable.log(2 - Self.oneToTwo(gapBits)) / logMiss
            draws.places[lane: 0] = (2 * Self.oneToTwo(placeBits) - 3) * halfWidth
            draws.reserve(8)
            for lane in 0..<8 {
                let gap = draws.gaps[lane]
                // Compared as numbers first: a gap may be larger than any Int.
                if gap >= Double(range.upperBound - index) { return }
                index += Int(gap)
                draws.append(candidate: index, difference: draws.places[lane])
                index += 1
                if index >= range.upperBound { return }
            }
        }
    }

    /// Uniform on [1, 2), from the upper 52 of 64 random bits.
    @inline(__always)
    private static func oneToTwo(_ bits: SIMD8<UInt64>) -> SIMD8<Double> {
        unsafeBitCast((bits &>> 12) | 0x3ff0_0000_0000_0000, to: SIMD8<Double>.self)
    }
}
