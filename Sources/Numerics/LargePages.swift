#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Memory for tables that are read at random positions: on large pages if the system has them, since with small pages
/// nearly every access would also need to look up its page.
public enum LargePages {
    private static let pageSize = 2 << 20
    private static let cacheLine = 64

    /// Memory that starts on a cache line, or on a large page if it is as large as one; the caller calls
    /// `deallocate()`.
    public static func allocate(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        guard byteCount >= pageSize else {
            return UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: cacheLine)
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: pageSize)
        // Advice only: a system may ignore it.
        _ = madvise(memory.baseAddress, byteCount, Int32(MADV_HUGEPAGE))
        return memory
    }
}
