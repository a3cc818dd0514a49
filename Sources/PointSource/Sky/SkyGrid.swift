import Diagnostics
import IceTracks
import Numerics

/// The places at which the whole sky is searched: coarse HEALPix pixels, and finer ones where TS is large.
public struct SkyGrid: Sendable, Equatable {
    /// All of its pixels within the limits are fitted.
    public let coarse: HEALPix
    /// Where ``SkyRefinement`` says, pixels of sides up to this one are fitted; equal to ``coarse`` for none.
    public let fine: HEALPix
    /// The limits of the declination, in degrees.
    public let declinations: ClosedRange<Double>

    /// The half of the sky that a place belongs to.
    public enum Hemisphere: String, Sendable, CaseIterable {
        case north, south

        /// The declination from which on a place belongs to the northern sky, in degrees (Phys. Rev. Lett. 124, 051103).
        public static let boundary = -5.0

        /// - Parameter declination: in degrees.
        public init(declination: Double) { self = declination >= Self.boundary ? .north : .south }
    }

    /// The finest pixels: 0.06 degrees. There are twelve million of them.
    public static let largestSide = 1024
    public static let standardSide = 64
    public static let standardFineSide = 256
    /// Beyond it, few events have the declination of a place, and their right ascensions say little (Phys. Rev. Lett. 124,
    /// 051103).
    public static let standardDeclinations = -82.0...82.0

    /// - Parameter declinations: in degrees.
    /// - Throws: `Fault` (usage), about `sky.nside`, `sky.refine` or `sky.dec_min`, for a side that is not a power of two
    ///   up to ``largestSide``, a fine side below the coarse one, and limits between which there is no pixel.
    public init(side: Int, fineSide: Int, declinations: ClosedRange<Double>) throws(Fault) {
        func pixels(_ side: Int, _ field: String) throws(Fault) -> HEALPix {
            guard let pixels = HEALPix(side: side), side <= Self.largestSide else {
                throw Fault(
                    .usage, at: .field(field), "\(side) is not a side of HEALPix pixels",
                    remedy: "give a power of two from 1 to \(Self.largestSide)")
            }
            return pixels
        }
        coarse = try pixels(side, "sky.nside")
        fine = try pixels(fineSide, "sky.refine")
        self.declinations = declinations
        guard fineSide >= side else {
            throw Fault(
                .usage, at: .field("sky.refine"), "\(fineSide) is coarser than the first pixels, \(side)",
                remedy: "give a power of two from \(side), which is not refined, to \(Self.largestSide)")
        }
        guard !rings(of: coarse).isEmpty else {
            throw Fault(
                .usage, at: .field("sky.dec_min"),
                "there is no pixel of side \(side) from \(shortest(declinations.lowerBound)) to "
                    + "\(shortest(declinations.upperBound)) degrees", remedy: "give wider limits of the declination")
        }
    }

    /// The divisions of the sphere from the coarse to the fine one; each side is twice that of the one before.
    public var levels: [HEALPix] {
        (coarse.side.trailingZeroBitCount...fine.side.trailingZeroBitCount).compactMap { HEALPix(side: 1 << $0) }
    }

    /// The hemispheres in which there are coarse pixels, the northern one first.
    public var hemispheres: [Hemisphere] {
        let rings = rings(of: coarse)
        let found = Set(
            [rings.lowerBound, rings.upperBound - 1].map {
                Hemisphere(declination: coarse.declination(ofRing: $0))
            })
        return Hemisphere.allCases.filter(found.contains)
    }

    /// The rings within the limits, from north to south.
    public func rings(of pixels: HEALPix) -> Range<Int> {
        let all = 1..<pixels.ringCount + 1
        let first = all.first { pixels.declination(ofRing: $0) <= declinations.upperBound } ?? all.upperBound
        let end = all.first { pixels.declination(ofRing: $0) < declinations.lowerBound } ?? all.upperBound
        return first..<max(first, end)
    }

    /// The pixels within the limits.
    public func range(of pixels: HEALPix) -> Range<Int> {
        let rings = rings(of: pixels)
        guard !rings.isEmpty else { return 0..<0 }
        return pixels.pixels(ofRing: rings.lowerBound)
            .lowerBound..<pixels.pixels(ofRing: rings.upperBound - 1).upperBound
    }
}

/// The rule by which a search of the sky is refined, the same for the data and for trials.
///
/// From one level of ``SkyGrid/levels`` to the next the side doubles: in each hemisphere, the hottest local maxima of the
/// pixels that are fitted so far, ``maxima(before:)`` of them, and their neighbours are divided into four pixels each, which are
/// fitted. A pixel is a local maximum if TS > 0 and no neighbour has a larger TS, or an equal one and a smaller number;
/// neighbours that are not fitted do not count. The hemisphere is that of a pixel's centre. The hottest place of a hemisphere is
/// that of the largest TS of all pixels of all levels.
///
/// An event with an angular error of 0.2 degrees is seen by few pixels of 0.9 degrees, so that hot places may have a small TS on
/// the first level: therefore many maxima are kept there. docs/many-sources.md has how often a place is missed.
public struct SkyRefinement: Sendable {
    public let grid: SkyGrid

    /// The maxima in each hemisphere whose surroundings are divided into pixels of the last level, and how many times as many
    /// for each level before.
    static let lastMaxima = 128
    static let growth = 8

    public init(_ grid: SkyGrid) { self.grid = grid }

    /// The number of local maxima of each hemisphere whose surroundings are divided into pixels of a level.
    ///
    /// - Parameter level: the index of a level after the first.
    public static func maxima(before level: Int, of levels: Int) -> Int {
        (level + 1..<levels).reduce(lastMaxima) { most, _ in min(1 << 40, most * growth) }
    }

    /// The pixels of the next level to fit, ascending; none after the last level.
    ///
    /// - Parameters:
    ///   - level: the index of the level whose pixels are fitted.
    ///   - pixels: the fitted pixels, ascending.
    ///   - values: their TS.
    public func pixels(after level: Int, _ pixels: [Int], _ values: [Double]) -> [Int] {
        let levels = grid.levels
        guard level + 1 < levels.count else { return [] }
        let (own, next) = (levels[level], levels[level + 1])
        let most = Self.maxima(before: level + 1, of: levels.count)
        let limits = grid.range(of: own)
        var counts: [SkyGrid.Hemisphere: Int] = [:]
        var divided: Set<Int> = []
        let hottest = pixels.indices.filter { values[$0] > 0 }.sorted { (-values[$0], $0) < (-values[$1], $1) }
        for index in hottest {
            let hemisphere = SkyGrid.Hemisphere(declination: own.position(of: pixels[index]).declination)
            guard counts[hemisphere, default: 0] < most else { continue }
            let neighbours = own.neighbours(of: pixels[index])
            let isMaximum = neighbours.allSatisfy { neighbour in
                let place = prefixCount(pixels.count) { pixels[$0] < neighbour }
                guard place < pixels.count, pixels[place] == neighbour else { return true }
                return values[place] < values[index] || (values[place] == values[index] && place > index)
            }
            guard isMaximum else { continue }
            counts[hemisphere, default: 0] += 1
            divided.insert(pixels[index])
            divided.formUnion(neighbours.filter(limits.contains))
        }
        let range = grid.range(of: next)
        return divided.flatMap { own.children(of: $0, in: next) }.filter(range.contains).sorted()
    }
}
