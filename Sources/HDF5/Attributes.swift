import CHDF5
import Diagnostics

/// The attributes of a file's root, of a group, or of a dataset: small named values.
///
/// Texts are stored as UTF-8 of fixed length and integers as 8-byte little-endian, so h5py returns `bytes` (to be
/// decoded) and `int64`. All reading methods throw ``Fault`` of kind ``Fault/Kind/badData`` if the attribute is
/// missing, of another type, or unreasonably large; all setters replace an existing value and throw kind
/// ``Fault/Kind/inputOutput`` if the file cannot be written.
public struct Attributes: Sendable {
    let owner: Handle
    let ownerName: String

    var path: String { owner.path }

    /// The names of all attributes, sorted.
    public func names() throws(Fault) -> [String] {
        var count: hsize_t = 0
        try Library.call("has attributes that cannot be listed", on: path, as: .badData) {
            chdf5_attribute_count(owner.id, &count)
        }
        guard count <= UInt64(Limits.attributeCount) else {
            throw Limits.fault(path, "\"\(ownerName)\" claims \(count) attributes")
        }
        var names: [String] = []
        for index in 0..<count {
            names.append(
                try readName { buffer, size in
                    H5Aget_name_by_idx(
                        owner.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, buffer, size, chdf5_p_default())
                })
        }
        return names
    }

    /// Whether an attribute with that name exists.
    public func contains(_ name: String) throws(Fault) -> Bool {
        try Library.call("has attributes that cannot be read", on: path, as: .badData) {
            H5Aexists(owner.id, name)
        } > 0
    }
}

extension Attributes {
    func open(_ name: String) throws(Fault) -> Identifier {
        guard try contains(name) else {
            throw Fault(
                .badData, at: .file(path), "lacks the attribute \"\(name)\" at \"\(ownerName)\"",
                remedy: "check which program wrote the file")
        }
        return try Identifier("has an attribute \"\(name)\" that cannot be read", path: path, as: .badData) {
            H5Aopen(owner.id, name, chdf5_p_default())
        }
    }

    func unexpected(_ name: String, wanted: String) -> Fault {
        Fault(
            .badData, at: .file(path), "attribute \"\(name)\" at \"\(ownerName)\" is not \(wanted)",
            remedy: "check which program wrote the file")
    }

    /// The number of elements of an attribute: 1 for a scalar, the length of a 1-D one, nil for any other shape.
    func elementCount(_ attribute: borrowing Identifier) throws(Fault) -> (count: Int, isScalar: Bool)? {
        let attributeID = attribute.id
        let space = try Identifier.dataspace(path: path) { H5Aget_space(attributeID) }
        let rank = try Library.call("has a shape that cannot be read", on: path, as: .badData) {
            H5Sget_simple_extent_ndims(space.id)
        }
        let points = try Library.call("has a shape that cannot be read", on: path, as: .badData) {
            H5Sget_simple_extent_npoints(space.id)
        }
        guard rank <= 1 else { return nil }
        guard points <= Int64(Limits.attributeBytes / 8) else {
            throw Limits.fault(path, "an attribute of \"\(ownerName)\" declares \(points) elements")
        }
        return (Int(points), rank == 0)
    }

    /// Creates a scalar attribute, replacing an existing one with that name.
    func create(_ name: String, type: hid_t, write: (hid_t) -> herr_t) throws(Fault) {
        if try contains(name) {
            try Library.call("attribute \"\(name)\" cannot be removed", on: path, as: .inputOutput) {
                H5Adelete(owner.id, name)
            }
        }
        let space = try Identifier.dataspace(path: path) { H5Screate(H5S_SCALAR) }
        let attempt = "attribute \"\(name)\" cannot be written"
        let attribute = try Identifier(attempt, path: path, as: .inputOutput) {
            H5Acreate2(owner.id, name, type, space.id, chdf5_p_default(), chdf5_p_default())
        }
        let attributeID = attribute.id
        try Library.call(attempt, on: path, as: .inputOutput) { write(attributeID) }
        _ = consume attribute
    }

    /// Reads a name as HDF5 requires: once for its length, once for its characters.
    private func readName(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int) throws(Fault) -> String {
        let attempt = "has attributes that cannot be listed"
        let length = try Library.call(attempt, on: path, as: .badData) { read(nil, 0) }
        guard length <= Limits.nameBytes else { throw Limits.fault(path, "contains a name of \(length) bytes") }
        var buffer = [CChar](repeating: 0, count: length + 1)
        try Library.call(attempt, on: path, as: .badData) {
            buffer.withUnsafeMutableBufferPointer { read($0.baseAddress, $0.count) }
        }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
