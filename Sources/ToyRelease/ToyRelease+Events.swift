import IceTracks
import Numerics

extension ToyRelease {
    private static let runSpacing = 0.335
    private static let runLength = 0.332
    private static let seasonLength = 350.0
    /// South of this sin(dec) there are atmospheric muons, and only high energies are kept.
    private static let horizon = -0.087

    private var runCount: Int { Int(exactly: (Self.seasonLength / Self.runSpacing).rounded(.up)) ?? 0 }

    private func runStart(_ season: ToySeason, _ run: Int) -> Double { season.start + Double(run) * Self.runSpacing }

    /// The season's runs.
    func uptime(_ season: ToySeason) -> [UInt8] {
        var text = DecimalText(header: ["MJD_start[days]", "MJD_stop[days]"])
        for run in 0..<runCount {
            text.append(runStart(season, run), decimals: 8)
            text.append(runStart(season, run) + Self.runLength, decimals: 8)
            text.endLine()
        }
        return text.bytes
    }

    private struct Event {
        var run: Int
        var time: Double
        var log10Energy: Double
        /// In degrees, like the following.
        var angularError: Double
        var rightAscension: Double
        var declination: Double
        var azimuth: Double
    }

    /// The season's background and source events, by time.
    func events(_ season: ToySeason, _ random: inout RandomStream) -> [UInt8] {
        var events = declinations(season, &random).map { declination in
            let sine = Portable.sin(declination * Angle.degree)
            let log10Energy =
                sine > Self.horizon
                ? 2.45 + 0.30 * random.gamma(shape: 2.2)
                : 3.3 - 0.9 * min(sine, 0) + 0.24 * random.gamma(shape: 3)
            return event(
                season, log10Energy: min(max(log10Energy, 2.01), 7.9), spread: 0.45, largestError: 9.9,
                rightAscension: 360 * random.uniform(), declination: declination, &random
            )
        }
        if let source { events += sourceEvents(source, season, &random) }

        let order = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
        var text = DecimalText(
            header: [
                "run", "event", "subevent", "MJD[days]", "log10(E/GeV)", "AngErr[deg]", "RA[deg]", "Dec[deg]",
                "Azimuth[deg]", "Zenith[deg]",
            ],
            capacity: 80 * events.count
        )
        for (number, index) in order.enumerated() {
            let event = events[index]
            text.append(110_000 + event.run)
            text.append(number)
            text.append(0)
            text.append(event.time, decimals: 8)
            text.append(event.log10Energy, decimals: 2)
            text.append(event.angularError, decimals: 2)
            text.append(event.rightAscension, decimals: 3)
            text.append(event.declination, decimals: 3)
            text.append(event.azimuth, decimals: 3)
            text.append(90 + event.declination, decimals: 3)
            text.endLine()
        }
        return text.bytes
    }

    /// Declinations in degrees as they will be printed. A bin of sin(dec) that is empty by chance gets an event of the
    /// fullest bin, because an analysis cannot use an empty one.
    private func declinations(_ season: ToySeason, _ random: inout RandomStream) -> [Double] {
        var declinations: [Double] = []
        let count = eventCount(season)
        declinations.reserveCapacity(count)
        while declinations.count < count {
            let sine = random.uniform(in: -1...1)
            let rate =
                sine > 0
                ? 0.75 - 0.25 * sine + 0.25 * Portable.exp(-(sine / 0.15) * (sine / 0.15))
                : 0.55 + 0.25 * sine + 0.2 * Portable.exp(-(sine / 0.1) * (sine / 0.1))
            if random.uniform(in: 0...1.05) < rate { declinations.append(printedDeclination(sine: sine)) }
        }

        let edges = season.definition.sinDeclinationEdges
        var bins = [[Int]](repeating: [], count: edges.count - 1)
        for (event, declination) in declinations.enumerated() {
            let sine = Portable.sin(declination * Angle.degree)
            let above = edges.firstIndex { $0 > sine } ?? edges.count - 1
            bins[min(max(above - 1, 0), bins.count - 1)].append(event)
        }
        for bin in bins.indices where bins[bin].isEmpty {
            guard let fullest = bins.indices.max(by: { bins[$0].count < bins[$1].count }),
                let event = bins[fullest].popLast()
            else { break }
            // The middle half of the bin, so that rounding of a printed declination cannot move it across an edge.
            let width = edges[bin + 1] - edges[bin]
            let sine = edges[bin] + width * random.uniform(in: 0.25...0.75)
            declinations[event] = printedDeclination(sine: sine)
            bins[bin].append(event)
        }
        return declinations
    }

    private func printedDeclination(sine: Double) -> Double {
        DecimalText.rounded(Portable.asin(sine) / Angle.degree, decimals: 3)
    }

    private func sourceEvents(_ source: Source, _ season: ToySeason, _ random: inout RandomStream) -> [Event] {
        let expected = source.eventCount * season.configuration.efficiency / 12
        let count = Int(exactly: expected.rounded(.toNearestOrEven)) ?? 0
        return (0..<count).map { _ in
            let log10Energy = min(max(2.9 + 0.9 / (source.gamma - 0.8) * random.gamma(shape: 2), 2.3), 7.5)
            var event = event(
                season, log10Energy: log10Energy, spread: 0.35, largestError: 4, rightAscension: 0, declination: 0,
                &random
            )
            let distance = event.angularError * (-2 * Portable.log(random.uniformAboveZero())).squareRoot()
            let (sine, cosine) = Portable.sincos(2 * .pi * random.uniform())
            let rightAscension =
                source.rightAscension / Angle.degree
                + distance * cosine / Portable.cos(source.declination)
            event.rightAscension = wrapped(rightAscension)
            event.declination = min(max(source.declination / Angle.degree + distance * sine, -89.99), 89.99)
            return event
        }
    }

    /// An event at some time of the season's runs, with an angular error that decreases with energy; angles in degrees.
    private func event(
        _ season: ToySeason, log10Energy: Double, spread: Double, largestError: Double, rightAscension: Double,
        declination: Double, _ random: inout RandomStream
    ) -> Event {
        let median = 0.35 + 0.9 * Portable.exp10(-0.5 * (log10Energy - 2.4))
        let error = median * Portable.exp(spread * random.normal())
        let run = min(Int(exactly: (Double(runCount) * random.uniform()).rounded(.down)) ?? 0, runCount - 1)
        return Event(
            run: run, time: runStart(season, run) + Self.runLength * random.uniform(), log10Energy: log10Energy,
            angularError: min(max(error, 0.2), largestError), rightAscension: wrapped(rightAscension),
            declination: declination, azimuth: wrapped(360 * random.uniform())
        )
    }

    /// Degrees in [0, 360) as they will be printed.
    private func wrapped(_ degrees: Double) -> Double {
        let turns = (degrees / 360).rounded(.down)
        let rounded = DecimalText.rounded(degrees - 360 * turns, decimals: 3)
        return rounded >= 360 ? 0 : rounded
    }
}
