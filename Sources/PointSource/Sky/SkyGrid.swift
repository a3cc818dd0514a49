import Diagnostics
import IceTracks

/// The places at which the whole sky is searched: coarse HEALPix pixels, and finer ones where TS is large.
public struct SkyGrid: Sendable, Equatable {
    /// All of its pixels within the limits are fitted.
    public let coarse: HEALPix
    /// Its pixels are fitted where ``SkyRefinement`` says; equal to ``coarse`` for none.
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

/// The rule by which a search of the sky is refined, the same for the data and for trials: in each hemisphere, the
/// ``maxima`` hottest local maxima of the coarse map, and their neighbours, are divided into fine pixels.
///
/// A coarse pixel is a local maximum if no neighbour within the limits has a larger TS, and, among neighbours of equal TS, if
/// its number is the smallest; pixels with TS = 0 are none. The hemisphere is that of its centre. The hottest place of a
/// hemisphere is that of the largest TS of all coarse and fine pixels whose centres lie in it. How often it is not that of a
/// map of fine pixels only, docs/many-sources.md says.
public struct SkyRefinement: Sendable {
    public let grid: SkyGrid
    /// The neighbours of each coarse pixel within the limits, by its distance from the first one.
    private let neighbours: [[Int32]]

    /// The local maxima of each hemisphere that are refined.
    public static let maxima = 16

    public init(_ grid: SkyGrid) {
        self.grid = grid
        let range = grid.range(of: grid.coarse)
        neighbours =
            grid.fine == grid.coarse
            ? []
            : range.map { pixel in
                grid.coarse.neighbours(of: pixel).filter(range.contains).map { Int32(truncatingIfNeeded: $0) }
            }
    }

    /// The fine pixels to fit, ascending; none if there is nothing finer.
    ///
    /// - Parameter values: TS of each coarse pixel within the limits.
    public func finePixels(_ values: [Double]) -> [Int] {
        let first = grid.range(of: grid.coarse).lowerBound
        var maxima: [SkyGrid.Hemisphere: [Int]] = [:]
        for (index, own) in neighbours.enumerated() where values[index] > 0 {
            let isLargest = own.allSatisfy { other in
                let neighbour = Int(other) - first
                return values[neighbour] < values[index] || (values[neighbour] == values[index] && neighbour > index)
            }
            if isLargest {
                let position = grid.coarse.position(of: first + index)
                maxima[SkyGrid.Hemisphere(declination: position.declination), default: []].append(index)
            }
        }
        let hottest = maxima.values.flatMap { all in
            all.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(Self.maxima)
        }
        let divided = Set(hottest.flatMap { [Int32(truncatingIfNeeded: first + $0)] + neighbours[$0] })
        let range = grid.range(of: grid.fine)
        return divided.flatMap { grid.coarse.children(of: Int($0), in: grid.fine) }.filter(range.contains).sorted()
    }
}
