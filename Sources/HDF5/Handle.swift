import CHDF5
import Diagnostics
import Synchronization

/// The owner of one long-lived HDF5 identifier (a file, group or dataset), which it closes exactly once: when asked
/// to, or else when it goes.
final class Handle: Sendable {
    /// The file that the object lives in, for faults.
    let path: String
    /// The file's handle, nil for the file itself. Closing a file makes HDF5 release all that is open in it.
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

    /// The identifier, or one that HDF5 refuses if the object or its file is closed.
    var id: hid_t {
        if let file, !file.isOpen { return Handle.closed }
        return identifier.load(ordering: .sequentiallyConsistent)
    }

    var isOpen: Bool { id != Handle.closed }

    /// Closes the object; does nothing if it is closed already.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if what was buffered could not be written.
    func close() throws(Fault) {
        let id = identifier.exchange(Handle.closed, ordering: .sequentiallyConsistent)
        guard id != Handle.closed, file?.isOpen ?? true else { return }
        try Library.call("cannot be closed", on: path, as: .inputOutput) { release(id) }
    }

    deinit { try? close() }
}

/// An HDF5 datatype that this code made or was handed, closed when it goes out of scope.
struct Datatype: ~Copyable {
    let id: hid_t

    init(path: String, _ make: () -> hid_t) throws(Fault) {
        id = try Library.call("has a type that cannot be used", on: path, as: .badData, make)
    }

    deinit {
        let id = id
        _ = Library.ignoring { H5Tclose(id) }
    }
}

/// An HDF5 dataspace (the shape of an attribute or dataset, or a selection in it), closed when it goes out of scope.
struct Dataspace: ~Copyable {
    let id: hid_t

    init(path: String, _ make: () -> hid_t) throws(Fault) {
        id = try Library.call("has a shape that cannot be used", on: path, as: .badData, make)
    }

    deinit {
        let id = id
        _ = Library.ignoring { H5Sclose(id) }
    }
}

/// An HDF5 property list, closed when it goes out of scope.
struct PropertyList: ~Copyable {
    let id: hid_t

    init(path: String, _ make: () -> hid_t) throws(Fault) {
        id = try Library.call("cannot be prepared", on: path, as: .inputOutput, make)
    }

    deinit {
        let id = id
        _ = Library.ignoring { H5Pclose(id) }
    }
}

/// An open HDF5 attribute, closed when it goes out of scope.
struct AttributeHandle: ~Copyable {
    let id: hid_t

    init(_ attempt: @autoclosure () -> String, path: String, as kind: Fault.Kind, _ make: () -> hid_t) throws(Fault) {
        id = try Library.call(attempt(), on: path, as: kind, make)
    }

    deinit {
        let id = id
        _ = Library.ignoring { H5Aclose(id) }
    }
}
