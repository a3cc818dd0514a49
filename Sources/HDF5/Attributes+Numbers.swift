import CHDF5
import Diagnostics

extension Attributes {
    /// A scalar integer. Any width and sign that fits is read.
    public func int64(_ name: String) throws(Fault) -> Int64 {
        let integer = try scalarInteger(name)
        guard let value = Int64(exactly: integer) else { throw unexpected(name, wanted: "a 64-bit signed integer") }
        return value
    }

    /// A scalar integer that is not negative.
    public func uint64(_ name: String) throws(Fault) -> UInt64 {
        let integer = try scalarInteger(name)
        guard let value = UInt64(exactly: integer) else { throw unexpected(name, wanted: "a 64-bit unsigned integer") }
        return value
    }

    /// A scalar number.
    public func double(_ name: String) throws(Fault) -> Double {
        let values = try read(
            name, wanted: "a number", classes: [H5T_INTEGER, H5T_FLOAT], scalar: true,
            as: chdf5_t_native_double(), zero: 0.0)
        guard let value = values.first else { throw unexpected(name, wanted: "a number") }
        return value
    }

    /// A 1-D list of numbers.
    public func doubles(_ name: String) throws(Fault) -> [Double] {
        try read(
            name, wanted: "a list of numbers", classes: [H5T_INTEGER, H5T_FLOAT], scalar: false,
            as: chdf5_t_native_double(), zero: 0.0)
    }

    /// A 1-D list of signed integers.
    public func int64s(_ name: String) throws(Fault) -> [Int64] {
        try read(
            name, wanted: "a list of integers", classes: [H5T_INTEGER], scalar: false,
            as: chdf5_t_native_int64(), zero: Int64(0))
    }

    /// Writes an integer, in place where there is one.
    public func set(_ name: String, _ value: Int64) throws(Fault) {
        var value = value
        if try overwrite(name, &value, as: chdf5_t_native_int64(), fileType: chdf5_t_std_i64le()) { return }
        try create(name, type: chdf5_t_std_i64le(), count: nil) { H5Awrite($0, chdf5_t_native_int64(), &value) }
    }

    /// Writes an unsigned integer, in place where there is one.
    public func set(_ name: String, _ value: UInt64) throws(Fault) {
        var value = value
        if try overwrite(name, &value, as: chdf5_t_native_uint64(), fileType: chdf5_t_std_u64le()) { return }
        try create(name, type: chdf5_t_std_u64le(), count: nil) { H5Awrite($0, chdf5_t_native_uint64(), &value) }
    }

    /// Writes a number, in place where there is one.
    public func set(_ name: String, _ value: Double) throws(Fault) {
        var value = value
        if try overwrite(name, &value, as: chdf5_t_native_double(), fileType: chdf5_t_ieee_f64le()) { return }
        try create(name, type: chdf5_t_ieee_f64le(), count: nil) { H5Awrite($0, chdf5_t_native_double(), &value) }
    }

    /// Writes a list of numbers.
    public func set(_ name: String, _ values: [Double]) throws(Fault) {
        try create(name, type: chdf5_t_ieee_f64le(), count: values.count) { attribute in
            values.isEmpty
                ? 0 : values.withUnsafeBytes { H5Awrite(attribute, chdf5_t_native_double(), $0.baseAddress) }
        }
    }

    /// Writes a list of integers.
    public func set(_ name: String, _ values: [Int64]) throws(Fault) {
        try create(name, type: chdf5_t_std_i64le(), count: values.count) { attribute in
            values.isEmpty ? 0 : values.withUnsafeBytes { H5Awrite(attribute, chdf5_t_native_int64(), $0.baseAddress) }
        }
    }
}

extension Attributes {
    /// Reads an integer by its own sign, so that none is clipped on the way (HDF5 would).
    private func scalarInteger(_ name: String) throws(Fault) -> any BinaryInteger {
        let signed = try read(
            name, wanted: "an integer", classes: [H5T_INTEGER], scalar: true, as: chdf5_t_native_int64(),
            zero: Int64(0))
        let unsigned = try read(
            name, wanted: "an integer", classes: [H5T_INTEGER], scalar: true, as: chdf5_t_native_uint64(),
            zero: UInt64(0))
        guard let signed = signed.first, let unsigned = unsigned.first else {
            throw unexpected(name, wanted: "an integer")
        }
        // HDF5 clips to the range of the type asked for: a negative value reads as unsigned 0, one above
        // Int64.max as signed Int64.max.
        return signed < 0 ? signed : unsigned
    }

    private func read<Number>(
        _ name: String, wanted: String, classes: [H5T_class_t], scalar: Bool, as memoryType: hid_t, zero: Number
    ) throws(Fault) -> [Number] {
        let attribute = try open(name)
        let attributeID = attribute.id
        let type = try Datatype(path: path) { H5Aget_type(attributeID) }
        let typeClass = Library.ignoring { H5Tget_class(type.id) }
        guard classes.contains(typeClass), let shape = try elementCount(attribute), shape.isScalar || !scalar else {
            throw unexpected(name, wanted: wanted)
        }
        var values = [Number](repeating: zero, count: shape.count)
        if values.isEmpty { return values }
        try Library.call("has an attribute \"\(name)\" that cannot be read", on: path, as: .badData) {
            values.withUnsafeMutableBytes { H5Aread(attributeID, memoryType, $0.baseAddress) }
        }
        _ = consume attribute
        return values
    }

    /// Writes a scalar into an attribute of the same type and shape if there is one: no metadata changes, so a
    /// counter that is updated often costs no room.
    ///
    /// - Returns: false if there is no such attribute.
    private func overwrite<Number>(
        _ name: String, _ value: inout Number, as memoryType: hid_t, fileType: hid_t
    ) throws(Fault) -> Bool {
        guard try contains(name) else { return false }
        let attribute = try open(name)
        let attributeID = attribute.id
        let type = try Datatype(path: path) { H5Aget_type(attributeID) }
        let isSame = Library.ignoring { H5Tequal(type.id, fileType) } > 0
        guard isSame, let shape = try elementCount(attribute), shape.isScalar else { return false }
        try Library.call("cannot take attribute \"\(name)\"", on: path, as: .inputOutput) {
            withUnsafePointer(to: &value) { H5Awrite(attributeID, memoryType, $0) }
        }
        _ = consume attribute
        return true
    }
}
