import Diagnostics
import IceTracks
import Numerics

/// The search for the hottest places of the whole sky, in trials of skies and in the data.
///
/// What a fit needs depends on the right ascension of the place only through those of the events: the pixels of a ring share
/// everything that is prepared (``SkyCircles``). It is an immutable value: threads share it, with a ``SkySearchWorkspace``
/// each.
public struct SkySearch: Sendable {
    public let grid: SkyGrid
    public let inputs: SearchInputs
    let skies: [SkyEvents]
    private let refinement: SkyRefinement
    /// The rings of the levels of the grid: of the first one, or of all if trials are made; the others are prepared when they
    /// are needed.
    private let circles: [SkyCircles]
    /// The injected signal; nil for none.
    private let signal: SkySignal?
    /// The flux normalisation at E0 of a source of weight 1, in GeV⁻¹ cm⁻² s⁻¹, for which one event of all injected signal is
    /// expected; NaN if no signal is injected.
    public let fluxPerEvent: Double

    /// A place that was fitted.
    public struct Place: Sendable, Equatable {
        /// HEALPix pixel and N_side.
        public let pixel: Int
        public let side: Int
        public let position: SkyCoordinates
        public let fit: FitResult
        /// The flux normalisation, in GeV⁻¹ cm⁻² s⁻¹.
        public let flux: Double
    }

    /// - Parameters:
    ///   - sources: where signal is injected; empty for nowhere.
    ///   - weights: their relative fluxes, ≥ 0 and not all 0; nil for equal ones.
    ///   - makesTrials: whether the rings of all levels are prepared, as trials need; else those that the map of the data needs.
    ///   - progress: called after each prepared ring, by several threads.
    /// - Throws: `Fault` as ``CatalogueAnalysis``.
    public init(
        datasets: [Dataset], grid: SkyGrid, sources: [Source] = [], weights: [Double]? = nil,
        settings: AnalysisSettings, makesTrials: Bool, progress: @Sendable () -> Void = {}
    ) throws {
        if sources.isEmpty {
            try CatalogueAnalysis.check(settings)
        } else {
            try CatalogueAnalysis.check(sources: sources, weights: weights, settings)
        }
        let inputs = try SearchInputs(datasets: datasets, settings: settings)
        let skies = try SkyPreparation.skies(of: inputs)
        (self.inputs, self.skies, self.grid) = (inputs, skies, grid)
        let (analyses, relative) = (try inputs.analyses(of: sources), weights ?? sources.map { _ in 1 })
        signal = analyses.isEmpty ? nil : SkySignal(analyses, weights: relative)
        fluxPerEvent = analyses.isEmpty ? .nan : CatalogueAnalysis.fluxPerEvent(of: analyses, weights: relative)
        refinement = SkyRefinement(grid)
        circles = try grid.levels.prefix(makesTrials ? .max : 1).map { pixels in
            try SkyCircles(inputs, skies, pixels, rings: Array(grid.rings(of: pixels)), progress: progress)
        }
    }
}

extension SkySearch {
    /// One pseudo-experiment: the hottest place of each hemisphere of ``SkyGrid/hemispheres``.
    public struct Trial: Sendable, Equatable {
        /// Signal events injected, from all sources.
        public let injected: Int
        public let hottest: [Place]
    }

    public func makeWorkspace() -> SkySearchWorkspace {
        SkySearchWorkspace(
            SkyAngles(skies), inputs.settings.grid, datasets: skies.count, signalSources: signal?.sourceCount ?? 0)
    }

    /// Makes one sky, and finds its hottest places. The right ascensions of data events depend only on the hypothesis and the
    /// trial's number, and the signal of a source also on its position, as in ``CatalogueAnalysis``.
    ///
    /// - Throws: `Fault`: usage for a hypothesis with signal if there are no sources, for one with a tail, or a search that is
    ///   not made for trials; bad data if no signal event passes the energy cut, or ln Λ is not finite.
    public func trial(
        _ number: UInt64, of hypothesis: Hypothesis, workspace: inout SkySearchWorkspace
    ) throws -> Trial {
        guard hypothesis.meanSignal == 0 || signal != nil else {
            throw Fault(
                .usage, at: .field("mu"),
                "a search of the sky without sources of signal makes trials without signal only",
                remedy: "give sources, or leave out trials with signal")
        }
        guard hypothesis.tail == nil, circles.count == grid.levels.count else {
            throw Fault(
                .usage, at: .field("tail"),
                "a search of the sky makes no weighted trials, and that of the data makes none",
                remedy: "leave out weighted trials")
        }
        workspace.angles.draw(number, key: hypothesis.key)
        let injected = try signal?.draw(number, of: hypothesis, into: &workspace.signal) ?? 0
        var best = Hottest<(level: Int, pixel: Int, fit: FitResult)>()
        try forEachLevel { level, pixels in
            var values: [Double] = []
            values.reserveCapacity(pixels.count)
            try circles[level].fit(
                pixels, skies, &workspace,
                of: "trial \(number) with mu \(shortest(hypothesis.meanSignal)) and seed \(hypothesis.seed)"
            ) {
                pixel, declination, fit in
                values.append(fit.testStatistic)
                best.compare(declination, fit.testStatistic, (level, pixel, fit))
            }
            return values
        }
        return Trial(
            injected: injected,
            hottest: best.places(of: grid.hemispheres).map {
                circles[$0.level].place($0.pixel, $0.fit)
            })
    }

    /// Searches one level after the other.
    ///
    /// - Parameter fit: fits pixels of a level, and returns their TS.
    private func forEachLevel(_ fit: (_ level: Int, _ pixels: [Int]) throws -> [Double]) rethrows {
        var pixels = Array(grid.range(of: grid.coarse))
        for level in grid.levels.indices where !pixels.isEmpty {
            pixels = refinement.pixels(after: level, pixels, try fit(level, pixels))
        }
    }
}

extension SkySearch {
    /// The fits of the data: of all coarse pixels within the limits, and of finer ones where TS is large.
    public struct Map: Sendable {
        /// For each level of the grid, ascending by pixel.
        public let levels: [[Place]]

        public var coarse: [Place] { levels[0] }
        /// Of all finer levels.
        public var fine: [Place] { levels.dropFirst().flatMap { $0 } }
    }

    /// Fits the data, on all processors, as trials are fitted: events with negligible ratios enter by their expectation, and
    /// right ascensions are rounded to 2π/2³².
    ///
    /// - Parameter progress: called before each level with its side and the number of pixels; what it returns is called with
    ///   numbers of fitted pixels, by several threads.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    public func fitData(
        progress: (_ side: Int, _ total: Int) -> @Sendable (_ pixels: Int) -> Void = { _, _ in { _ in } }
    ) throws -> Map {
        let angles = SkyAngles(skies)
        angles.set(inputs.datasets.map(\.events), skies)
        var levels = [[Place]](repeating: [], count: grid.levels.count)
        try forEachLevel { level, pixels in
            let division = grid.levels[level]
            let report = progress(division.side, pixels.count)
            let circles =
                try level < circles.count
                ? circles[level]
                : SkyCircles(inputs, skies, division, rings: Set(pixels.map(division.ring)).sorted()) {}
            levels[level] = try Self.fitConcurrently(circles, pixels, skies, angles, inputs.settings.grid, report)
            return levels[level].map(\.fit.testStatistic)
        }
        return Map(levels: levels)
    }

    /// The hottest place of each hemisphere.
    public func hottest(of map: Map) -> [Place] {
        var best = Hottest<Place>()
        for place in map.levels.joined() {
            best.compare(place.position.declination, place.fit.testStatistic, place)
        }
        return best.places(of: grid.hemispheres)
    }

    /// The places with fits of the data without approximations: those of ``SearchInputs/fitData(_:)``.
    ///
    /// - Throws: as ``fitData(progress:)``.
    public func exactFits(of places: [Place]) throws -> [Place] {
        let analyses = try inputs.analyses(
            of: places.map {
                try Source(
                    rightAscensionDegrees: $0.position.rightAscension, declinationDegrees: $0.position.declination)
            })
        return try zip(places, analyses).map { place, analysis in
            let fit = try inputs.fitData(analysis)
            return Place(
                pixel: place.pixel, side: place.side, position: place.position, fit: fit,
                flux: analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma))
        }
    }

    private static func fitConcurrently(
        _ circles: SkyCircles, _ pixels: [Int], _ skies: [SkyEvents], _ angles: SkyAngles,
        _ grid: ParameterGrid, _ progress: @Sendable (Int) -> Void
    ) throws -> [Place] {
        // Nobody changes them any more.
        nonisolated(unsafe) let angles = angles
        let size = max(64, (pixels.count + 31) / 32)
        let pieces = stride(from: 0, to: pixels.count, by: size).map { pixels[$0..<min($0 + size, pixels.count)] }
        return try concurrently(pieces.count) { index in
            var workspace = SkySearchWorkspace(angles, grid, datasets: skies.count)
            var places: [Place] = []
            try circles.fit(pieces[index], skies, &workspace, of: "the data") { pixel, _, fit in
                places.append(circles.place(pixel, fit))
                progress(1)
            }
            return places
        }.flatMap { $0 }
    }
}

/// The hottest place of each hemisphere so far, the first of equals.
private struct Hottest<Place> {
    private var best: [SkyGrid.Hemisphere: (ts: Double, place: Place)] = [:]

    func places(of hemispheres: [SkyGrid.Hemisphere]) -> [Place] { hemispheres.compactMap { best[$0]?.place } }

    /// - Parameter declination: of the place, in degrees.
    mutating func compare(_ declination: Double, _ ts: Double, _ place: @autoclosure () -> Place) {
        let hemisphere = SkyGrid.Hemisphere(declination: declination)
        if let known = best[hemisphere], known.ts >= ts { return }
        best[hemisphere] = (ts, place())
    }
}
