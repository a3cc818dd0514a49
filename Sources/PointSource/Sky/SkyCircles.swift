import Diagnostics
import IceTracks
import Numerics

/// The data for fits at all HEALPix pixels of some rings. They depend on the declination only, so the pixels of a ring share
/// them.
struct SkyCircles: Sendable {
    let pixels: HEALPix
    /// The position of each ring in ``circles``.
    private let indices: [Int: Int]
    private let circles: [Circle]
    private let tables: [SignalTable]

    /// One ring.
    private struct Circle: Sendable {
        /// In degrees.
        let declination: Double
        /// Of a source at right ascension 0.
        let analysis: PointSourceAnalysis
        /// By dataset: the relevant events, and the number of the signal table.
        let reaches: [SourceReach]
        let tables: [Int]
    }

    /// - Parameters:
    ///   - rings: their numbers.
    ///   - progress: called after each ring, by several threads.
    /// - Throws: as ``SearchInputs/analyses(of:)``.
    init(
        _ inputs: SearchInputs, _ skies: [SkyEvents], _ pixels: HEALPix, rings: [Int],
        progress: @Sendable () -> Void
    ) throws {
        self.pixels = pixels
        let sources = try rings.map {
            try Source(rightAscensionDegrees: 0, declinationDegrees: pixels.declination(ofRing: $0))
        }
        let preparation = try SkyPreparation(inputs, skies, declinations: sources.map(\.declination))
        circles = try concurrently(rings.count) { index in
            let (analysis, reaches) = try preparation.parts(index, sources[index])
            progress()
            return Circle(
                declination: pixels.declination(ofRing: rings[index]), analysis: analysis, reaches: reaches,
                tables: preparation.tableIndices[index])
        }
        tables = preparation.tables
        indices = Dictionary(uniqueKeysWithValues: zip(rings, 0...))
    }

    /// A fit with its place.
    ///
    /// - Parameter pixel: of a prepared ring.
    func place(_ pixel: Int, _ fit: FitResult) -> SkySearch.Place {
        let flux = indices[pixels.ring(of: pixel)].map {
            circles[$0].analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma)
        }
        return SkySearch.Place(
            pixel: pixel, side: pixels.side, position: pixels.position(of: pixel), fit: fit, flux: flux ?? .nan)
    }

    /// Fits the sky in the workspace at pixels.
    ///
    /// - Parameters:
    ///   - list: pixels of prepared rings, ascending.
    ///   - name: the sky, for a fault.
    ///   - body: receives the pixel and the declination in degrees.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    func fit(
        _ list: some RandomAccessCollection<Int>, _ skies: [SkyEvents], _ workspace: inout SkySearchWorkspace,
        of name: @autoclosure () -> String,
        _ body: (_ pixel: Int, _ declination: Double, _ fit: FitResult) -> Void
    ) throws {
        var rest = list[...]
        while let first = rest.first {
            let ring = pixels.ring(of: first)
            let end = pixels.pixels(ofRing: ring).upperBound
            let own = rest.prefix { $0 < end }
            rest = rest.dropFirst(own.count)
            guard let circle = indices[ring].map({ circles[$0] }) else {
                preconditionFailure("ring \(ring) is not prepared")
            }
            var events = workspace.workspace(
                circle.analysis, tables: circle.tables.map { tables[$0] }, side: pixels.side, numbers: circle.tables)
            for (i, pixel) in own.enumerated() {
                let slot = i % SkySearchWorkspace.pixelsTogether
                if slot == 0 {
                    find(own.dropFirst(i).prefix(SkySearchWorkspace.pixelsTogether), circle, skies, workspace)
                }
                let position = pixels.position(of: pixel)
                // The circle's source has right ascension 0.
                let injected = circle.analysis.collect(
                    workspace.near[slot], circle.reaches, workspace.signal,
                    shift: Angle.radians(fromDegrees: position.rightAscension), into: events.events)
                let fit = try circle.analysis.maximum(
                    limit: circle.analysis.expectedSignal(injected: injected), workspace: &events,
                    of: "\(name()) at ra \(shortest(position.rightAscension)), dec \(shortest(position.declination))")
                body(pixel, circle.declination, fit)
            }
        }
    }

    /// Finds the relevant events of pixels of a ring.
    private func find(
        _ pixels: some Sequence<Int>, _ circle: Circle, _ skies: [SkyEvents], _ workspace: SkySearchWorkspace
    ) {
        for j in circle.reaches.indices {
            workspace.scan.find(
                zip(pixels, workspace.near).map { pixel, near in
                    SkyScan.Target(
                        reach: circle.reaches[j],
                        rightAscension: Angle.radians(fromDegrees: self.pixels.position(of: pixel).rightAscension),
                        angles: workspace.angles[j], near: near[j])
                }, in: skies[j])
        }
    }
}

/// The buffers of one thread for searches of the sky.
public struct SkySearchWorkspace {
    /// The number of pixels of a ring whose events are found together.
    fileprivate static let pixelsTogether = 16

    let angles: SkyAngles
    /// The injected events.
    var signal: SkySignal.Buffers
    fileprivate let scan: SkyScan
    /// The relevant events of pixels that are searched together, by dataset.
    fileprivate let near: [[NearEvents]]
    /// The events of each dataset for one signal table, which neighbouring rings share.
    private var events: [SelectedEvents] = []
    private var side = 0
    private var numbers: [Int] = []
    private var buffers: [EventBuffers]?

    /// - Parameter signalSources: the number of sources of injected signal.
    init(_ angles: SkyAngles, _ grid: ParameterGrid, datasets: Int, signalSources: Int = 0) {
        self.angles = angles
        signal = SkySignal.Buffers(sources: signalSources, datasets: datasets)
        scan = SkyScan(grid)
        near = (0..<Self.pixelsTogether).map { _ in (0..<datasets).map { _ in NearEvents() } }
    }

    /// The buffers for a ring.
    ///
    /// - Parameters:
    ///   - tables: the signal table of each dataset.
    ///   - numbers: of the tables among those of pixels with this side.
    fileprivate mutating func workspace(
        _ analysis: PointSourceAnalysis, tables: [SignalTable], side: Int, numbers: [Int]
    ) -> TrialWorkspace {
        let isFirst = events.isEmpty
        for j in tables.indices where isFirst || side != self.side || numbers[j] != self.numbers[j] {
            let fresh = SelectedEvents(signal: tables[j], step: analysis.grid.step)
            if isFirst { events.append(fresh) } else { events[j] = fresh }
        }
        (self.side, self.numbers) = (side, numbers)
        // All tables of a dataset have a row for each of its energies.
        let buffers = buffers ?? events.map { EventBuffers($0) }
        self.buffers = buffers
        return TrialWorkspace(analysis, events: events, buffers: buffers)
    }
}
