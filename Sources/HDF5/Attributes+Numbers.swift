import CHDF5
import Diagnostics

extension Attributes {
    /// A scalar integer of any width and sign that fits.
    public func int64(_ name: String) throws(Fault) -> Int64 {
        let attribute = try open(name)
        let attributeID = attribute.id
        let type = try Identifier.datatype(path: path) { H5Aget_type(attributeID) }
        let isInteger = Library.ignoring { H5Tget_class(type.id) } == H5T_INTEGER
        guard isInteger, let shape = try elementCount(attribute), shape.isScalar else {
            throw unexpected(name, wanted: "an integer")
        }
        // HDF5 clips to the range of the requested type: a value above Int64.max reads as signed Int64.max.
        var (signed, unsigned) = (Int64(0), UInt64(0))
        try Library.call("has an attribute \"\(name)\" that cannot be read", on: path, as: .badData) {
            min(
                H5Aread(attributeID, chdf5_t_native_int64(), &signed),
                H5Aread(attributeID, chdf5_t_native_uint64(), &unsigned))
        }
        _ = consume attribute
        guard unsigned <= UInt64(Int64.max) else { throw unexpected(name, wanted: "a 64-bit signed integer") }
        return signed
    }

    /// Writes an integer.
    public func set(_ name: String, _ value: Int64) throws(Fault) {
        var value = value
        try create(name, type: chdf5_t_std_i64le()) { H5Awrite($0, chdf5_t_native_int64(), &value) }
    }
}
