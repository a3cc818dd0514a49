/// A growable array of Doubles that is read and written eight at a time.
///
/// The number of lanes is eight on every machine: sums over lanes are formed in the same order regardless of whether
/// the processor works on two, four or eight of them at once. Only this type and ``IndexArray`` hold pointers in a
/// trial; in debug builds every access is checked against the capacity.
public final class LaneArray {
    public typealias Lane = SIMD8<Double>

    /// A view of the numbers for the innermost loops.
    public private(set) var view: LaneView

    /// - Parameter count: the initial capacity; all numbers are 0.
    public init(count: Int = 128) {
        view = LaneView(lanes: max(2, (count + 7) / 8))
    }

    deinit { view.base.deallocate() }

    /// Makes the capacity at least `count` numbers; stored numbers stay. Earlier views become invalid.
    public func reserve(_ count: Int) {
        guard count > view.laneCapacity * 8 else { return }
        let grown = LaneView(lanes: max((count + 7) / 8, 2 * view.laneCapacity))
        grown.base.copyMemory(from: view.base, byteCount: view.laneCapacity * MemoryLayout<Lane>.stride)
        view.base.deallocate()
        view = grown
    }

    /// The number at an index below the reserved count.
    public subscript(index: Int) -> Double {
        get { view[index] }
        set { view[index] = newValue }
    }

    /// Numbers 8·lane … 8·lane + 7.
    public subscript(lane lane: Int) -> Lane {
        get { view[lane: lane] }
        set { view[lane: lane] = newValue }
    }
}

/// The numbers of a ``LaneArray``, valid as long as the array lives and does not grow.
///
/// A loop over views does not reload the array's address after each write.
public struct LaneView {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let laneCapacity: Int

    fileprivate init(lanes: Int) {
        base = UnsafeMutableRawPointer.allocate(
            byteCount: lanes * MemoryLayout<SIMD8<Double>>.stride, alignment: MemoryLayout<SIMD8<Double>>.alignment)
        base.initializeMemory(as: SIMD8<Double>.self, repeating: .zero, count: lanes)
        laneCapacity = lanes
    }

    @inlinable
    public subscript(index: Int) -> Double {
        @inline(__always) get {
            assert(index >= 0 && index < laneCapacity * 8)
            return base.load(fromByteOffset: index &* 8, as: Double.self)
        }
        @inline(__always) nonmutating set {
            assert(index >= 0 && index < laneCapacity * 8)
            base.storeBytes(of: newValue, toByteOffset: index &* 8, as: Double.self)
        }
    }

    @inlinable
    public subscript(lane lane: Int) -> SIMD8<Double> {
        @inline(__always) get {
            assert(lane >= 0 && lane < laneCapacity)
            return base.load(fromByteOffset: lane &* 64, as: SIMD8<Double>.self)
        }
        @inline(__always) nonmutating set {
            assert(lane >= 0 && lane < laneCapacity)
            base.storeBytes(of: newValue, toByteOffset: lane &* 64, as: SIMD8<Double>.self)
        }
    }

    /// Four numbers from an index on, which need not be a multiple of four.
    @inlinable @inline(__always)
    public func four(from index: Int) -> SIMD4<Double> {
        assert(index >= 0 && index + 4 <= laneCapacity * 8)
        return base.loadUnaligned(fromByteOffset: index &* 8, as: SIMD4<Double>.self)
    }

    /// Adds to the four numbers from an index on, which must be a multiple of four.
    @inlinable @inline(__always)
    public func add(_ numbers: SIMD4<Double>, at index: Int) {
        assert(index >= 0 && index + 4 <= laneCapacity * 8)
        let sum = base.load(fromByteOffset: index &* 8, as: SIMD4<Double>.self) + numbers
        base.storeBytes(of: sum, toByteOffset: index &* 8, as: SIMD4<Double>.self)
    }

    /// Writes eight numbers from an index on, which need not be a multiple of eight.
    @inlinable @inline(__always)
    public func store(_ numbers: SIMD8<Double>, at index: Int) {
        assert(index >= 0 && index + 8 <= laneCapacity * 8)
        base.storeBytes(of: numbers, toByteOffset: index &* 8, as: SIMD8<Double>.self)
    }

    /// Sets numbers 0 … 8·lanes − 1 to 0.
    @inlinable @inline(__always)
    public func clear(lanes: Int) {
        for lane in 0..<lanes { self[lane: lane] = .zero }
    }
}

/// A growable array of whole numbers to accompany a ``LaneArray``: indices of events, rows of tables.
public final class IndexArray {
    /// A view of the numbers for the innermost loops.
    public private(set) var view: IndexView

    public init(count: Int = 128) {
        view = IndexView(capacity: max(16, count))
    }

    deinit { view.base.deallocate() }

    /// Makes the capacity at least `count` numbers; stored numbers stay. Earlier views become invalid.
    public func reserve(_ count: Int) {
        guard count > view.capacity else { return }
        let grown = IndexView(capacity: max(count, 2 * view.capacity))
        grown.base.update(from: view.base, count: view.capacity)
        view.base.deallocate()
        view = grown
    }

    public subscript(index: Int) -> Int32 {
        get { view[index] }
        set { view[index] = newValue }
    }
}

/// The numbers of an ``IndexArray``, valid as long as the array lives and does not grow.
public struct IndexView {
    @usableFromInline let base: UnsafeMutablePointer<Int32>
    @usableFromInline let capacity: Int

    fileprivate init(capacity: Int) {
        base = .allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
        self.capacity = capacity
    }

    @inlinable
    public subscript(index: Int) -> Int32 {
        @inline(__always) get {
            assert(index >= 0 && index < capacity)
            return base[index]
        }
        @inline(__always) nonmutating set {
            assert(index >= 0 && index < capacity)
            base[index] = newValue
        }
    }
}

extension IndexView {
    /// Numbers 8·lane … 8·lane + 7.
    @inlinable
    public subscript(lane lane: Int) -> SIMD8<Int32> {
        @inline(__always) get {
            assert(lane >= 0 && 8 * (lane + 1) <= capacity)
            return UnsafeRawPointer(base + 8 &* lane).loadUnaligned(as: SIMD8<Int32>.self)
        }
    }

    /// Writes eight numbers from an index on.
    @inlinable @inline(__always)
    public func store(_ numbers: SIMD8<Int32>, at index: Int) {
        assert(index >= 0 && index + 8 <= capacity)
        UnsafeMutableRawPointer(base + index).storeBytes(of: numbers, as: SIMD8<Int32>.self)
    }
}

extension SIMD8 where Scalar == Double {
    /// The sum of the eight lanes, in a fixed order.
    @inlinable @inline(__always)
    public var total: Double {
        ((self[0] + self[1]) + (self[2] + self[3])) + ((self[4] + self[5]) + (self[6] + self[7]))
    }

    /// The lower 32 bits of each lane, as in memory.
    @inlinable @inline(__always)
    public var lowWords: SIMD8<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self).evenHalf }

    /// The four columns of eight rows of four numbers.
    @inlinable @inline(__always)
    public static func columns(_ row: (Int) -> SIMD4<Double>) -> (Self, Self, Self, Self) {
        let (a, b) = (SIMD8(lowHalf: row(0), highHalf: row(1)), SIMD8(lowHalf: row(2), highHalf: row(3)))
        let (c, d) = (SIMD8(lowHalf: row(4), highHalf: row(5)), SIMD8(lowHalf: row(6), highHalf: row(7)))
        let (evenLow, evenHigh) = (
            SIMD8(lowHalf: a.evenHalf, highHalf: b.evenHalf), SIMD8(lowHalf: c.evenHalf, highHalf: d.evenHalf)
        )
        let (oddLow, oddHigh) = (
            SIMD8(lowHalf: a.oddHalf, highHalf: b.oddHalf), SIMD8(lowHalf: c.oddHalf, highHalf: d.oddHalf)
        )
        return (
            SIMD8(lowHalf: evenLow.evenHalf, highHalf: evenHigh.evenHalf),
            SIMD8(lowHalf: oddLow.evenHalf, highHalf: oddHigh.evenHalf),
            SIMD8(lowHalf: evenLow.oddHalf, highHalf: evenHigh.oddHalf),
            SIMD8(lowHalf: oddLow.oddHalf, highHalf: oddHigh.oddHalf)
        )
    }

    /// Adds a · b to each lane, rounded once.
    @inlinable @inline(__always)
    public mutating func addProduct(_ a: Double, _ b: SIMD8<Double>) {
        self.addProduct(SIMD8(repeating: a), b)
    }
}

extension SIMD4 where Scalar == Double {
    /// The sum of the four lanes, in a fixed order.
    @inlinable @inline(__always)
    public var total: Double { (self[0] + self[1]) + (self[2] + self[3]) }
}

extension SIMDMask where Storage == SIMD8<Int32> {
    /// Whether any lane is true.
    @inlinable @inline(__always)
    public var isTrueAnywhere: Bool {
        let bits = unsafeBitCast(self, to: SIMD4<Int64>.self)
        let half = bits.lowHalf | bits.highHalf
        return half[0] | half[1] != 0
    }
}

extension SIMDMask where Storage == SIMD8<Int64> {
    /// Whether any lane is true. The standard library's `any` is a call that makes a loop spill its registers.
    @inlinable @inline(__always)
    public var isTrueAnywhere: Bool {
        let bits = unsafeBitCast(self, to: SIMD8<Int64>.self)
        let half = bits.lowHalf | bits.highHalf
        let quarter = half.lowHalf | half.highHalf
        return quarter[0] | quarter[1] != 0
    }
}
