import CHDF5
import Foundation
import Testing

/// A chunk that is changed by HDF5 itself, behind the back of our programs: all checksums are right afterwards.
struct EditedChunk {
    let path: String

    /// Calls `body` with the open file.
    private func edit(_ body: (hid_t) throws -> Void) throws {
        let access = H5Pcreate(chdf5_p_file_access())
        defer { H5Pclose(access) }
        _ = chdf5_disable_file_locking(access)
        _ = chdf5_use_checksummed_format(access)
        let file = H5Fopen(path, chdf5_f_acc_rdwr(), access)
        try #require(file >= 0)
        defer { H5Fclose(file) }
        try body(file)
    }

    /// Renames an object and leaves a link in its place: to its new name, or to the object of that name in another file.
    func link(_ name: String, toFile other: String?) throws {
        try edit { file in
            try #require(H5Lmove(file, name, file, "kept", chdf5_p_default(), chdf5_p_default()) >= 0)
            let made =
                other.map { H5Lcreate_external($0, "/" + name, file, name, chdf5_p_default(), chdf5_p_default()) }
                ?? H5Lcreate_soft("/kept", file, name, chdf5_p_default(), chdf5_p_default())
            try #require(made >= 0)
        }
    }

    /// Stores the trials in HDF5 chunks of so many rows, compressed, as `h5repack` would.
    func repack(rows: Int) throws {
        try edit { file in
            let old = H5Dopen2(file, "trials", chdf5_p_default())
            let (type, space) = (H5Dget_type(old), H5Dget_space(old))
            var count: hsize_t = 0
            try #require(H5Sget_simple_extent_dims(space, &count, nil) == 1)
            var bytes = [UInt8](repeating: 0, count: Int(count) * H5Tget_size(type))
            try #require(H5Dread(old, type, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), &bytes) >= 0)
            H5Dclose(old)
            H5Ldelete(file, "trials", chdf5_p_default())
            let list = H5Pcreate(chdf5_p_dataset_create())
            var (chunk, unlimited) = (hsize_t(rows), chdf5_s_unlimited())
            H5Pset_chunk(list, 1, &chunk)
            H5Pset_shuffle(list)
            H5Pset_deflate(list, 1)
            H5Pset_fletcher32(list)
            let target = H5Screate_simple(1, &count, &unlimited)
            let new = H5Dcreate2(file, "trials", type, target, chdf5_p_default(), list, chdf5_p_default())
            try #require(H5Dwrite(new, type, chdf5_s_all(), chdf5_s_all(), chdf5_p_default(), bytes) >= 0)
            H5Dclose(new)
            H5Sclose(target)
            H5Pclose(list)
            H5Sclose(space)
            H5Tclose(type)
        }
    }
}
