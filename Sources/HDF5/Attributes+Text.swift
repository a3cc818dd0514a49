import CHDF5
import Diagnostics

extension Attributes {
    /// A scalar text: UTF-8 or ASCII, of fixed or variable length.
    public func string(_ name: String) throws(Fault) -> String {
        let attribute = try open(name)
        let attributeID = attribute.id
        let type = try Identifier.datatype(path: path) { H5Aget_type(attributeID) }
        let isText = Library.ignoring { H5Tget_class(type.id) } == H5T_STRING
        guard isText, let shape = try elementCount(attribute), shape.count == 1 else {
            throw unexpected(name, wanted: "a text")
        }
        let isVariable = Library.ignoring { H5Tis_variable_str(type.id) } > 0
        let bytes =
            isVariable
            ? try variableText(name, attributeID, type.id) : try fixedText(name, attributeID, type.id)
        _ = consume attribute
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw unexpected(name, wanted: "valid UTF-8")
        }
        return text
    }

    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if the text contains a NUL, which would truncate it.
    public func set(_ name: String, _ text: String) throws(Fault) {
        guard !text.utf8.contains(0) else {
            throw Fault(.usage, at: .field(name), "contains a NUL character", remedy: "remove it")
        }
        var bytes = Array(text.utf8)
        if bytes.isEmpty { bytes = [0] }
        let type = try FixedText.datatype(bytes: bytes.count, path: path)
        let typeID = type.id
        try create(name, type: typeID) { attribute in
            bytes.withUnsafeBytes { H5Awrite(attribute, typeID, $0.baseAddress) }
        }
        _ = consume type
    }

    private func variableText(_ name: String, _ attribute: hid_t, _ type: hid_t) throws(Fault) -> [UInt8] {
        var pointer: UnsafeMutablePointer<CChar>?
        try Library.call("has an attribute \"\(name)\" that cannot be read", on: path, as: .badData) {
            H5Aread(attribute, type, &pointer)
        }
        guard let pointer else { return [] }
        defer { _ = Library.ignoring { H5free_memory(pointer) } }
        var length = 0
        while pointer[length] != 0 { length += 1 }
        guard length <= Limits.attributeBytes else {
            throw Limits.fault(path, "attribute \"\(name)\" claims \(length) bytes")
        }
        return UnsafeBufferPointer(start: pointer, count: length).map { UInt8(bitPattern: $0) }
    }

    private func fixedText(_ name: String, _ attribute: hid_t, _ type: hid_t) throws(Fault) -> [UInt8] {
        let size = Library.ignoring { H5Tget_size(type) }
        let padding = Library.ignoring { H5Tget_strpad(type) }
        guard size > 0, size <= Limits.attributeBytes else {
            throw Limits.fault(path, "attribute \"\(name)\" claims \(size) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        try Library.call("has an attribute \"\(name)\" that cannot be read", on: path, as: .badData) {
            bytes.withUnsafeMutableBytes { H5Aread(attribute, type, $0.baseAddress) }
        }
        return FixedText.trimmed(bytes[...], padding)
    }
}
