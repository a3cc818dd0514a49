import Diagnostics

/// The fields of one record of a table, packed without gaps, every number little-endian.
///
/// In a file this is an HDF5 compound type, which h5py reads as a numpy structured type.
public struct RecordLayout: Sendable, Hashable {
    /// The type of a field.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case int64, uint64, uint32, float64

        /// Bytes of a value.
        public var size: Int { self == .uint32 ? 4 : 8 }
    }

    /// A field: its name, its type, and its start in the record, in bytes.
    public struct Field: Sendable, Hashable {
        public let name: String
        public let kind: Kind
        public let offset: Int
    }

    public let fields: [Field]
    /// Bytes of a record.
    public let stride: Int
    /// Whether a record is a bare number instead of a compound.
    let isScalar: Bool

    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` for no fields, a field without a name, two with the same name,
    ///   or a record that is larger than HDF5's header reasonably allows (64 KiB, 4,096 fields).
    public init(_ fields: [(name: String, kind: Kind)]) throws(Fault) {
        var offset = 0
        var placed: [Field] = []
        var names = Set<String>()
        for (name, kind) in fields {
            guard !name.isEmpty, !name.utf8.contains(0) else {
                throw Fault(
                    .usage, "\"\(name)\" is not a valid name for a field of a table", remedy: "give it another name")
            }
            guard names.insert(name).inserted else {
                throw Fault(.usage, "two fields of a table are named \"\(name)\"", remedy: "name each field once")
            }
            placed.append(Field(name: name, kind: kind, offset: offset))
            offset += kind.size
        }
        guard !placed.isEmpty, offset <= Limits.recordBytes, placed.count <= Limits.recordFields else {
            throw Fault(
                .usage, "a table of \(placed.count) fields is not possible",
                remedy: "use between 1 and \(Limits.recordFields) fields")
        }
        self.fields = placed
        stride = offset
        isScalar = false
    }

    private init(scalar kind: Kind) {
        fields = [Field(name: "", kind: kind, offset: 0)]
        stride = kind.size
        isScalar = true
    }

    /// The layout of a list of bare numbers.
    public static func scalar(_ kind: Kind) -> RecordLayout { RecordLayout(scalar: kind) }

    /// The field with that name.
    ///
    /// - Complexity: O(number of fields).
    public subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The first difference of this layout from the required one, as a clause; nil if they are equal.
    public func difference(from wanted: RecordLayout) -> String? {
        for field in wanted.fields {
            guard let own = self[field.name] else { return "field \"\(field.name)\" is missing" }
            if own.kind != field.kind { return "field \"\(field.name)\" is \(own.kind) instead of \(field.kind)" }
        }
        for field in fields where wanted[field.name] == nil { return "field \"\(field.name)\" is unexpected" }
        for (own, other) in zip(fields, wanted.fields) where own.name != other.name {
            return "field \"\(own.name)\" is in the place of \"\(other.name)\""
        }
        return nil
    }
}
