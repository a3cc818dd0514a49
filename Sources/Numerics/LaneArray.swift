/// A growable array of Doubles that is read and written eight at a time.
///
/// The number of lanes is fixed at eight on every machine: sums over lanes are formed in the same order whether the
/// processor works on two, four or eight of them at once. This is the one place of the fit that holds a pointer; every
/// access is checked against the capacity in debug builds.
public final class LaneArray {
    public typealias Lane = SIMD8<Double>

    @usableFromInline @exclusivity(unchecked) var storage: UnsafeMutableRawPointer
    @usableFromInline @exclusivity(unchecked) var laneCapacity: Int

    public init() {
        laneCapacity = 16
        storage = Self.allocate(lanes: laneCapacity)
    }

    deinit { storage.deallocate() }

    private static func allocate(lanes: Int) -> UnsafeMutableRawPointer {
        let pointer = UnsafeMutableRawPointer.allocate(
            byteCount: lanes * MemoryLayout<Lane>.stride, alignment: MemoryLayout<Lane>.alignment)
        pointer.initializeMemory(as: Lane.self, repeating: .zero, count: lanes)
        return pointer
    }

    /// Makes room for at least `count` numbers; what is stored stays.
    public func reserve(_ count: Int) {
        guard count > laneCapacity * 8 else { return }
        let lanes = max((count + 7) / 8, 2 * laneCapacity)
        let grown = Self.allocate(lanes: lanes)
        grown.copyMemory(from: storage, byteCount: laneCapacity * MemoryLayout<Lane>.stride)
        storage.deallocate()
        storage = grown
        laneCapacity = lanes
    }

    /// The number at an index below the reserved count.
    @inlinable
    public subscript(index: Int) -> Double {
        @inline(__always) get {
            assert(index >= 0 && index < laneCapacity * 8)
            return storage.load(fromByteOffset: index &* 8, as: Double.self)
        }
        @inline(__always) set {
            assert(index >= 0 && index < laneCapacity * 8)
            storage.storeBytes(of: newValue, toByteOffset: index &* 8, as: Double.self)
        }
    }

    /// Numbers 8·lane … 8·lane + 7.
    @inlinable
    public subscript(lane lane: Int) -> Lane {
        @inline(__always) get {
            assert(lane >= 0 && lane < laneCapacity)
            return storage.load(fromByteOffset: lane &* 64, as: Lane.self)
        }
        @inline(__always) set {
            assert(lane >= 0 && lane < laneCapacity)
            storage.storeBytes(of: newValue, toByteOffset: lane &* 64, as: Lane.self)
        }
    }

    /// Eight numbers from an index on that need not be a multiple of eight.
    @inlinable @inline(__always)
    public func lane(from index: Int) -> Lane {
        assert(index >= 0 && index + 8 <= laneCapacity * 8)
        return storage.loadUnaligned(fromByteOffset: index &* 8, as: Lane.self)
    }
}

extension SIMD8 where Scalar == Double {
    /// The sum of the eight lanes, in a fixed order.
    @inlinable @inline(__always)
    public var total: Double {
        ((self[0] + self[1]) + (self[2] + self[3])) + ((self[4] + self[5]) + (self[6] + self[7]))
    }
}
