extension TurnArray {
    /// Sets the angle of an event.
    ///
    /// - Parameter angle: in radians, any number of turns.
    public func set(_ index: Int, _ angle: Double) {
        precondition((0..<capacity).contains(index))
        let turns = angle / (2 * Double.pi)
        // The word of the nearest angle 2π (w + ½)/2³².
        let word = UInt32(truncatingIfNeeded: Int64(((turns - turns.rounded(.down)) * 0x1p32).rounded(.down)))
        words[index] = word
        halves[index] = UInt16(truncatingIfNeeded: word &>> 16)
    }
}
