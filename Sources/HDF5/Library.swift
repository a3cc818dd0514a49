import CHDF5
import Diagnostics
import Synchronization

/// The one door to the C library.
///
/// HDF5 may or may not have been built thread-safe, and where it was it serialises its calls itself; so every call
/// goes through one lock here and a handle may be used from any thread. A body given to ``call(_:on:as:_:)`` makes
/// C calls only: it must not release a handle, whose end takes the lock too.
enum Library {
    private static let lock = Mutex<Void>(())

    /// Runs `body` with HDF5's own printing of errors off; a negative result becomes a fault in words.
    ///
    /// - Parameters:
    ///   - attempt: a clause that reads after the file's name, such as "cannot be opened".
    ///   - path: the file that the call is about.
    ///   - kind: the kind of the fault; a full or failing device makes it ``Fault/Kind/inputOutput`` whatever it is.
    @discardableResult
    static func call<Result: SignedInteger & Sendable>(
        _ attempt: @autoclosure () -> String, on path: String, as kind: Fault.Kind, _ body: () -> Result
    ) throws(Fault) -> Result {
        var failure: ErrorStack?
        let result = lock.withLock { _ in
            // Both the printing and the stack belong to the thread where HDF5 is built thread-safe: set per call.
            H5Eset_auto2(chdf5_e_default(), nil, nil)
            let result = body()
            if result < 0 { failure = ErrorStack.current() }
            return result
        }
        if let failure { throw failure.fault(attempt(), on: path, as: kind) }
        return result
    }

    /// Runs `body` for a call that cannot be acted upon if it fails, such as releasing a type.
    static func ignoring<Result: Sendable>(_ body: () -> Result) -> Result {
        lock.withLock { _ in
            H5Eset_auto2(chdf5_e_default(), nil, nil)
            return body()
        }
    }
}
