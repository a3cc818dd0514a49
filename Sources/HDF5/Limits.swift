import Diagnostics

/// The largest sizes that a file may declare: far above anything written here, far below what would exhaust memory.
enum Limits {
    /// Number of attributes of an object.
    static let attributeCount = 100_000
    /// Bytes of an attribute.
    static let attributeBytes = 16 << 20
    /// Bytes of a name.
    static let nameBytes = 64 << 10
    /// Bytes of a record of a table.
    static let recordBytes = 64 << 10
    /// Number of fields of a record.
    static let recordFields = 4_096
    /// Numbers in a row of a 2-D dataset.
    static let columns = 65_536
    /// Bytes of a chunk of a dataset, which is read into memory as a whole.
    static let chunkBytes = 256 << 20
    /// Bytes of chunks that HDF5 caches for a dataset by default.
    static let keptChunkBytes = 1 << 20
    /// Bytes read by one call.
    static let readBytes = 1 << 34

    static func fault(_ path: String, _ claim: String) -> Fault {
        Fault(
            .badData, at: .file(path), "\(claim), which is impossible",
            remedy: "the file is damaged or was not written by this program; use a sound copy")
    }
}
