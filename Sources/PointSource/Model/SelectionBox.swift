import IceTracks
import Numerics

/// The box around the source whose events are evaluated with their densities (docs/model.md, section 5).
struct SelectionBox: Sendable {
    let source: Source
    /// Open interval of declinations, in radians.
    let declinations: (lower: Double, upper: Double)
    /// |Δra| must be below this, in radians; may exceed π, and then contains every right ascension.
    let rightAscensionHalfWidth: Double

    init(source: Source, halfWidth: Double) {
        self.source = source
        declinations = (
            max(-Double.pi / 2, source.declination - halfWidth), min(source.declination + halfWidth, Double.pi / 2)
        )
        let cosine = min(Portable.cos(declinations.lower), Portable.cos(declinations.upper))
        rightAscensionHalfWidth = min(2 * Double.pi, abs(halfWidth / cosine))
    }

    func contains(declination: Double) -> Bool {
        declination > declinations.lower && declination < declinations.upper
    }

    /// The run of events with declinations in the open interval.
    ///
    /// - Parameter declination: of each of `count` events, ascending.
    func run(of count: Int, _ declination: (Int) -> Double) -> Range<Int> {
        let first = prefixCount(count) { declination($0) <= declinations.lower }
        let end = prefixCount(count) { declination($0) < declinations.upper }
        return first..<max(first, end)
    }

    /// The right ascension's difference from the source's in [−π, π).
    func difference(rightAscension: Double) -> Double { Self.difference(rightAscension, from: source.rightAscension) }

    /// The same from numbers alone: a call on a box counts references to its source.
    @inline(__always)
    static func difference(_ rightAscension: Double, from origin: Double) -> Double {
        let turn = 2 * Double.pi
        let shifted = rightAscension - origin + Double.pi
        return shifted - turn * (shifted / turn).rounded(.down) - Double.pi
    }

    /// The indices of the events inside.
    func indices(of events: EventTable) -> [Int] {
        (0..<events.count).filter { i in
            contains(declination: events.declination[i])
                && contains(rightAscensionDifference: difference(rightAscension: events.rightAscension[i]))
        }
    }

    func contains(rightAscensionDifference difference: Double) -> Bool { abs(difference) < rightAscensionHalfWidth }
}
