import Numerics

/// The pixels of the sphere by Górski et al. 2005 (ApJ 622, 759), of equal area and on circles of equal declination, with
/// their numbers as healpy has them: right ascension is the longitude, declination the latitude.
///
/// A pixel's number is that of the RING scheme (from north to south, on each ring by right ascension), unless a name says
/// NESTED (a pixel's four children at twice the side are numbered 4p … 4p + 3).
///
/// In between, a pixel is column x and row y of one of the twelve base pixels, its face. In the plane of the projection
/// (M. R. Calabretta and B. F. Roukema, MNRAS 381 (2007) 865), with X = 4 phi/π and Y = 3 z/2 near the equator, the faces
/// are unit squares in u = (Y + X + 1)/2 and v = (Y − X + 1)/2, with their corners at whole numbers: x grows with u, to
/// the north-east, and y with v, to the north-west.
public struct HEALPix: Sendable, Equatable, Hashable {
    /// N_side: the number of rows and columns of a face, a power of two.
    public let side: Int

    public static let largestSide = 8192

    /// nil for a side that is not a power of two from 1 to ``largestSide``.
    public init?(side: Int) {
        guard (1...Self.largestSide).contains(side), side.nonzeroBitCount == 1 else { return nil }
        self.side = side
    }

    public var pixelCount: Int { 12 * side * side }
    /// Circles of equal declination, numbered from 1 in the north.
    public var ringCount: Int { 4 * side - 1 }

    /// A place on the sphere. Near the poles the sine of the declination has too few digits for it.
    private struct Direction {
        var declination: Double
        /// In [0, 2π).
        var rightAscension: Double
    }

    /// Column and row in one of the twelve faces: 0 to 3 in the north, 4 to 7 on the equator, 8 to 11 in the south.
    private struct Place {
        var face: Int
        var x: Int
        var y: Int
    }
}

// MARK: Rings

extension HEALPix {
    /// The numbers of a ring's pixels.
    public func pixels(ofRing ring: Int) -> Range<Int> {
        let first =
            if ring <= side {
                2 * ring * (ring - 1)
            } else if ring <= 3 * side {
                2 * side * (side - 1) + 4 * side * (ring - side)
            } else {
                pixelCount - 2 * (4 * side - ring) * (4 * side - ring + 1)
            }
        return first..<first + 4 * quarter(ofRing: ring)
    }

    /// The ring of a pixel.
    public func ring(of pixel: Int) -> Int {
        prefixCount(ringCount) { pixels(ofRing: $0 + 1).lowerBound <= pixel }
    }

    /// The pixels in a quarter of a ring.
    private func quarter(ofRing ring: Int) -> Int { min(ring, side, 4 * side - ring) }

    /// Whether the pixels of a ring begin half a pixel east of right ascension 0; else the first one lies there.
    private func isShifted(_ ring: Int) -> Bool {
        quarter(ofRing: ring) < side || (ring - side).isMultiple(of: 2)
    }

    /// The declination of a ring's centres in degrees.
    public func declination(ofRing ring: Int) -> Double {
        let distance = Double(quarter(ofRing: ring)) / Double(side)
        let declination =
            if ring < side {
                Self.capDeclination(distance)
            } else if ring > 3 * side {
                -Self.capDeclination(distance)
            } else {
                Portable.asin(Double(2 * side - ring) / Double(side) * 2 / 3)
            }
        return Angle.degrees(fromRadians: declination)
    }

    /// The right ascension of a pixel's centre in degrees, in [0, 360).
    private func rightAscension(of pixel: Int, ring: Int) -> Double {
        let index = Double(pixel - pixels(ofRing: ring).lowerBound)
        return (index + (isShifted(ring) ? 0.5 : 0)) * 90 / Double(quarter(ofRing: ring))
    }

    /// The centre of a pixel.
    public func position(of pixel: Int) -> SkyCoordinates {
        let ring = ring(of: pixel)
        return SkyCoordinates(
            rightAscensionDegrees: rightAscension(of: pixel, ring: ring), declinationDegrees: declination(ofRing: ring))
    }

    /// The declination in the polar cap, 1 − z = d²/3.
    private static func capDeclination(_ distance: Double) -> Double {
        0.5 * Double.pi - 2 * Portable.asin(distance / 6.0.squareRoot())
    }
}

// MARK: From a direction

extension HEALPix {
    /// The pixel that contains a position.
    ///
    /// - Parameter position: any right ascension.
    public func pixel(at position: SkyCoordinates) -> Int {
        pixel(
            at: Direction(
                declination: Angle.radians(fromDegrees: position.declination),
                rightAscension: Angle.radians(fromDegrees: position.rightAscension)))
    }

    private func pixel(at direction: Direction) -> Int { number(of: place(of: direction)) }

    private func place(of direction: Direction) -> Place {
        let z = Portable.sin(direction.declination)
        let turns = direction.rightAscension / (2 * Double.pi)
        let quarters = 4 * (turns - turns.rounded(.down))
        if abs(z) * 3 >= 2 {
            // The distance from the pole, and the place between two meridians.
            let d = 6.0.squareRoot() * Portable.sin(0.5 * (0.5 * Double.pi - abs(direction.declination)))
            let face = min(3, Int(quarters))
            let t = quarters - Double(face)
            return z > 0
                ? Place(face: face, x: cell(1 - d * (1 - t)), y: cell(1 - d * t))
                : Place(face: face + 8, x: cell(d * t), y: cell(d * (1 - t)))
        }
        let (u, v) = (quarters + 0.75 * z + 0.5, 0.75 * z - quarters + 0.5)
        var (a, b) = (u.rounded(.down), v.rounded(.down))
        // At the corner of four faces rounding may lead beyond it.
        if a + b > 1 { b -= 1 }
        if a + b < -1 { a += 1 }
        return Place(face: Self.face(Int(a), Int(b)), x: cell(u - a), y: cell(v - b))
    }

    /// The row or column of a fraction of a face.
    private func cell(_ fraction: Double) -> Int { min(side - 1, max(0, Int(fraction * Double(side)))) }

    /// The face whose lower corner has the coordinates u and v; in the north their sum is 1, on the equator 0.
    private static func face(_ u: Int, _ v: Int) -> Int {
        switch u + v {
        case 1: (u + 3) & 3
        case 0: 4 + (u & 3)
        default: 8 + (u & 3)
        }
    }

    /// The direction of a point of a face, x and y from 0 to 1.
    private static func direction(face: Int, x: Double, y: Double) -> Direction {
        let (row, column) = (face / 4, face % 4)
        let quarter = 0.5 * Double.pi
        // North and south are mirror images.
        let d = row == 0 ? 2 - x - y : row == 2 ? x + y : 1
        if row != 1, d < 1 {
            let t = d > 0 ? (row == 0 ? 1 - y : x) / d : 0
            let declination = capDeclination(d)
            return Direction(
                declination: row == 0 ? declination : -declination, rightAscension: (Double(column) + t) * quarter)
        }
        let height = x + y - Double(row)
        let turn = Double(column) + (row == 1 ? 0 : 0.5) + 0.5 * (x - y)
        return Direction(
            declination: Portable.asin(min(1, max(-1, height * 2 / 3))),
            rightAscension: (turn < 0 ? turn + 4 : turn) * quarter)
    }
}

// MARK: Numbers of both schemes

extension HEALPix {
    private func place(of pixel: Int) -> Place {
        let ring = ring(of: pixel)
        let (index, length) = (pixel - pixels(ofRing: ring).lowerBound, quarter(ofRing: ring))
        if ring < side {
            let y = side - 1 - index % length
            return Place(face: index / length, x: 2 * side - 1 - ring - y, y: y)
        }
        if ring > 3 * side {
            let x = index % length
            return Place(face: 8 + index / length, x: x, y: length - 1 - x)
        }
        // u and v of the centre in units of half a pixel, less the half pixel.
        let (x, y) = (2 * index + (isShifted(ring) ? 1 : 0), 2 * side - ring)
        let (u, v) = ((y + x + side - 1) >> 1, (y - x + side - 1) >> 1)
        // Shifts round down, also below 0.
        let bits = side.trailingZeroBitCount
        return Place(face: Self.face(u >> bits, v >> bits), x: u & (side - 1), y: v & (side - 1))
    }

    private func number(of place: Place) -> Int {
        let (row, column) = (place.face / 4, place.face % 4)
        let ring = (row + 2) * side - place.x - place.y - 1
        let (pixels, length) = (pixels(ofRing: ring), quarter(ofRing: ring))
        if ring < side { return pixels.lowerBound + column * length + side - 1 - place.y }
        if ring > 3 * side { return pixels.lowerBound + column * length + place.x }
        let x = (2 * column + (row == 1 ? 0 : 1)) * side + place.x - place.y
        let index = (x - (isShifted(ring) ? 1 : 0)) >> 1
        return pixels.lowerBound + (index < 0 ? index + pixels.count : index)
    }

    /// The number of a pixel in the NESTED scheme.
    public func nested(_ pixel: Int) -> Int {
        let place = place(of: pixel)
        var number = 0
        for bit in 0..<side.trailingZeroBitCount {
            number |= (place.x >> bit & 1) << (2 * bit) | (place.y >> bit & 1) << (2 * bit + 1)
        }
        return place.face * side * side + number
    }

    /// The number of a pixel that has a number in the NESTED scheme.
    public func pixel(nested: Int) -> Int {
        let (face, number) = nested.quotientAndRemainder(dividingBy: side * side)
        var place = Place(face: face, x: 0, y: 0)
        for bit in 0..<side.trailingZeroBitCount {
            place.x |= (number >> (2 * bit) & 1) << bit
            place.y |= (number >> (2 * bit + 1) & 1) << bit
        }
        return self.number(of: place)
    }

    /// The pixels of a finer division into which a pixel is divided, ascending.
    ///
    /// - Precondition: the finer side is a multiple of this one.
    public func children(of pixel: Int, in finer: HEALPix) -> [Int] {
        precondition(finer.side >= side)
        let (place, factor) = (place(of: pixel), finer.side / side)
        return (0..<factor * factor).map { index in
            finer.number(
                of: Place(
                    face: place.face, x: place.x * factor + index % factor, y: place.y * factor + index / factor))
        }.sorted()
    }

    /// The pixels that share an edge or a corner with a pixel, ascending: eight, or seven or six at corners of faces.
    ///
    /// They are those that contain points close to its corners, which needs no rule for each pair of faces.
    public func neighbours(of pixel: Int) -> [Int] {
        let place = place(of: pixel)
        let step = 1 / Double(side)
        var found: Set<Int> = []
        for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let corner = Self.direction(
                face: place.face, x: Double(place.x + x) * step, y: Double(place.y + y) * step)
            let (sine, cosine) = Portable.sincos(corner.declination)
            let (sineRA, cosineRA) = Portable.sincos(corner.rightAscension)
            for (a, b) in Self.circle {
                // The corner, and 2 % of a face's side divided by N_side to the north (a) and to the east (b).
                let (up, right) = (0.02 * step * a, 0.02 * step * b)
                let vector = SIMD3(
                    cosineRA * (cosine - up * sine) - right * sineRA,
                    sineRA * (cosine - up * sine) + right * cosineRA,
                    sine + up * cosine)
                let horizontal = (vector.x * vector.x + vector.y * vector.y).squareRoot()
                found.insert(
                    self.pixel(
                        at: Direction(
                            declination: Portable.atan2(vector.z, horizontal),
                            rightAscension: Portable.atan2(vector.y, vector.x))))
            }
        }
        found.remove(pixel)
        return found.sorted()
    }

    /// Sixteen directions.
    private static let circle = (0..<16).map { Portable.sincos(Double.pi * (Double($0) + 0.37) / 8) }
}
