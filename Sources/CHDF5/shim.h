// HDF5's C interface for Swift. Most of its constants are macros that open the library or cast, which Swift
// does not import; each one that the HDF5 module needs is here as an inline function of the same name in
// small letters.

#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>

// Identifiers that stand for "the default" or "everything".
static inline hid_t chdf5_p_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_s_all(void) { return H5S_ALL; }
static inline hid_t chdf5_e_default(void) { return H5E_DEFAULT; }
static inline hsize_t chdf5_s_unlimited(void) { return H5S_UNLIMITED; }

// How a file is opened.
static inline unsigned chdf5_f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_f_acc_rdwr(void) { return H5F_ACC_RDWR; }
static inline unsigned chdf5_f_acc_trunc(void) { return H5F_ACC_TRUNC; }

// Property list classes.
static inline hid_t chdf5_p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_p_dataset_access(void) { return H5P_DATASET_ACCESS; }

// 1 for a link to an object of the same file, 0 for a soft, external or other link; negative if it fails.
static inline int chdf5_is_hard_link(hid_t group, const char *name) {
    H5L_info_t info;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
    return info.type == H5L_TYPE_HARD;
}

// Types in the file: little-endian on every machine.
static inline hid_t chdf5_t_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_t_std_u64le(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_t_std_u32le(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_t_ieee_f64le(void) { return H5T_IEEE_F64LE; }

// Types in memory.
static inline hid_t chdf5_t_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_t_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t chdf5_t_native_double(void) { return H5T_NATIVE_DOUBLE; }

static inline hid_t chdf5_t_c_s1(void) { return H5T_C_S1; }

// HDF5 locks files with flock, which hangs or fails on some network file systems; releases that let a program
// switch that off are 1.10.7 and later of 1.10, and 1.12.1 and later. Others obey the environment only.
static inline herr_t chdf5_disable_file_locking(hid_t access) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0))
    return H5Pset_file_locking(access, 0, 1);
#else
    (void)access;
    return 0;
#endif
}

// The newest format that HDF5 1.10 reads, in which all metadata are checksummed.
static inline herr_t chdf5_use_checksummed_format(hid_t access) {
    return H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
}

// The number of attributes of an object, under the one name that all releases since 1.8 share.
static inline herr_t chdf5_count_one(hid_t object, const char *name, const H5A_info_t *info, void *count) {
    (void)object, (void)name, (void)info;
    ++*(hsize_t *)count;
    return 0;
}

static inline herr_t chdf5_attribute_count(hid_t object, hsize_t *count) {
    hsize_t position = 0;
    *count = 0;
    return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &position, chdf5_count_one, count);
}

#endif
