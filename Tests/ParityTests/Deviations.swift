/// The largest deviation met of each quantity, in the order in which quantities came.
struct Deviations {
    private(set) var largest: [(quantity: String, value: Double, count: Int)] = []

    /// Numbers below this are rounding residues of underflowing exponentials; they count as 0.
    private static let tiny = 1e-290

    mutating func absolute(_ quantity: String, _ ours: Double, _ theirs: Double) {
        add(quantity, ours == theirs ? 0 : abs(ours - theirs))
    }

    mutating func relative(_ quantity: String, _ ours: Double, _ theirs: Double) {
        if abs(ours) < Self.tiny, abs(theirs) < Self.tiny { return add(quantity, 0) }
        add(quantity, ours == theirs ? 0 : abs(ours - theirs) / abs(theirs))
    }

    /// `nan` counts as the largest deviation.
    private mutating func add(_ quantity: String, _ value: Double) {
        let value = value.isNaN ? .infinity : value
        if let index = largest.firstIndex(where: { $0.quantity == quantity }) {
            largest[index].value = max(largest[index].value, value)
            largest[index].count += 1
        } else {
            largest.append((quantity, value, 1))
        }
    }

    /// nil if the quantity was not compared.
    subscript(quantity: String) -> Double? { largest.first { $0.quantity == quantity }?.value }
}
