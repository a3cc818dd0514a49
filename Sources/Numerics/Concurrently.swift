/// The values of `body` for all numbers below `count`, computed on all processors.
///
/// - Parameter lastFirst: whether the last number is the first to be begun, because it takes longest.
/// - Throws: what `body` throws for the smallest number for which it throws.
package func concurrently<Value: Sendable>(
    _ count: Int, lastFirst: Bool = false, _ body: @Sendable (Int) throws -> Value
) throws -> [Value] {
    let results = Slots<Result<Value, any Error>?>([Result<Value, any Error>?](repeating: nil, count: count))
    performConcurrently(count) { iteration in
        let index = lastFirst ? count - 1 - iteration : iteration
        let value = Result { try body(index) }
        results.update(index) { $0 = value }
    }
    return try results.values.compactMap { $0 }.map { try $0.get() }
}
