/// The purpose of a stream of random numbers. Each purpose has its own stream in each trial, so that a change in one
/// part of the generation does not change the numbers of the others. The raw values are part of the model version.
enum RandomPurpose {
    case signalCounts
    case background(dataset: Int)
    case signal(dataset: Int)
    /// The mixture component of weighted trials, and their tilted events.
    case proposal
    case tilt(dataset: Int)
    /// Further copies of the background, from 1, and the choice of those of an incomplete copy (``Exposure``).
    case backgroundCopy(dataset: Int, copy: Int)
    case thinning(dataset: Int)
    /// The right ascensions of all events of a sky trial.
    case sky(dataset: Int)

    var rawValue: UInt32 {
        switch self {
        case .signalCounts: 0
        case .background(let dataset): 1 + 2 * UInt32(truncatingIfNeeded: dataset)
        case .signal(let dataset): 2 + 2 * UInt32(truncatingIfNeeded: dataset)
        case .backgroundCopy(let dataset, let copy):
            0x4000_0000 + UInt32(truncatingIfNeeded: copy) << 12 + UInt32(truncatingIfNeeded: dataset)
        case .thinning(let dataset): 0x6000_0000 + UInt32(truncatingIfNeeded: dataset)
        case .sky(let dataset): 0x2000_0000 + UInt32(truncatingIfNeeded: dataset)
        case .proposal: 0x8000_0000
        case .tilt(let dataset): 0x8000_0001 + UInt32(truncatingIfNeeded: dataset)
        }
    }
}
