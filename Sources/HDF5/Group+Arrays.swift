import CHDF5
import Diagnostics

extension Group {
    /// Stores a list of numbers as a dataset of its own.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if something of that name exists or the file cannot be
    ///   written.
    public func write(_ name: String, _ values: [Double]) throws(Fault) {
        try write(name, values, fileType: chdf5_t_ieee_f64le(), memoryType: chdf5_t_native_double())
    }

    /// Stores a list of integers as a dataset of its own; throws like ``write(_:_:)-(_,[Double])``.
    public func write(_ name: String, _ values: [Int64]) throws(Fault) {
        try write(name, values, fileType: chdf5_t_std_i64le(), memoryType: chdf5_t_native_int64())
    }

    /// Reads a 1-D dataset of numbers.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if it is missing, of another type or shape, or damaged.
    public func doubles(_ name: String) throws(Fault) -> [Double] {
        try read(name, classes: [H5T_INTEGER, H5T_FLOAT], as: chdf5_t_native_double(), zero: 0.0)
    }

    /// Reads a 1-D dataset of integers; throws like ``doubles(_:)``.
    public func int64s(_ name: String) throws(Fault) -> [Int64] {
        try read(name, classes: [H5T_INTEGER], as: chdf5_t_native_int64(), zero: Int64(0))
    }

    private func write<Number>(
        _ name: String, _ values: [Number], fileType: hid_t, memoryType: hid_t
    ) throws(Fault) {
        let type = try Datatype(path: handle.path) { H5Tcopy(fileType) }
        let chunk = min(max(values.count, 1), 1 << 17)
        let dataset = try createExtensible(name, type: type, chunk: chunk, length: values.count, deflate: nil)
        if values.isEmpty { return }
        try Library.call("cannot take a dataset \"\(name)\"", on: handle.path, as: .inputOutput) {
            values.withUnsafeBytes {
                H5Dwrite(dataset.id, memoryType, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), $0.baseAddress)
            }
        }
        try dataset.close()
    }

    private func read<Number>(
        _ name: String, classes: [H5T_class_t], as memoryType: hid_t, zero: Number
    ) throws(Fault) -> [Number] {
        let dataset = try openDataset(name)
        try checkStorage(dataset, name)
        let type = try Datatype(path: handle.path) { H5Dget_type(dataset.id) }
        let typeClass = Library.ignoring { H5Tget_class(type.id) }
        let space = try Dataspace(path: handle.path) { H5Dget_space(dataset.id) }
        let points = Library.ignoring { H5Sget_simple_extent_npoints(space.id) }
        guard classes.contains(typeClass) else {
            throw Fault(
                .badData, at: .file(handle.path), "dataset \"\(name)\" is not a list of numbers",
                remedy: "check which program wrote the file")
        }
        let occupied = Library.ignoring { H5Dget_storage_size(dataset.id) }
        guard points >= 0, points <= Int64(Limits.readBytes / 8), UInt64(points) <= occupied else {
            throw Limits.fault(handle.path, "\"\(name)\" claims \(points) numbers but occupies \(occupied) bytes")
        }
        var values = [Number](repeating: zero, count: Int(points))
        if values.isEmpty { return values }
        try Library.call("has a damaged dataset \"\(name)\"", on: handle.path, as: .badData) {
            values.withUnsafeMutableBytes {
                H5Dread(dataset.id, memoryType, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), $0.baseAddress)
            }
        }
        return values
    }
}
