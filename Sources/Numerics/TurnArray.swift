import CProcessor

/// Right ascensions of many events, as 32-bit fractions of a turn: word w is the angle 2π (w + ½)/2³².
///
/// One per thread, reused.
public final class TurnArray {
    @usableFromInline let words: UnsafeMutablePointer<UInt32>
    /// The upper halves of the words, for the comparison that most events fail.
    @usableFromInline let halves: UnsafeMutablePointer<UInt16>
    /// Angles, rounded up to whole lanes.
    public let capacity: Int

    /// Events that are compared at once: runs of events begin at multiples of it.
    public static let laneCount = 32

    /// Events of a block of ``forEach(near:first:widths:in:buffer:_:)``: many enough that a word has come into the cache when
    /// the block has been compared.
    @usableFromInline static let blockSize = 128 * laneCount

    /// The radians of a unit of words, and of one of ``Widths``.
    @inlinable public static var unit: Double { 2 * Double.pi * 0x1p-32 }
    @inlinable public static var widthUnit: Double { 2 * Double.pi * 0x1p-16 }

    public init(count: Int) {
        capacity = (count + 31) / 32 * 32
        words = .allocate(capacity: max(32, capacity))
        halves = UnsafeMutableRawPointer.allocate(byteCount: max(64, 2 * capacity), alignment: 32)
            .bindMemory(to: UInt16.self, capacity: max(32, capacity))
        words.initialize(repeating: 0, count: capacity)
        halves.initialize(repeating: 0, count: capacity)
    }

    deinit {
        words.deallocate()
        halves.deallocate()
    }

    /// The word of an angle in [0, 2π) radians, and what the angle exceeds the word's lower end by.
    public static func word(of angle: Double) -> (word: UInt32, rest: Double) {
        let word = UInt32(truncatingIfNeeded: UInt64((angle / unit).rounded(.down)))
        return (word, angle - Double(word) * unit)
    }

    /// Replaces all angles.
    ///
    /// - Parameter next: random words for the next 32 events, the first eight of them first.
    @inlinable @inline(__always)
    public func fill(_ next: () -> (Philox4x32.Words, Philox4x32.Words, Philox4x32.Words, Philox4x32.Words)) {
        for start in stride(from: 0, to: capacity, by: 32) {
            let four = next()
            store(four.0, at: start)
            store(four.1, at: start + 8)
            store(four.2, at: start + 16)
            store(four.3, at: start + 24)
        }
    }

    @inlinable @inline(__always)
    func store(_ lane: Philox4x32.Words, at index: Int) {
        let low = unsafeBitCast(lane, to: SIMD16<UInt32>.self).evenHalf
        UnsafeMutableRawPointer(words + index).storeBytes(of: low, as: SIMD8<UInt32>.self)
        UnsafeMutableRawPointer(halves + index).storeBytes(
            of: unsafeBitCast(low, to: SIMD16<UInt16>.self).oddHalf, as: SIMD8<UInt16>.self)
    }

    /// The word of an event.
    public subscript(index: Int) -> UInt32 { words[index] }

    /// The right ascension of an event, in radians.
    public func angle(_ index: Int) -> Double { (Double(words[index]) + 0.5) * Self.unit }

    /// Calls `body` with the index of each event that is closer to a direction than its width, and with the difference
    /// of their words, in ascending order of the indices.
    ///
    /// - Parameters:
    ///   - origin: the word of the direction.
    ///   - first: the event of the first width: a multiple of ``laneCount``.
    ///   - widths: in units of ``widthUnit``, at most 2¹⁵ (half a turn); their number is a multiple of ``laneCount``.
    ///   - part: of the widths that are searched; its ends are multiples of ``laneCount``.
    ///   - buffer: reused memory; threads that search the same angles need one each.
    @inlinable @inline(__always)
    public func forEach(
        near origin: UInt32, first: Int, widths: FlatTable<UInt16>, in part: Range<Int>, buffer: Buffer,
        _ body: (_ index: Int, _ difference: Int32) -> Void
    ) {
        precondition(
            first.isMultiple(of: Self.laneCount) && part.lowerBound.isMultiple(of: Self.laneCount)
                && part.upperBound.isMultiple(of: Self.laneCount) && part.lowerBound >= 0
                && part.upperBound <= widths.count && first + part.upperBound <= capacity)
        let upper = UInt16(truncatingIfNeeded: origin &>> 16)
        let (masks, runs, passed) = (buffer.masks, buffer.runs, buffer.passed)
        for blockStart in stride(from: part.lowerBound, to: part.upperBound, by: Self.blockSize) {
            let found = processor_near_runs(
                halves + (first &+ blockStart), widths.base + blockStart, upper,
                Int32(min(Self.blockSize, part.upperBound &- blockStart) / Self.laneCount), masks, runs)
            var count = 0
            for i in 0..<Int(found) {
                var rest = masks[i]
                let start = blockStart &+ Self.laneCount &* Int(runs[i])
                while rest != 0 {
                    let offset = start &+ rest.trailingZeroBitCount
                    rest &= rest &- 1
                    processor_prefetch(words + (first &+ offset))
                    passed[count] = Int32(truncatingIfNeeded: offset)
                    count &+= 1
                }
            }
            for i in 0..<count {
                let offset = Int(passed[i])
                // Exactly, with the lower halves.
                let difference = Int32(bitPattern: words[first &+ offset] &- origin)
                let exact = UInt32(bitPattern: difference ^ (difference &>> 31)) &>> 16
                if exact < UInt32(widths[offset]) { body(first &+ offset, difference) }
            }
        }
    }

    /// Memory for the events of a block that the upper halves let pass, while their words come into the cache.
    public final class Buffer {
        @usableFromInline let masks: UnsafeMutablePointer<UInt32>
        @usableFromInline let runs: UnsafeMutablePointer<Int32>
        @usableFromInline let passed: UnsafeMutablePointer<Int32>

        public init() {
            let runCount = TurnArray.blockSize / TurnArray.laneCount + 1
            masks = .allocate(capacity: runCount)
            runs = .allocate(capacity: runCount)
            passed = .allocate(capacity: TurnArray.blockSize)
            masks.initialize(repeating: 0, count: runCount)
            runs.initialize(repeating: 0, count: runCount)
            passed.initialize(repeating: 0, count: TurnArray.blockSize)
        }

        deinit {
            masks.deallocate()
            runs.deallocate()
            passed.deallocate()
        }
    }
}
