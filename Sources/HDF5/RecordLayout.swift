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
    /// Whether a record is a bare number, or a row of them, instead of a compound.
    let isScalar: Bool
    /// The numbers in a record that is a row of a 2-D dataset; nil for a 1-D dataset.
    public let columns: Int?

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
        columns = nil
    }

    private init(scalar kind: Kind, columns: Int?) {
        fields = [Field(name: "", kind: kind, offset: 0)]
        stride = kind.size * (columns ?? 1)
        isScalar = true
        self.columns = columns
    }

    /// The layout of a list of bare numbers.
    public static func scalar(_ kind: Kind) -> RecordLayout { RecordLayout(scalar: kind, columns: nil) }

    /// The layout of a 2-D dataset of bare numbers, whose records are rows.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` for no columns, or more than 65,536.
    public static func rows(of kind: Kind, columns: Int) throws(Fault) -> RecordLayout {
        guard (1...Limits.columns).contains(columns) else {
            throw Fault(
                .usage, "a table with rows of \(columns) numbers is not possible",
                remedy: "use between 1 and \(Limits.columns)")
        }
        return RecordLayout(scalar: kind, columns: columns)
    }

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
