import CHDF5
import Diagnostics

/// A group of an HDF5 file: a folder of datasets and further groups, with attributes.
public struct Group: Sendable {
    /// The group's path inside the file, "/" for the root.
    public let name: String
    let handle: Handle
    let file: Handle

    static func open(_ name: String, in parent: Handle, file: Handle) throws(Fault) -> Group {
        if name != "/" { try refuseForeignLink(name, in: parent) }
        let id = try Library.call("holds no group \"\(name)\"", on: parent.path, as: .badData) {
            H5Gopen2(parent.id, name, chdf5_p_default())
        }
        return Group(name: name, handle: Handle(id, path: parent.path, within: file) { H5Gclose($0) }, file: file)
    }

    public var attributes: Attributes { Attributes(owner: handle, ownerName: name) }

    /// Opens a group directly below this one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if there is none of that name.
    public func group(_ name: String) throws(Fault) -> Group { try Group.open(name, in: handle, file: file) }

    /// Creates a group directly below this one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if something of that name exists or the file cannot be
    ///   written.
    @discardableResult
    public func createGroup(_ name: String) throws(Fault) -> Group {
        let id = try Library.call("cannot take a group \"\(name)\"", on: handle.path, as: .inputOutput) {
            H5Gcreate2(handle.id, name, chdf5_p_default(), chdf5_p_default(), chdf5_p_default())
        }
        return Group(name: name, handle: Handle(id, path: handle.path, within: file) { H5Gclose($0) }, file: file)
    }

    /// Refuses a name that leads elsewhere: to another file, or to another name of this one.
    static func refuseForeignLink(_ name: String, in parent: Handle) throws(Fault) {
        let isHard = try Library.call("holds nothing of the name \"\(name)\"", on: parent.path, as: .badData) {
            chdf5_is_hard_link(parent.id, name)
        }
        guard isHard == 0 else { return }
        throw Fault(
            .badData, at: .file(parent.path),
            "\"\(name)\" is a link to another place or file, and links are not followed",
            remedy: "use the file that its writer left, with everything in it")
    }

    /// Whether something of that name stands directly below this group.
    public func contains(_ name: String) throws(Fault) -> Bool {
        try Library.call("cannot be searched for \"\(name)\"", on: handle.path, as: .badData) {
            H5Lexists(handle.id, name, chdf5_p_default())
        } > 0
    }
}
