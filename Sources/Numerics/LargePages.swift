#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Memory for tables that are read at random places: on large pages where the system has them, since with small ones
/// nearly every access would also have to look up its page.
public enum LargePages {
    private static let pageSize = 2 << 20
    private static let cacheLine = 64

    /// Memory that begins on a cache line, or on a large page if it is as large as one; the caller calls
    /// `deallocate()`.
    public static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        guard byteCount >= pageSize else {
            return UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: cacheLine)
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: pageSize)
        // Advice: a system that ignores it changes nothing.
        _ = madvise(memory.baseAddress, byteCount, Int32(MADV_HUGEPAGE))
        return memory
    }
}
