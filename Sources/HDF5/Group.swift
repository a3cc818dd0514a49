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
        let id = try Library.call("lacks the group \"\(name)\"", on: parent.path, as: .badData) {
            H5Gopen2(parent.id, name, chdf5_p_default())
        }
        return Group(name: name, handle: Handle(id, path: parent.path, within: file) { H5Gclose($0) }, file: file)
    }

    public var attributes: Attributes { Attributes(owner: handle, ownerName: name) }

    /// Opens a group directly below this one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if it does not exist.
    public func group(_ name: String) throws(Fault) -> Group { try Group.open(name, in: handle, file: file) }

    /// Creates a group directly below this one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if the name exists or the file cannot be written.
    @discardableResult
    public func createGroup(_ name: String) throws(Fault) -> Group {
        let id = try Library.call("the group \"\(name)\" cannot be created", on: handle.path, as: .inputOutput) {
            H5Gcreate2(handle.id, name, chdf5_p_default(), chdf5_p_default(), chdf5_p_default())
        }
        return Group(name: name, handle: Handle(id, path: handle.path, within: file) { H5Gclose($0) }, file: file)
    }

    /// Refuses a name that is a link: to another file, or to another name in this one.
    static func refuseForeignLink(_ name: String, in parent: Handle) throws(Fault) {
        let isHard = try Library.call("contains nothing with the name \"\(name)\"", on: parent.path, as: .badData) {
            chdf5_is_hard_link(parent.id, name)
        }
        guard isHard == 0 else { return }
        throw Fault(
            .badData, at: .file(parent.path),
            "\"\(name)\" is a link to another place or file, and links are not followed",
            remedy: "use the file as its writer left it, without links")
    }

    /// Whether the name exists directly below this group.
    public func contains(_ name: String) throws(Fault) -> Bool {
        try Library.call("cannot be searched for \"\(name)\"", on: handle.path, as: .badData) {
            H5Lexists(handle.id, name, chdf5_p_default())
        } > 0
    }
}
