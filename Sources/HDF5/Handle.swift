import CHDF5
import Diagnostics
import Synchronization

/// The owner of one long-lived HDF5 identifier (a file, group or dataset), which it closes exactly once: on request, or
/// else when it is deallocated.
final class Handle: Sendable {
    /// The file of the object, for faults.
    let path: String
    /// The file's handle, nil for the file itself. Closing a file makes HDF5 release all open objects in it.
    private let file: Handle?
    private let identifier: Atomic<hid_t>
    private let release: @Sendable (hid_t) -> herr_t

    private static let closed: hid_t = -1

    init(_ identifier: hid_t, path: String, within file: Handle?, release: @escaping @Sendable (hid_t) -> herr_t) {
        self.identifier = Atomic(identifier)
        self.path = path
        self.file = file
        self.release = release
    }

    /// The identifier, or an invalid one if the object or its file is closed.
    var id: hid_t {
        if let file, !file.isOpen { return Handle.closed }
        return identifier.load(ordering: .sequentiallyConsistent)
    }

    var isOpen: Bool { id != Handle.closed }

    /// Closes the object; has no effect if it is already closed.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if what was buffered could not be written.
    func close() throws(Fault) {
        let id = identifier.exchange(Handle.closed, ordering: .sequentiallyConsistent)
        guard id != Handle.closed, file?.isOpen ?? true else { return }
        try Library.call("cannot be closed", on: path, as: .inputOutput) { release(id) }
    }

    deinit { try? close() }
}

/// A short-lived HDF5 identifier (a datatype, dataspace, property list or attribute), released at the end of its scope.
struct Identifier: ~Copyable {
    let id: hid_t

    init(_ attempt: @autoclosure () -> String, path: String, as kind: Fault.Kind, _ make: () -> hid_t) throws(Fault) {
        id = try Library.call(attempt(), on: path, as: kind, make)
    }

    /// The type of an attribute or of a dataset's records.
    static func datatype(path: String, _ make: () -> hid_t) throws(Fault) -> Identifier {
        try Identifier("has a type that cannot be used", path: path, as: .badData, make)
    }

    /// The shape of an attribute or dataset, or a selection in it.
    static func dataspace(path: String, _ make: () -> hid_t) throws(Fault) -> Identifier {
        try Identifier("has a shape that cannot be used", path: path, as: .badData, make)
    }

    static func propertyList(path: String, _ make: () -> hid_t) throws(Fault) -> Identifier {
        try Identifier("cannot be prepared", path: path, as: .inputOutput, make)
    }

    deinit {
        let id = id
        // Closes an object of any kind.
        _ = Library.ignoring { H5Idec_ref(id) }
    }
}
