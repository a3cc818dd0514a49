import CHDF5
import Diagnostics

extension Group {
    /// Creates an empty table that can grow.
    ///
    /// - Parameters:
    ///   - chunkRecords: number of records that are stored, checksummed and read together; 1 to 2²⁰.
    ///   - deflate: compression level 1 to 9, nil for none.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for a parameter out of range, ``Fault/Kind/inputOutput`` if the name
    ///   exists or the file cannot be written.
    public func createTable(
        _ name: String, layout: RecordLayout, chunkRecords: Int = 1024, deflate: UInt32? = nil
    ) throws(Fault) -> RecordDataset {
        guard (1...1 << 20).contains(chunkRecords), layout.stride <= Limits.chunkBytes / chunkRecords else {
            throw Fault(.usage, "\(chunkRecords) is not a valid number of records per chunk", remedy: "use 1024")
        }
        let type = try layout.datatype(path: handle.path)
        let id = try createExtensible(name, type: type, chunk: layout.shape(chunkRecords), deflate: deflate)
        return RecordDataset(name: name, layout: layout, handle: id)
    }

    /// Opens a table; its layout is read from the file.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the name does not exist, if it is not a 1-D chunked
    ///   dataset of records, or if its declared size is impossible.
    public func table(_ name: String) throws(Fault) -> RecordDataset { try open(name) }

    /// Opens a list of bare numbers, or rows of them, which must have the given layout.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the name does not exist, if it is not a chunked dataset of
    ///   this type and shape, or if its declared size is impossible.
    public func numbers(_ name: String, expecting layout: RecordLayout) throws(Fault) -> RecordDataset {
        try open(name, as: layout)
    }

    /// - Parameter wanted: the layout of bare numbers; nil for a table of records.
    private func open(_ name: String, as wanted: RecordLayout? = nil) throws(Fault) -> RecordDataset {
        var dataset = try openDataset(name)
        let chunkBytes = try checkStorage(dataset, name, rank: wanted?.columns == nil ? 1 : 2)
        if chunkBytes > Limits.keptChunkBytes {
            try dataset.close()
            dataset = try reopened(name, keeping: chunkBytes)
        }
        let type = try Identifier.datatype(path: handle.path) { H5Dget_type(dataset.id) }
        if let wanted, RecordLayout.Kind(of: type) != wanted.fields[0].kind {
            throw RecordLayout.unusable(name, handle.path, "is not of type \(wanted.fields[0].kind)")
        }
        let layout: RecordLayout
        if let wanted { layout = wanted } else { layout = try RecordLayout(of: type, table: name, path: handle.path) }
        let table = RecordDataset(
            name: name, layout: layout, keptBytes: max(chunkBytes, Limits.keptChunkBytes), handle: dataset)
        if let columns = layout.columns {
            let found = try table.extent[1]
            guard found == UInt64(columns) else {
                throw RecordLayout.unusable(name, handle.path, "has \(found) columns instead of \(columns)")
            }
        }
        try checkRoom(table)
        return table
    }

    /// Opens a table that must have the given layout.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` as ``table(_:)``, or with the field that differs.
    public func table(_ name: String, expecting layout: RecordLayout) throws(Fault) -> RecordDataset {
        let table = try table(name)
        if let difference = table.layout.difference(from: layout) {
            throw Fault(
                .badData, at: .file(handle.path), "table \"\(name)\" has unexpected fields: \(difference)",
                remedy: "use a file that was written with the same options")
        }
        return table
    }
}

extension Group {
    func openDataset(_ name: String) throws(Fault) -> Handle {
        guard try contains(name) else {
            throw Fault(
                .badData, at: .file(handle.path), "lacks the dataset \"\(name)\"",
                remedy: "check which program wrote the file")
        }
        try Group.refuseForeignLink(name, in: handle)
        return try openDataset(name, access: chdf5_p_default())
    }

    private func openDataset(_ name: String, access: hid_t) throws(Fault) -> Handle {
        let id = try Library.call("lacks the dataset \"\(name)\"", on: handle.path, as: .badData) {
            H5Dopen2(handle.id, name, access)
        }
        return Handle(id, path: handle.path, within: file) { H5Dclose($0) }
    }

    /// The same dataset with a cache for one of its chunks: a chunk larger than HDF5's cache would be read and unpacked
    /// again for every few rows.
    private func reopened(_ name: String, keeping chunkBytes: Int) throws(Fault) -> Handle {
        let list = try Identifier.propertyList(path: handle.path) { H5Pcreate(chdf5_p_dataset_access()) }
        try Library.call("cannot be prepared", on: handle.path, as: .inputOutput) {
            H5Pset_chunk_cache(list.id, 521, chunkBytes, 1)
        }
        return try openDataset(name, access: list.id)
    }

    /// Creates an empty dataset that can grow in its first dimension, with the filters of all our datasets.
    ///
    /// - Parameter chunk: the shape of a chunk; that of the dataset in the further dimensions.
    func createExtensible(
        _ name: String, type: borrowing Identifier, chunk: [hsize_t], deflate: UInt32? = nil
    ) throws(Fault) -> Handle {
        let list = try Identifier.propertyList(path: handle.path) { H5Pcreate(chdf5_p_dataset_create()) }
        try Library.call("the dataset \"\(name)\" cannot be created", on: handle.path, as: .usage) {
            var result = min(H5Pset_chunk(list.id, Int32(chunk.count), chunk), H5Pset_shuffle(list.id))
            if let deflate { result = min(result, H5Pset_deflate(list.id, deflate)) }
            return min(result, H5Pset_fletcher32(list.id))
        }
        let space = try Identifier.dataspace(path: handle.path) {
            let others = chunk.dropFirst()
            return H5Screate_simple(Int32(chunk.count), [0] + others, [chdf5_s_unlimited()] + others)
        }
        let typeID = type.id
        let id = try Library.call("the dataset \"\(name)\" cannot be created", on: handle.path, as: .inputOutput) {
            H5Dcreate2(handle.id, name, typeID, space.id, chdf5_p_default(), list.id, chdf5_p_default())
        }
        return Handle(id, path: handle.path, within: file) { H5Dclose($0) }
    }

    /// Refuses datasets that are not chunked, in one dimension or two (whose data may be in other files), and chunks
    /// that would exhaust memory; returns the bytes of a chunk.
    func checkStorage(_ dataset: Handle, _ name: String, rank: Int = 1) throws(Fault) -> Int {
        let list = try Identifier.propertyList(path: handle.path) { H5Dget_create_plist(dataset.id) }
        var lengths = [hsize_t](repeating: 0, count: rank)
        let found = Library.ignoring {
            H5Pget_layout(list.id) == H5D_CHUNKED ? H5Pget_chunk(list.id, Int32(rank), &lengths) : -1
        }
        guard found == Int32(rank) else {
            throw Fault(
                .badData, at: .file(handle.path),
                "dataset \"\(name)\" is not a chunked \(rank == 1 ? "list" : "table of rows and columns")",
                remedy: "check which program wrote the file")
        }
        let type = try Identifier.datatype(path: handle.path) { H5Dget_type(dataset.id) }
        let size = Library.ignoring { H5Tget_size(type.id) }
        let (chunk, overflow) = lengths.dropFirst().reduce((partialValue: lengths[0], overflow: false)) {
            let (product, overflow) = $0.partialValue.multipliedReportingOverflow(by: $1)
            return (product, $0.overflow || overflow)
        }
        guard !overflow, size > 0, size <= Limits.recordBytes, chunk > 0, chunk <= UInt64(Limits.chunkBytes / size)
        else {
            let shape = lengths.map { "\($0)" }.joined(separator: " times ")
            throw Limits.fault(handle.path, "\"\(name)\" declares chunks of \(shape) times \(size) bytes")
        }
        return Int(chunk) * size
    }

    /// Refuses a table that declares more records than can be unpacked from the bytes that it occupies.
    func checkRoom(_ table: RecordDataset) throws(Fault) {
        /// The largest compression ratio of deflate (zlib, "Maximum Expansion Factor": 1032:1).
        let bestCompression: UInt64 = 1_100
        let occupied = Library.ignoring { H5Dget_storage_size(table.handle.id) }
        let count = try table.count
        let (possible, overflow) = occupied.multipliedReportingOverflow(by: bestCompression)
        if !overflow, UInt64(count) * UInt64(table.layout.stride) > possible {
            throw Limits.fault(
                handle.path, "table \"\(table.name)\" declares \(count) records but occupies \(occupied) bytes")
        }
    }
}
