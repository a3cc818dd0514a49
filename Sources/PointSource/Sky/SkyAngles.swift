import IceTracks
import Numerics

/// One thread's right ascensions of the data events of all datasets in a sky trial.
struct SkyAngles {
    private let datasets: [TurnArray]

    init(_ skies: [SkyEvents]) { datasets = skies.map { TurnArray(count: $0.events.count) } }

    subscript(dataset: Int) -> TurnArray { datasets[dataset] }

    /// Draws a trial's right ascensions.
    func draw(_ number: UInt64, key: Philox4x32.Key) {
        for (j, angles) in datasets.enumerated() {
            var stream = ArrivalStream(key: key, trial: number, purpose: .sky(dataset: j))
            angles.fill { stream.next() }
        }
    }

    /// Takes the right ascensions of data, rounded to a whole number of 2π/2³².
    ///
    /// - Parameter data: the events from which the skies were made.
    func set(_ data: [EventTable], _ skies: [SkyEvents]) {
        for (j, angles) in datasets.enumerated() {
            for i in 0..<skies[j].events.count {
                angles.set(i, data[j].rightAscension[Int(skies[j].events[i].index)])
            }
        }
    }
}
