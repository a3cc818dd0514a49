import CHDF5
import Diagnostics
import Files

/// An open HDF5 file.
///
/// The file is closed with its last reference; call ``close()`` to learn whether that succeeded. Groups and datasets of
/// a closed file throw when used. HDF5's file locking is off, since it fails on network file systems: the caller
/// decides who may write.
///
/// New files have the format of HDF5 1.10, in which every piece of metadata has a checksum: older formats have none,
/// and HDF5 may crash on a damaged file. For the same reason nothing is stored in HDF5's global heap, which has no
/// checksum in any format, so texts have a fixed length.
public final class File: Sendable {
    public let path: String
    let handle: Handle

    private init(path: String, id: hid_t) {
        self.path = path
        handle = Handle(id, path: path, within: nil) { H5Fclose($0) }
    }

    /// Opens an existing file.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/missingInput`` if it does not exist or cannot be read,
    ///   ``Fault/Kind/badData`` if it is not an HDF5 file or is damaged, ``Fault/Kind/temporary`` if it is being
    ///   written or its writer was killed.
    public static func open(_ path: String) throws(Fault) -> File {
        // The system states clearly why a file cannot be read.
        _ = try OpenFile(path)
        let isHDF5 = try Library.call("cannot be opened", on: path, as: .badData) { H5Fis_hdf5(path) }
        guard isHDF5 > 0 else {
            throw Fault(
                .badData, at: .file(path), "is not an HDF5 file, or its beginning is damaged",
                remedy: "check that this is the intended file")
        }
        let list = try accessList(path)
        let id = try Library.call("cannot be opened", on: path, as: .badData) {
            H5Fopen(path, chdf5_f_acc_rdonly(), list.id)
        }
        return File(path: path, id: id)
    }

    /// Creates a file, replacing an existing one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/cannotCreate`` if the folder is missing or cannot be written to.
    public static func create(_ path: String) throws(Fault) -> File {
        // The system states clearly why a file cannot be created; HDF5 then fills the empty file.
        _ = try OpenFile(path, .replacing)
        let list = try accessList(path)
        let id = try Library.call("cannot be created", on: path, as: .cannotCreate) {
            H5Fcreate(path, chdf5_f_acc_trunc(), chdf5_p_default(), list.id)
        }
        return File(path: path, id: id)
    }

    /// Writes what is buffered and closes the file with all open objects in it. Closing twice has no effect.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if the rest could not be written.
    public func close() throws(Fault) { try handle.close() }

    /// The root group.
    public var root: Group {
        get throws(Fault) { try Group.open("/", in: handle, file: handle) }
    }
}

extension File {
    private static func accessList(_ path: String) throws(Fault) -> Identifier {
        let list = try Identifier.propertyList(path: path) { H5Pcreate(chdf5_p_file_access()) }
        try Library.call("cannot be prepared", on: path, as: .inputOutput) {
            [
                H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG), chdf5_disable_file_locking(list.id),
                chdf5_use_checksummed_format(list.id),
            ].min() ?? 0
        }
        return list
    }
}
