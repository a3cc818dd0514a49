/// The number of indices below `count` that fulfil a condition, which holds for the first indices and for none after them.
///
/// Complexity: O(log count). Written without a branch, since that would be unpredictable.
@inlinable @inline(__always)
public func prefixCount(_ count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, length) = (0, count + 1)
    while length > 1 {
        let half = length / 2
        low += holds(low + half - 1) ? half : 0
        length -= half
    }
    return low
}
