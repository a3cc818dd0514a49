import Diagnostics
import Testing

@testable import HDF5

@Suite("What HDF5 says of a failure")
struct ErrorStackTests {
    @Test(
        "The system's own reasons are told, with their kinds; damage is what has no other reason",
        arguments: [
            (
                "unable to open file: name = 'c.h5', errno = 24, error message = 'x', flags = 0", Fault.Kind.temporary,
                "Too many open files"
            ),
            (
                "file read failed: time = x, filename = 'c.h5', errno = 5, error message = 'x'", .inputOutput,
                "Input/output error"
            ),
            ("file read failed: errno = 116, error message = 'x'", .temporary, "Stale file handle"),
            ("unable to open file: errno = 13, error message = 'x'", .missingInput, "Permission denied"),
            ("memory allocation failed for raw data chunk", .temporary, "Cannot allocate memory"),
            ("bad superblock version number", .badData, "newer HDF5"),
            ("errno = 0, wrong fletcher32 checksum", .badData, "damaged"),
        ])
    func kinds(message: String, kind: Fault.Kind, says: String) {
        let fault = ErrorStack(messages: ["outermost", message]).fault("cannot be read", on: "c.h5", as: .badData)
        #expect(fault.kind == kind && fault.description.contains(says), "\(fault)")
    }

    @Test("A full disk while writing is an error of output")
    func writing() {
        let stack = ErrorStack(messages: ["file write failed: errno = 28, error message = 'x'"])
        let fault = stack.fault("cannot be written to", on: "c.h5", as: .inputOutput)
        #expect(fault.kind == .inputOutput && fault.description.contains("No space left on device"))
    }
}
