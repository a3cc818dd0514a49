/// Whole numbers in raw bytes, the least significant byte first, as in all of our files.
extension [UInt8] {
    // Inlinable: it writes every record of every trial.
    @inlinable
    package mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// The number that starts at an index; nil if too few bytes are left.
    package func littleEndian<Number: FixedWidthInteger>(at start: Int, as: Number.Type = Number.self) -> Number? {
        let size = MemoryLayout<Number>.size
        guard start >= 0, count - start >= size else { return nil }
        return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Number.self)) }
    }
}
