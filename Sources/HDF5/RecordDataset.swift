import CHDF5
import Diagnostics

/// A table in a file: a 1-D dataset of records, or a 2-D dataset of numbers whose records are its rows. It grows in
/// chunks, each shuffled and checksummed (Fletcher 32).
///
/// Records are read and written as raw bytes in the order of ``layout``, little-endian, without gaps. A damaged chunk
/// is refused when it is read. A table of a closed file throws when used.
public struct RecordDataset: Sendable {
    public let name: String
    public let layout: RecordLayout
    /// Bytes that HDF5 keeps in memory while the table is open and was read from: those of one of its chunks if that is
    /// large.
    package internal(set) var keptBytes = Limits.keptChunkBytes
    let handle: Handle

    /// The number of records.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the file declares more records than it can contain.
    public var count: Int {
        get throws(Fault) {
            let extent = try extent
            let (bytes, overflow) = extent[0].multipliedReportingOverflow(by: UInt64(layout.stride))
            guard !overflow, bytes <= UInt64(Int64.max), let count = Int(exactly: extent[0]) else {
                throw Limits.fault(handle.path, "table \"\(name)\" claims \(extent[0]) records")
            }
            return count
        }
    }

    /// The length of the dataset in each of its dimensions.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if it has another number of dimensions than its layout.
    var extent: [hsize_t] {
        get throws(Fault) {
            let space = try Identifier.dataspace(path: handle.path) { H5Dget_space(handle.id) }
            let rank = layout.shape(1).count
            var lengths = [hsize_t](repeating: 0, count: rank)
            try Library.call("has a table that cannot be read", on: handle.path, as: .badData) {
                H5Sget_simple_extent_ndims(space.id) == rank
                    ? H5Sget_simple_extent_dims(space.id, &lengths, nil) : -1
            }
            return lengths
        }
    }

    /// Adds records at the end.
    ///
    /// - Parameter bytes: whole records one after the other.
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if they cannot be written (the table then keeps its
    ///   length), ``Fault/Kind/usage`` if `bytes` is not a whole number of records.
    public func append(_ bytes: [UInt8]) throws(Fault) {
        let (added, rest) = bytes.count.quotientAndRemainder(dividingBy: layout.stride)
        guard rest == 0 else {
            throw Fault(.usage, "\(bytes.count) bytes are not a whole number of records of \(layout.stride) bytes")
        }
        if added == 0 { return }
        let start = try count
        try setCount(start + added)
        do {
            let type = try layout.datatype(path: handle.path)
            let memory = try space(added)
            let target = try selection(start, added)
            try Library.call("cannot be written to", on: handle.path, as: .inputOutput) {
                bytes.withUnsafeBytes {
                    H5Dwrite(handle.id, type.id, memory.id, target.id, chdf5_p_default(), $0.baseAddress)
                }
            }
        } catch {
            try? setCount(start)
            throw error
        }
    }

    /// The records of a range, as raw bytes.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the table is shorter, or a checksum is wrong.
    public func read(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        let length = try count
        guard range.lowerBound >= 0, range.upperBound <= length else {
            throw Fault(
                .badData, at: .file(handle.path),
                "table \"\(name)\" has \(length) records: \(range.lowerBound)..<\(range.upperBound) cannot be read")
        }
        if range.isEmpty { return [] }
        guard range.count <= Limits.readBytes / layout.stride else {
            throw Limits.fault(handle.path, "a read of \(range.count) records was requested")
        }
        let type = try layout.datatype(path: handle.path)
        let memory = try space(range.count)
        let source = try selection(range.lowerBound, range.count)
        var bytes = [UInt8](repeating: 0, count: range.count * layout.stride)
        try Library.call(
            "has damaged records among \(range.lowerBound) to \(range.upperBound - 1) of \"\(name)\"",
            on: handle.path, as: .badData
        ) {
            bytes.withUnsafeMutableBytes {
                H5Dread(handle.id, type.id, memory.id, source.id, chdf5_p_default(), $0.baseAddress)
            }
        }
        return bytes
    }
}

extension RecordDataset {
    private func setCount(_ count: Int) throws(Fault) {
        let lengths = layout.shape(count)
        try Library.call("cannot be written to", on: handle.path, as: .inputOutput) {
            H5Dset_extent(handle.id, lengths)
        }
    }

    private func space(_ count: Int) throws(Fault) -> Identifier {
        let lengths = layout.shape(count)
        return try Identifier.dataspace(path: handle.path) {
            H5Screate_simple(Int32(lengths.count), lengths, nil)
        }
    }

    /// The dataset's space with `count` records from `start` selected.
    private func selection(_ start: Int, _ count: Int) throws(Fault) -> Identifier {
        let space = try Identifier.dataspace(path: handle.path) { H5Dget_space(handle.id) }
        let id = space.id
        let lengths = layout.shape(count)
        let first = lengths.indices.map { $0 == 0 ? hsize_t(start) : 0 }
        try Library.call("has a table that cannot be read", on: handle.path, as: .badData) {
            H5Sselect_hyperslab(id, H5S_SELECT_SET, first, nil, lengths, nil)
        }
        return space
    }
}

extension RecordLayout {
    /// The lengths of a dataset of as many records.
    func shape(_ count: Int) -> [hsize_t] { [hsize_t(count)] + (columns.map { [hsize_t($0)] } ?? []) }
}
