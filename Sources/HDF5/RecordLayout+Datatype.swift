import CHDF5
import Diagnostics

extension RecordLayout.Kind {
    /// HDF5's predefined little-endian type.
    var fileType: hid_t {
        switch self {
        case .int64: chdf5_t_std_i64le()
        case .uint64: chdf5_t_std_u64le()
        case .uint32: chdf5_t_std_u32le()
        case .float64: chdf5_t_ieee_f64le()
        }
    }
}

extension RecordLayout {
    /// The packed compound type, or that of a bare number, for both file and memory: bytes are not converted.
    func datatype(path: String) throws(Fault) -> Identifier {
        if isScalar { return try Identifier.datatype(path: path) { H5Tcopy(fields[0].kind.fileType) } }
        return try Identifier.datatype(path: path) {
            let type = H5Tcreate(H5T_COMPOUND, stride)
            guard type >= 0 else { return type }
            for field in fields where H5Tinsert(type, field.name, field.offset, field.kind.fileType) < 0 {
                H5Tclose(type)
                return -1
            }
            return type
        }
    }

    /// The layout of a compound type in a file; its fields may be padded or big-endian there, which HDF5 converts when
    /// it reads.
    init(of type: borrowing Identifier, table: String, path: String) throws(Fault) {
        let id = type.id
        guard Library.ignoring({ H5Tget_class(id) }) == H5T_COMPOUND else {
            throw RecordLayout.unusable(table, path, "is not a table of records")
        }
        let count = try Library.call("has a type that cannot be read", on: path, as: .badData) { H5Tget_nmembers(id) }
        let size = Library.ignoring { H5Tget_size(id) }
        guard (1...Limits.recordFields).contains(Int(count)), (1...Limits.recordBytes).contains(size) else {
            throw Limits.fault(path, "table \"\(table)\" declares records of \(count) fields and \(size) bytes")
        }
        var fields: [(name: String, kind: Kind)] = []
        for index in 0..<UInt32(count) {
            let memberName = Library.ignoring { () -> String? in
                guard let characters = H5Tget_member_name(id, index) else { return nil }
                defer { H5free_memory(characters) }
                return String(cString: characters)
            }
            guard let name = memberName else { throw RecordLayout.unusable(table, path, "has a nameless field") }
            let member = try Identifier.datatype(path: path) { H5Tget_member_type(id, index) }
            guard let kind = Kind(of: member) else {
                throw RecordLayout.unusable(table, path, "has a field \"\(name)\" of an unsupported type")
            }
            fields.append((name, kind))
        }
        do {
            try self.init(fields)
        } catch {
            throw RecordLayout.unusable(table, path, "cannot be used: \(error.problem)")
        }
    }

    static func unusable(_ table: String, _ path: String, _ problem: String) -> Fault {
        Fault(.badData, at: .file(path), "\"\(table)\" \(problem)", remedy: "check which program wrote the file")
    }
}

extension RecordLayout.Kind {
    /// The kind that represents every value of a file's type exactly; nil if there is none.
    init?(of type: borrowing Identifier) {
        let id = type.id
        let (typeClass, size, sign) = Library.ignoring {
            let typeClass = H5Tget_class(id)
            return (typeClass, H5Tget_size(id), typeClass == H5T_INTEGER ? H5Tget_sign(id) : H5T_SGN_NONE)
        }
        switch (typeClass, size, sign) {
        case (H5T_INTEGER, 8, H5T_SGN_2): self = .int64
        case (H5T_INTEGER, 8, H5T_SGN_NONE): self = .uint64
        case (H5T_INTEGER, 4, H5T_SGN_NONE): self = .uint32
        case (H5T_FLOAT, 8, _): self = .float64
        default: return nil
        }
    }
}
