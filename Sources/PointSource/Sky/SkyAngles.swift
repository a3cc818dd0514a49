import Numerics

/// One thread's right ascensions of the data events of all datasets in a sky trial.
struct SkyAngles {
    private let datasets: [TurnArray]

    init(_ skies: [SkyEvents]) { datasets = skies.map { TurnArray(count: $0.events.count) } }

    subscript(dataset: Int) -> TurnArray { datasets[dataset] }

    /// Draws a trial's right ascensions.
    func draw(_ number: UInt64, of hypothesis: Hypothesis) {
        for (j, angles) in datasets.enumerated() {
            var stream = ArrivalStream(key: hypothesis.key, trial: number, purpose: .sky(dataset: j))
            angles.fill { stream.next() }
        }
    }
}
