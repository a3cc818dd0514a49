import CHDF5
import Diagnostics

/// Texts of a fixed length in a file: those of variable length are stored in HDF5's global heap, the only part without
/// checksums.
enum FixedText {
    /// The type of a UTF-8 text of up to as many bytes, padded with NUL.
    static func datatype(bytes: Int, path: String) throws(Fault) -> Identifier {
        try Identifier.datatype(path: path) {
            let type = H5Tcopy(chdf5_t_c_s1())
            guard type >= 0 else { return type }
            let settings = [
                H5Tset_size(type, bytes), H5Tset_cset(type, H5T_CSET_UTF8), H5Tset_strpad(type, H5T_STR_NULLPAD),
            ]
            guard settings.allSatisfy({ $0 >= 0 }) else {
                H5Tclose(type)
                return -1
            }
            return type
        }
    }

    /// A text without its padding.
    static func trimmed(_ bytes: ArraySlice<UInt8>, _ padding: H5T_str_t) -> [UInt8] {
        var text = Array(bytes.prefix { $0 != 0 })
        if padding == H5T_STR_SPACEPAD {
            while text.last == UInt8(ascii: " ") { text.removeLast() }
        }
        return text
    }
}

extension Group {
    /// Writes a list of texts as a dataset of UTF-8 of one fixed length.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for no texts, a text with a NUL, or more than 16 MiB of them;
    ///   ``Fault/Kind/inputOutput`` if the name exists or the file cannot be written.
    public func createTexts(_ name: String, _ texts: [String]) throws(Fault) {
        let length = max(1, texts.map(\.utf8.count).max() ?? 0)
        guard !texts.isEmpty, length <= Limits.recordBytes, texts.count <= Limits.attributeBytes / length,
            !texts.contains(where: { $0.utf8.contains(0) })
        else {
            throw Fault(
                .usage, "\(texts.count) texts of up to \(length) bytes cannot be stored as \"\(name)\"",
                remedy: "give fewer or shorter texts, without NUL characters")
        }
        var bytes: [UInt8] = []
        for text in texts { bytes += Array(text.utf8) + [UInt8](repeating: 0, count: length - text.utf8.count) }
        let type = try FixedText.datatype(bytes: length, path: handle.path)
        let count = [hsize_t(texts.count)]
        let dataset = try createExtensible(name, type: type, chunk: count)
        let typeID = type.id
        try Library.call("cannot be written to", on: handle.path, as: .inputOutput) {
            bytes.withUnsafeBytes {
                min(
                    H5Dset_extent(dataset.id, count),
                    H5Dwrite(
                        dataset.id, typeID, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), $0.baseAddress))
            }
        }
        _ = consume type
    }

    /// Reads a list of texts of a fixed length.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the name does not exist, is not such a list, is damaged,
    ///   or declares more than 16 MiB.
    public func texts(_ name: String) throws(Fault) -> [String] {
        let dataset = try openDataset(name)
        _ = try checkStorage(dataset, name)
        let type = try Identifier.datatype(path: handle.path) { H5Dget_type(dataset.id) }
        let space = try Identifier.dataspace(path: handle.path) { H5Dget_space(dataset.id) }
        let typeID = type.id
        let (isText, length, padding, count) = Library.ignoring {
            let isText = H5Tget_class(typeID) == H5T_STRING && H5Tis_variable_str(typeID) == 0
            return (
                isText, H5Tget_size(typeID), isText ? H5Tget_strpad(typeID) : H5T_STR_NULLPAD,
                H5Sget_simple_extent_npoints(space.id)
            )
        }
        guard isText, length > 0 else { throw RecordLayout.unusable(name, handle.path, "is not a list of texts") }
        guard count >= 0, count <= Int64(Limits.attributeBytes / length) else {
            throw Limits.fault(handle.path, "\"\(name)\" declares \(count) texts of \(length) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(count) * length)
        try Library.call("has damaged texts in \"\(name)\"", on: handle.path, as: .badData) {
            bytes.withUnsafeMutableBytes {
                H5Dread(dataset.id, typeID, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), $0.baseAddress)
            }
        }
        _ = consume type
        var texts: [String] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            let text = FixedText.trimmed(bytes[start..<start + length], padding)
            guard let valid = String(validating: text, as: UTF8.self) else {
                throw RecordLayout.unusable(name, handle.path, "is not valid UTF-8")
            }
            texts.append(valid)
        }
        return texts
    }
}
