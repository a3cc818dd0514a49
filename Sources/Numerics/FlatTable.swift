import CProcessor

/// An immutable table of plain values: in its own memory, or in memory owned by another object.
///
/// Threads share it. In debug builds each access is checked against the count.
public struct FlatTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    /// Keeps the memory alive.
    private let owner: AnyObject
    @usableFromInline let base: UnsafePointer<Element>
    public let count: Int

    /// A copy of the given elements.
    public init(_ elements: some Collection<Element>) {
        let memory = Memory(count: elements.count)
        var place = memory.base
        for element in elements {
            place.initialize(to: element)
            place += 1
        }
        self.init(owner: memory, base: UnsafePointer(memory.base), count: elements.count)
    }

    /// Elements in memory that `owner` keeps alive and unchanged.
    ///
    /// - Parameter base: aligned for `Element`; the `count` elements from there on must be readable.
    public init(owner: AnyObject, base: UnsafePointer<Element>, count: Int) {
        self.owner = owner
        self.base = base
        self.count = count
    }

    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count)
            return base[index]
        }
    }

    /// The elements' bytes, for a file.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(owner) { try body(UnsafeRawBufferPointer(start: base, count: count * Self.stride)) }
    }

    /// Bytes from one element to the next.
    public static var stride: Int { MemoryLayout<Element>.stride }

    private final class Memory {
        let base: UnsafeMutablePointer<Element>

        init(count: Int) {
            let bytes = LargePages.allocate(byteCount: max(1, count) * stride)
            base = bytes.bindMemory(to: Element.self).baseAddress!
        }

        deinit { base.deallocate() }
    }
}

extension FlatTable {
    /// Starts to load eight elements that will be read soon into the cache. Indices are not checked, not even in debug
    /// builds: an invalid one has no effect.
    @inlinable @inline(__always)
    public func prefetch(_ indices: SIMD8<Int32>) {
        for i in 0..<8 { processor_prefetch(base + Int(UInt32(bitPattern: indices[i]))) }
    }

    /// Starts to load an element that will be read soon into the cache.
    @inlinable @inline(__always)
    public func prefetch(_ index: Int) {
        assert(index >= 0 && index < count)
        processor_prefetch(base + index)
    }

    /// The beginning of an element, read as another type with the same memory layout.
    @inlinable @inline(__always)
    public func prefix<Prefix: BitwiseCopyable>(of index: Int, as type: Prefix.Type) -> Prefix {
        assert(index >= 0 && index < count && MemoryLayout<Prefix>.size <= MemoryLayout<Element>.stride)
        return UnsafeRawPointer(base + index).loadUnaligned(as: type)
    }
}
