import CHDF5
import Diagnostics
import Foundation

/// An open HDF5 file.
///
/// The file closes when its last reference goes; call ``close()`` to learn whether that succeeded. Groups and datasets
/// of a closed file throw when used. HDF5's file locking is off, since it fails on network file systems: who may
/// write is the caller's business.
///
/// New files have the format of HDF5 1.10, since there every piece of metadata carries a checksum: older formats do
/// not, and HDF5 may crash on a damaged one. For the same reason nothing is stored in HDF5's global heap, which has no
/// checksum in any format, so texts are of fixed length.
public final class File: Sendable {
    public let path: String
    let handle: Handle

    /// How an existing file is opened.
    public enum Access: Sendable {
        case readOnly, readWrite
    }

    /// What ``create(_:_:)`` does about a file that is there already.
    public enum Creation: Sendable {
        /// Refuse.
        case exclusive
        /// Replace its content.
        case truncate
    }

    private init(path: String, id: hid_t) {
        self.path = path
        handle = Handle(id, path: path, within: nil) { H5Fclose($0) }
    }

    /// Opens an existing file.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/missingInput`` if it does not exist or may not be read,
    ///   ``Fault/Kind/badData`` if it is no HDF5 file or a damaged one, ``Fault/Kind/temporary`` if it is being written
    ///   or its writer was killed.
    public static func open(_ path: String, _ access: Access = .readOnly) throws(Fault) -> File {
        try checkReadable(path, access)
        let isHDF5 = Library.ignoring { H5Fis_hdf5(path) }
        guard isHDF5 > 0 else {
            throw Fault(
                .badData, at: .file(path), "is not an HDF5 file, or its beginning is damaged",
                remedy: "check that this is the file you meant")
        }
        let list = try accessList(path)
        let flags = access == .readOnly ? chdf5_f_acc_rdonly() : chdf5_f_acc_rdwr()
        let id = try Library.call("cannot be opened", on: path, as: .badData) { H5Fopen(path, flags, list.id) }
        return File(path: path, id: id)
    }

    /// Creates a file.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/cannotCreate`` if the folder is missing or may not be written to, or if
    ///   the file exists and `creation` is ``Creation/exclusive``.
    public static func create(_ path: String, _ creation: Creation) throws(Fault) -> File {
        // The system says plainly why a file cannot be created, and creates exclusively without a race; HDF5 then
        // fills the empty file.
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | (creation == .exclusive ? O_EXCL : 0)
        let descriptor = Foundation.open(path, flags, 0o666)
        guard descriptor >= 0 else { throw creationFault(path, errno) }
        Foundation.close(descriptor)
        let list = try accessList(path)
        let id = try Library.call("cannot be created", on: path, as: .cannotCreate) {
            H5Fcreate(path, chdf5_f_acc_trunc(), chdf5_p_default(), list.id)
        }
        return File(path: path, id: id)
    }

    /// Hands everything written so far to the operating system.
    public func flush() throws(Fault) {
        try Library.call("cannot be written", on: path, as: .inputOutput) { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
    }

    /// Hands everything written so far to the operating system, and has that put it on the device.
    public func synchronize() throws(Fault) {
        try flush()
        var descriptor: UnsafeMutableRawPointer?
        try Library.call("cannot be written", on: path, as: .inputOutput) {
            H5Fget_vfd_handle(handle.id, chdf5_p_default(), &descriptor)
        }
        guard let descriptor else { return }
        if fsync(descriptor.load(as: Int32.self)) != 0 {
            let reason = String(cString: strerror(errno))
            throw Fault(.inputOutput, at: .file(path), "cannot be brought to the device (\(reason))")
        }
    }

    /// Writes what is buffered and closes the file with all that is open in it. Closing twice is harmless.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if the rest could not be written.
    public func close() throws(Fault) { try handle.close() }

    public var isOpen: Bool { handle.isOpen }

    /// The group that holds everything else.
    public var root: Group {
        get throws(Fault) { try Group.open("/", in: handle, file: handle) }
    }
}

extension File {
    private static func accessList(_ path: String) throws(Fault) -> PropertyList {
        let list = try PropertyList(path: path) { H5Pcreate(chdf5_p_file_access()) }
        try Library.call("cannot be prepared", on: path, as: .inputOutput) {
            [
                H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG), chdf5_disable_file_locking(list.id),
                chdf5_use_checksummed_format(list.id),
            ].min() ?? 0
        }
        return list
    }

    private static func checkReadable(_ path: String, _ access: Access) throws(Fault) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let missing = errno == ENOENT || errno == ENOTDIR
            throw Fault(
                .missingInput, at: .file(path),
                missing ? "does not exist" : "cannot be opened (\(String(cString: strerror(errno))))",
                remedy: missing ? "check the path" : nil)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(.badData, at: .file(path), "is not a regular file", remedy: "name an HDF5 file")
        }
        guard Foundation.access(path, access == .readOnly ? R_OK : R_OK | W_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw access == .readOnly
                ? Fault(.missingInput, at: .file(path), "cannot be read (\(reason))", remedy: "check its permissions")
                : Fault(.cannotCreate, at: .file(path), "cannot be written to (\(reason))", remedy: "check permissions")
        }
    }

    private static func creationFault(_ path: String, _ error: Int32) -> Fault {
        let reason = String(cString: strerror(error))
        return switch error {
        case EEXIST: Fault(.cannotCreate, at: .file(path), "exists already", remedy: "name another file or remove it")
        case ENOENT: Fault(.cannotCreate, at: .file(path), "its folder does not exist", remedy: "make the folder first")
        case ENOSPC, EDQUOT: Fault(.inputOutput, at: .file(path), "cannot be created (\(reason))", remedy: "free space")
        default: Fault(.cannotCreate, at: .file(path), "cannot be created (\(reason))", remedy: "check the folder")
        }
    }
}
