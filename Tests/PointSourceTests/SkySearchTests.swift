import Diagnostics
import Foundation
import IceTracks
import TestSupport
import Testing

@testable import PointSource

/// Searches of the whole sky on the toy release.
@Suite struct SkySearchTests {
    private static let names = ["IC40", "IC79"]

    private static func data() throws -> [Dataset] {
        try ToyAnalysis.datasets().filter { names.contains($0.name) }
    }

    private static func make(
        _ grid: SkyGrid, makesTrials: Bool = true, change: (inout AnalysisSettings) -> Void = { _ in }
    ) throws -> SkySearch {
        var settings = AnalysisSettings()
        change(&settings)
        return try SkySearch(datasets: try data(), grid: grid, settings: settings, makesTrials: makesTrials)
    }

    private static func grid(_ side: Int, _ fine: Int, _ limits: ClosedRange<Double> = -40...50) throws -> SkyGrid {
        try SkyGrid(side: side, fineSide: fine, declinations: limits)
    }

    /// TS of data at the pixels of an analysis without approximations.
    private static func exact(_ data: [Dataset], _ events: [EventTable], _ pixels: HEALPix, _ list: [Int]) throws
        -> [FitResult]
    {
        let sources = try list.map {
            let position = pixels.position(of: $0)
            return try Source(
                rightAscensionDegrees: position.rightAscension, declinationDegrees: position.declination)
        }
        return try SearchInputs(datasets: data, settings: AnalysisSettings()).analyses(of: sources).map {
            try $0.fitData(events)
        }
    }

    @Test("The hottest places of a trial are those of fits of its events, one by one, by the rule of refinement")
    func hottestOfTheScrambledEvents() throws {
        let (grid, data) = (try Self.grid(4, 16), try Self.data())
        let search = try Self.make(grid) { $0.negligibleRatio = 1e-9 }
        var workspace = search.makeWorkspace()
        for number in 0..<3 as Range<UInt64> {
            let trial = try search.trial(number, of: Hypothesis(meanSignal: 0, seed: 5), workspace: &workspace)
            let events = data.indices.map {
                data[$0].events.scrambled(by: workspace.angles[$0], search.skies[$0])
            }
            var (pixels, best) = (Array(grid.range(of: grid.coarse)), [SkyGrid.Hemisphere: Double]())
            for (level, division) in grid.levels.enumerated() {
                let fits = try Self.exact(data, events, division, pixels)
                for (pixel, fit) in zip(pixels, fits) {
                    let declination = division.position(of: pixel).declination
                    let hemisphere = SkyGrid.Hemisphere(declination: declination)
                    best[hemisphere] = max(best[hemisphere] ?? 0, fit.testStatistic)
                }
                pixels = SkyRefinement(grid).pixels(after: level, pixels, fits.map(\.testStatistic))
                #expect(pixels.isEmpty == (level == 2))
            }
            #expect(trial.hottest.count == 2)
            for place in trial.hottest {
                let best = try #require(best[SkyGrid.Hemisphere(declination: place.position.declination)])
                #expect(best > 1 && abs(place.fit.testStatistic - best) < 1e-6 * (1 + best), "\(number): \(place)")
                let division = try #require(grid.levels.first { $0.side == place.side })
                let own = try Self.exact(data, events, division, [place.pixel])[0]
                #expect(abs(own.testStatistic - best) < 1e-9 && abs(own.signalEvents - place.fit.signalEvents) < 1e-3)
            }
        }
    }

    @Test("Signal at a pixel: the hottest place is there, with the fit of a catalogue of this place in the same sky")
    func signal() throws {
        let (grid, data) = (try Self.grid(8, 8), try Self.data())
        let places = grid.range(of: grid.coarse).map { ($0, grid.coarse.position(of: $0)) }
        let (pixel, position) = try #require(
            places.first { abs($0.1.declination - 20) < 6 && $0.1.rightAscension > 100 })
        let source = try Source(
            name: "A", rightAscensionDegrees: position.rightAscension, declinationDegrees: position.declination)
        let other = try Source(name: "B", rightAscensionDegrees: 3, declinationDegrees: -20)
        let settings = AnalysisSettings()
        for sources in [[source], [source, other]] {
            let weights = sources.indices.map { $0 == 0 ? 3.0 : 1 }
            let search = try SkySearch(
                datasets: data, grid: grid, sources: sources, weights: weights, settings: settings, makesTrials: true)
            let catalogue = try CatalogueAnalysis(
                datasets: data, sources: sources, weights: weights, settings: settings)
            #expect(abs(search.fluxPerEvent / catalogue.fluxPerEvent - 1) < 1e-12)
            var (workspace, skies) = (search.makeWorkspace(), catalogue.makeWorkspace())
            for number in 0..<4 as Range<UInt64> {
                let hypothesis = Hypothesis(meanSignal: 40, seed: 5)
                let trial = try search.trial(number, of: hypothesis, workspace: &workspace)
                let sky = try catalogue.trial(number, of: hypothesis, workspace: &skies)
                let (north, wanted) = (try #require(trial.hottest.first), sky.fits[0])
                #expect(trial.injected == sky.injected && trial.injected > 20)
                #expect(north.pixel == pixel && north.fit.testStatistic > 20)
                #expect(abs(north.fit.testStatistic - wanted.testStatistic) < 1e-6 * wanted.testStatistic)
                #expect(abs(north.fit.signalEvents - wanted.signalEvents) < 1e-3 * wanted.signalEvents)
                // The same after a trial without signal, which the places of signal do not change.
                let null = Hypothesis(meanSignal: 0, seed: 5)
                let background = try search.trial(number, of: null, workspace: &workspace)
                if number == 1 {
                    let plain = try Self.make(grid)
                    var own = plain.makeWorkspace()
                    #expect(try plain.trial(number, of: null, workspace: &own) == background)
                    #expect(throws: Fault.self) {
                        _ = try plain.trial(number, of: hypothesis, workspace: &own)
                    }
                }
                #expect(background.injected == 0)
                #expect(try search.trial(number, of: hypothesis, workspace: &workspace) == trial)
            }
        }
    }

    @Test("A trial is a pure function of its number, whichever came before")
    func trialsAreFunctions() throws {
        let search = try Self.make(try Self.grid(4, 8))
        let hypothesis = Hypothesis(meanSignal: 0, seed: 5)
        var workspace = search.makeWorkspace()
        let trials = try [3, 1, 2].map { try search.trial($0, of: hypothesis, workspace: &workspace) }
        for (index, number) in ([3, 1, 2] as [UInt64]).enumerated() {
            var other = search.makeWorkspace()
            #expect(try search.trial(number, of: hypothesis, workspace: &other) == trials[index])
        }
        #expect(trials[0] != trials[1])
        expectFault(.usage, "without signal") {
            _ = try search.trial(1, of: Hypothesis(meanSignal: 2, seed: 5), workspace: &workspace)
        }
        let map = try Self.make(try Self.grid(4, 8), makesTrials: false)
        expectFault(.usage) { _ = try map.trial(1, of: hypothesis, workspace: &workspace) }
    }

    @Test("The map of the data has the TS of each place; the hottest places those of unblind to the last bit")
    func mapOfTheData() throws {
        let (grid, data) = (try Self.grid(8, 32), try Self.data())
        let search = try Self.make(grid, makesTrials: false)
        let map = try search.fitData()
        #expect(map.coarse.map(\.pixel) == Array(grid.range(of: grid.coarse)))
        #expect(map.levels.count == 3 && map.fine.count == map.levels[1].count + map.levels[2].count)
        for (level, (pixels, places)) in zip(grid.levels, map.levels).enumerated() {
            if level > 0 {
                let before = map.levels[level - 1]
                #expect(
                    places.map(\.pixel)
                        == SkyRefinement(grid).pixels(
                            after: level - 1, before.map(\.pixel), before.map(\.fit.testStatistic)))
            }
            let some = stride(from: 0, to: places.count, by: 37).map { places[$0] }
            let fits = try Self.exact(data, data.map(\.events), pixels, some.map(\.pixel))
            for (place, fit) in zip(some, fits) {
                #expect(
                    abs(place.fit.testStatistic - fit.testStatistic) < 1e-5 * (1 + fit.testStatistic), "\(place) \(fit)"
                )
                #expect(place.position == pixels.position(of: place.pixel) && place.side == pixels.side)
            }
        }
        let hottest = search.hottest(of: map)
        #expect(hottest.count == 2 && hottest[0].position.declination >= -5 && hottest[1].position.declination < -5)
        for place in try search.exactFits(of: hottest) {
            let source = try Source(
                rightAscensionDegrees: place.position.rightAscension, declinationDegrees: place.position.declination)
            let alone = try PointSourceAnalysis(datasets: data, source: source, settings: AnalysisSettings())
            #expect(try alone.fitData(data.map(\.events)) == place.fit)
            #expect(alone.flux(forEvents: place.fit.signalEvents, gamma: place.fit.gamma) == place.flux)
        }
        // Trials prepare all fine rings, and find the same in the data.
        let both = try Self.make(grid).fitData()
        #expect(both.levels == map.levels)
    }

    @Test("Refined are the hottest local maxima of each hemisphere with their neighbours, and nothing else")
    func refinement() throws {
        let grid = try SkyGrid(side: 32, fineSide: 64, declinations: -80...80)
        let rule = SkyRefinement(grid)
        let range = grid.range(of: grid.coarse)
        func fine(_ peaks: [(pixel: Int, ts: Double)]) -> [Int] {
            var values = [Double](repeating: 0, count: range.count)
            for (pixel, ts) in peaks { values[pixel - range.lowerBound] = ts }
            return rule.pixels(after: 0, Array(range), values)
        }
        func divided(_ pixels: [Int]) -> [Int] {
            Set(pixels.flatMap { [$0] + grid.coarse.neighbours(of: $0) }).flatMap {
                grid.coarse.children(of: $0, in: grid.fine)
            }.sorted()
        }
        #expect(fine([]).isEmpty)
        #expect(fine([(1000, 3)]) == divided([1000]))
        // A neighbour of a larger one is no maximum; of equal ones the first is.
        let next = try #require(grid.coarse.neighbours(of: 1000).last)
        #expect(fine([(1000, 3), (next, 2)]) == divided([1000]))
        #expect(fine([(1000, 3), (next, 3)]) == divided([1000]))
        #expect(fine([(1000, 3), (next, 4)]) == divided([next]))
        // Many maxima: only the hottest of each half are refined.
        let many = stride(from: range.lowerBound + 100, to: range.upperBound - 100, by: 10).map {
            ($0, 1 + Double(($0 * 7919) % 10_007))
        }
        let peaks = Dictionary(uniqueKeysWithValues: many)
        let maxima = many.filter { pixel, ts in
            grid.coarse.neighbours(of: pixel).allSatisfy { peaks[$0].map { $0 < ts } ?? true }
        }
        var expected: [Int] = []
        for hemisphere in SkyGrid.Hemisphere.allCases {
            let own = maxima.filter {
                SkyGrid.Hemisphere(declination: grid.coarse.position(of: $0.0).declination) == hemisphere
            }.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
            #expect(own.count > 2 * SkyRefinement.lastMaxima)
            expected += own.prefix(SkyRefinement.lastMaxima).map(\.0)
        }
        #expect(fine(many) == divided(expected))
        #expect(rule.pixels(after: 1, [5], [1]).isEmpty)
        // Neighbours that are not fitted do not count, but are divided.
        #expect(rule.pixels(after: 0, [1000], [2]) == divided([1000]))
        // Nothing outside the limits.
        let narrow = try SkyGrid(side: 16, fineSide: 64, declinations: 0...4)
        let pixels = Array(narrow.range(of: narrow.coarse))
        let few = SkyRefinement(narrow).pixels(after: 0, pixels, pixels.map { _ in 1 })
        let second = try #require(narrow.levels.dropFirst().first)
        #expect(!few.isEmpty && few.allSatisfy { (0...4).contains(second.position(of: $0).declination) })
        #expect(narrow.hemispheres == [.north] && grid.hemispheres == [.north, .south])
        #expect(narrow.levels.map(\.side) == [16, 32, 64])
        #expect((1..<3).map { SkyRefinement.maxima(before: $0, of: 3) } == [1024, 128])
    }

    @Test("Fine pixels beyond the equator of the hemispheres do not count if no coarse pixel lies there")
    func oneHemisphere() throws {
        // The coarse ring nearest to -5 degrees lies at -4.8, fine ones at -5.1 and below.
        let grid = try Self.grid(16, 64, -6.4 ... -4)
        #expect(grid.hemispheres == [.north])
        let fine = grid.rings(of: grid.fine).map { grid.fine.declination(ofRing: $0) }
        #expect(fine.contains { $0 < -5 }, "\(fine)")
        let search = try Self.make(grid)
        var workspace = search.makeWorkspace()
        let places = try search.trial(1, of: Hypothesis(meanSignal: 0, seed: 5), workspace: &workspace).hottest
        #expect(places.count == 1 && places[0].position.declination >= -5)
        #expect(search.hottest(of: try search.fitData()).count == 1)
    }

    @Test func senselessGrids() {
        expectFault(.usage, "sky.nside: 48 is not a side") { _ = try Self.grid(48, 64) }
        expectFault(.usage, "sky.nside: 2048") { _ = try Self.grid(2048, 2048) }
        expectFault(.usage, "sky.refine: 0") { _ = try Self.grid(4, 0) }
        expectFault(.usage, "sky.refine: 32 is coarser") { _ = try Self.grid(64, 32) }
        expectFault(.usage, "sky.dec_min: there is no pixel") { _ = try Self.grid(1, 4, 3...4) }
    }

    @Test("Settings that skies do not support are refused")
    func unsupported() throws {
        let grid = try Self.grid(1, 1)
        expectFault(.usage, "negligible ratio") { _ = try Self.make(grid) { $0.negligibleRatio = 0 } }
        expectFault(.usage, "exposure") { _ = try Self.make(grid) { $0.exposure = .scale(2) } }
    }
}
