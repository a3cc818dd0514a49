import Diagnostics
import IceTracks
import Numerics

/// The search for the hottest places of the whole sky, in trials of skies and in the data.
///
/// What a fit needs depends on the right ascension of the place only through those of the events: the pixels of a ring share
/// everything that is prepared (``SkyCircle``). It is an immutable value: threads share it, with a ``SkySearchWorkspace``
/// each.
public struct SkySearch: Sendable {
    public let grid: SkyGrid
    public let inputs: SearchInputs
    let skies: [SkyEvents]
    private let refinement: SkyRefinement
    private let coarse: SkyCircles
    /// Of all fine rings within the limits; nil if they are prepared when they are needed.
    private let fine: SkyCircles?

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
    ///   - makesTrials: whether all fine rings are prepared, as trials need; else those that the map of the data needs.
    ///   - progress: called after each prepared ring, with the number of all, by several threads.
    /// - Throws: `Fault` as ``CatalogueAnalysis``.
    public init(
        datasets: [Dataset], grid: SkyGrid, settings: AnalysisSettings, makesTrials: Bool,
        progress: @Sendable (_ total: Int) -> Void = { _ in }
    ) throws {
        try CatalogueAnalysis.check(settings)
        inputs = try SearchInputs(datasets: datasets, settings: settings)
        skies = try SkyPreparation.skies(of: inputs)
        self.grid = grid
        refinement = SkyRefinement(grid)
        let (coarseRings, fineRings) = (grid.rings(of: grid.coarse), makesTrials ? grid.rings(of: grid.fine) : 0..<0)
        let total = coarseRings.count + (grid.fine == grid.coarse ? 0 : fineRings.count)
        coarse = try SkyCircles(inputs, skies, grid.coarse, rings: Array(coarseRings)) { progress(total) }
        if grid.fine == grid.coarse {
            fine = coarse
        } else {
            fine =
                makesTrials
                ? try SkyCircles(inputs, skies, grid.fine, rings: Array(fineRings)) { progress(total) } : nil
        }
    }
}

extension SkySearch {
    /// One pseudo-experiment: the hottest place of each hemisphere of ``SkyGrid/hemispheres``.
    public struct Trial: Sendable, Equatable {
        public let hottest: [Place]
    }

    public func makeWorkspace() -> SkySearchWorkspace { SkySearchWorkspace(SkyAngles(skies)) }

    /// Makes one sky, without signal, and finds its hottest places.
    ///
    /// - Throws: `Fault`: usage for a hypothesis with signal, or a search that is not made for trials; bad data if ln Λ is
    ///   not finite.
    public func trial(
        _ number: UInt64, of hypothesis: Hypothesis, workspace: inout SkySearchWorkspace
    ) throws -> Trial {
        guard hypothesis.meanSignal == 0, hypothesis.tail == nil, let fine else {
            throw Fault(
                .usage, at: .field("mu"), "a search of the sky makes trials without signal only",
                remedy: "leave out trials with signal, or search for one source")
        }
        workspace.angles.draw(number, key: hypothesis.key)
        let name = "trial \(number) of seed \(hypothesis.seed)"
        var values: [Double] = []
        var best = Hottest<(pixels: HEALPix, pixel: Int, fit: FitResult)>()
        let pixels = grid.range(of: grid.coarse)
        values.reserveCapacity(pixels.count)
        try coarse.fit(Array(pixels), skies, &workspace, of: name) { pixel, declination, fit in
            values.append(fit.testStatistic)
            best.compare(declination, fit.testStatistic, (grid.coarse, pixel, fit))
        }
        try fine.fit(refinement.finePixels(values), skies, &workspace, of: name) { pixel, declination, fit in
            best.compare(declination, fit.testStatistic, (grid.fine, pixel, fit))
        }
        return Trial(
            hottest: best.places(of: grid.hemispheres).map { found in
                Place(
                    pixel: found.pixel, side: found.pixels.side, position: found.pixels.position(of: found.pixel),
                    fit: found.fit,
                    flux: (found.pixels == grid.coarse ? coarse : fine).flux(found.pixel, found.fit))
            })
    }
}

extension SkySearch {
    /// The fits of the data: of all coarse pixels within the limits, and of the fine ones where TS is large.
    public struct Map: Sendable {
        /// Ascending by pixel.
        public let coarse: [Place]
        public let fine: [Place]
    }

    /// Fits the data, on all processors, as trials are fitted: events with negligible ratios enter by their expectation, and
    /// right ascensions are rounded to 2π/2³².
    ///
    /// - Parameters:
    ///   - progress: called after each ring of coarse pixels, and of fine ones.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    public func fitData(
        coarseProgress: @Sendable (_ pixels: Int) -> Void = { _ in },
        fineProgress: (_ total: Int) -> @Sendable (_ pixels: Int) -> Void = { _ in { _ in } }
    ) throws -> Map {
        let angles = SkyAngles(skies)
        angles.set(inputs.datasets.map(\.events), skies)
        let places = try Self.fitConcurrently(
            coarse, Array(grid.range(of: grid.coarse)), skies, angles, coarseProgress)
        let pixels = refinement.finePixels(places.map(\.fit.testStatistic))
        guard !pixels.isEmpty else { return Map(coarse: places, fine: []) }
        let rings = Set(pixels.map(grid.fine.ring)).sorted()
        let circles = try fine ?? SkyCircles(inputs, skies, grid.fine, rings: rings) {}
        return Map(
            coarse: places,
            fine: try Self.fitConcurrently(circles, pixels, skies, angles, fineProgress(pixels.count)))
    }

    /// The hottest place of each hemisphere.
    public func hottest(of map: Map) -> [Place] {
        var best = Hottest<Place>()
        for place in map.coarse + map.fine {
            best.compare(place.position.declination, place.fit.testStatistic, place)
        }
        return best.places(of: grid.hemispheres)
    }

    /// The places with fits of the data without approximations: those of ``SearchInputs/fitData(_:)``.
    ///
    /// - Throws: as ``fitData(coarseProgress:fineProgress:)``.
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
        _ progress: @Sendable (Int) -> Void
    ) throws -> [Place] {
        // Nobody changes them any more.
        nonisolated(unsafe) let angles = angles
        // A piece of one ring: neighbours use the same tables.
        let pieces = circles.pieces(pixels, largest: 64)
        return try concurrently(pieces.count) { index in
            var workspace = SkySearchWorkspace(angles)
            var places: [Place] = []
            try circles.fit(pieces[index], skies, &workspace, of: "the data") { pixel, _, fit in
                places.append(
                    Place(
                        pixel: pixel, side: circles.pixels.side, position: circles.pixels.position(of: pixel), fit: fit,
                        flux: circles.flux(pixel, fit)))
            }
            progress(places.count)
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
