import CHDF5
import Diagnostics
import Synchronization

/// The only access to the C library.
///
/// HDF5 may be built without thread safety, and otherwise serialises its calls itself; therefore every call uses one
/// lock here, and a handle can be used from any thread. A body given to ``call(_:on:as:_:)`` only makes C calls: it
/// must not release a handle, since that takes the lock too.
enum Library {
    private static let lock = Mutex<Void>(())

    /// Runs `body` with HDF5's own printing of errors off; a negative result becomes a fault.
    ///
    /// - Parameters:
    ///   - attempt: a clause that follows the file's name, such as "cannot be opened".
    ///   - path: the file of the call.
    ///   - kind: the kind of the fault; a full or failing device always gives ``Fault/Kind/inputOutput``.
    @discardableResult
    static func call<Result: SignedInteger & Sendable>(
        _ attempt: @autoclosure () -> String, on path: String, as kind: Fault.Kind, _ body: () -> Result
    ) throws(Fault) -> Result {
        var failure: ErrorStack?
        let result = lock.withLock { _ in
            // Printing and the stack are per thread if HDF5 is built thread-safe: set for each call.
            H5Eset_auto2(chdf5_e_default(), nil, nil)
            let result = body()
            if result < 0 { failure = ErrorStack.current() }
            return result
        }
        if let failure { throw failure.fault(attempt(), on: path, as: kind) }
        return result
    }

    /// Runs `body` for a call whose failure has no consequence, such as releasing a type.
    static func ignoring<Result: Sendable>(_ body: () -> Result) -> Result {
        lock.withLock { _ in
            H5Eset_auto2(chdf5_e_default(), nil, nil)
            return body()
        }
    }
}
