/// Hashes that identify the events of a file, to count repeated events.
struct EventKeys: Sendable {
    /// One key per event from run, event, subevent and time (synthetic releases reuse numbers in each season);
    /// ascending. Empty if the file does not number its events: coincident events share their time.
    private var numbers: [UInt64] = []
    /// One key per event from time, energy, angular error and direction; ascending.
    private var fields: [UInt64] = []

    /// The number of events that repeat earlier ones. Two different events have the same key with a probability of 10⁻⁷
    /// for a million events.
    var repeatCount: Int { max(Self.repeats(numbers), Self.repeats(fields)) }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - number: run, event and subevent, 0 if the file does not number its events, and the time.
    ///   - fields: the other columns.
    mutating func append(number: SIMD4<Double>, fields: SIMD8<Double>) {
        if number.lowHalf != .zero || number[2] != 0 { numbers.append(Self.key(number)) }
        self.fields.append(Self.key(fields))
    }

    /// Sorts the keys; call it after the last event.
    mutating func sort() {
        numbers.sort()
        fields.sort()
    }

    /// The keys of several files.
    init(joining files: [EventKeys] = []) {
        for file in files {
            numbers += file.numbers
            fields += file.fields
        }
        sort()
    }

    private static func repeats(_ sorted: [UInt64]) -> Int {
        zip(sorted, sorted.dropFirst()).count { $0 == $1 }
    }

    /// Mixed by the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static func key<Values: SIMD<Double>>(_ values: Values) -> UInt64 {
        var key: UInt64 = 0
        for i in values.indices {
            var z = key &+ values[i].bitPattern &+ 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            key = z ^ (z >> 31)
        }
        return key
    }
}
