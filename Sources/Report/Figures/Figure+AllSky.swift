import Console
import Foundation
import IceTracks
import PointSource
import Results

extension Figure {
    /// TS over the whole sky in the Hammer projection, with the hottest place of each hemisphere.
    public static func allSky(_ map: AllSkyMap) -> Figure {
        let hammer = HammerProjection()
        let picture = SkyPicture(map)
        let largest = map.hottest.map(\.fit.testStatistic).max() ?? 0
        let places = map.hottest.map { hammer.point(of: $0.position) }
        var plots = [
            "$map using 1:2:3 with image notitle",
            "$graticule using 1:2 with lines linecolor rgb \(FigureStyle.grey) linewidth 0.4 notitle",
            "$edge using 1:2 with lines linecolor rgb \(FigureStyle.black) linewidth 0.8 notitle",
        ]
        for (index, place) in map.hottest.enumerated() {
            let colour = index == 0 ? FigureStyle.blue : FigureStyle.vermilion
            let name = SkyGrid.Hemisphere(declination: place.position.declination).rawValue
            plots.append(
                "$hottest\(index + 1) using 1:2 with points pointtype 6 pointsize 1.4 linewidth 1.8 linecolor rgb \(colour) "
                    + "title 'hottest in the \(name): TS \(NumberFormat.fixed(place.fit.testStatistic, 1))'")
        }
        let edge = hammer.line((0...180).map { (-180, Double($0) - 90) } + (0...180).map { (180, 90 - Double($0)) })
        let labels = [0, 60, 120, 240, 300].map { ra in
            let (x, y) = hammer.point(longitude: Double(ra) - 180 + (ra == 0 ? 1e-9 : 0), latitude: 0)
            return "set label '\(ra)°' at \(x),\(y) center front font ',8' textcolor rgb \(FigureStyle.grey)"
        }
        return Figure(
            name: "map", title: "Test statistic over the sky",
            caption: """
                TS of the fit at each position, in equatorial coordinates (Hammer projection; right ascension grows to the \
                left, its centre is 180°). Lines are 30° apart. White: not searched, or TS = 0.
                """,
            blocks: [
                DataBlock("map", ["x", "y", "ts"], groups: picture.rows(hammer)),
                DataBlock("graticule", ["x", "y"], groups: hammer.graticule),
                DataBlock("edge", ["x", "y"], edge),
            ] + places.enumerated().map { DataBlock("hottest\($0 + 1)", ["x", "y"], [[$1.x, $1.y]]) },
            commands: labels + [
                "set size ratio -1", "set xrange [-2.9:2.9]", "set yrange [-1.5:1.5]", "unset border", "unset tics",
                "set key outside bottom center horizontal",
                "set palette defined (0 '#ffffff', 1 '#fff7bc', 2 '#fec44f', 3 '#d95f0e', 4 '#662506')",
                "set cblabel 'TS'", "set colorbox", "set cbtics", "set cbrange [0:\(max(1, largest))]", plot(plots),
            ])
    }
}

/// The equal-area projection of E. von Hammer (1892) of the whole sky onto an ellipse, with right ascension 180° in the
/// centre and growing to the left.
private struct HammerProjection {
    static let width = 2 * 2.0.squareRoot()
    static let height = 2.0.squareRoot()

    func point(of position: SkyCoordinates) -> (x: Double, y: Double) {
        point(longitude: position.rightAscension - 180, latitude: position.declination)
    }

    /// - Parameter longitude: from −180° to 180°, to the left.
    func point(longitude: Double, latitude: Double) -> (x: Double, y: Double) {
        let (half, height) = (Angle.radians(fromDegrees: 0.5 * longitude), Angle.radians(fromDegrees: latitude))
        let divisor = (1 + cos(height) * cos(half)).squareRoot()
        return (-Self.width * cos(height) * sin(half) / divisor, Self.height * sin(height) / divisor)
    }

    /// nil outside the ellipse.
    func position(x: Double, y: Double) -> SkyCoordinates? {
        let (a, b) = (x / Self.width, y / Self.height)
        guard a * a + b * b < 1 else { return nil }
        let z = (1 - 0.5 * (a * a + b * b)).squareRoot()
        let longitude = Angle.degrees(fromRadians: 2 * atan2(-2.0.squareRoot() * a * z, 2 * z * z - 1))
        let turn = (longitude + 180).truncatingRemainder(dividingBy: 360)
        return SkyCoordinates(
            rightAscensionDegrees: turn,
            declinationDegrees: Angle.degrees(fromRadians: asin(max(-1, min(1, 2.0.squareRoot() * b * z)))))
    }

    func line(_ points: [(Double, Double)]) -> [[Double]] {
        points.map { longitude, latitude in
            let (x, y) = point(longitude: longitude, latitude: latitude)
            return [x, y]
        }
    }

    /// Parallels and meridians.
    var graticule: [[[Double]]] {
        stride(from: -60.0, through: 60, by: 30).map { latitude in
            line(stride(from: -180.0, through: 180, by: 4).map { ($0, latitude) })
        }
            + stride(from: -150.0, through: 150, by: 30).map { longitude in
                line(stride(from: -90.0, through: 90, by: 3).map { (longitude, $0) })
            }
    }
}

/// The TS of a map at any place of the sky.
private struct SkyPicture {
    private let grid: SkyGrid
    private let firstPixel: Int
    private let coarse: [Double]
    /// The finer levels, the finest first.
    private let fine: [(pixels: HEALPix, values: [Int: Double])]

    /// Points of the picture's rows and columns.
    private static let size = (columns: 480, rows: 240)

    init(_ map: AllSkyMap) {
        grid = map.grid
        firstPixel = map.grid.range(of: map.grid.coarse).lowerBound
        coarse = map.map.coarse.map(\.fit.testStatistic)
        fine = zip(map.grid.levels, map.map.levels).dropFirst().reversed().map { pixels, places in
            (pixels, Dictionary(uniqueKeysWithValues: places.map { ($0.pixel, $0.fit.testStatistic) }))
        }
    }

    /// TS at the pixel that contains a position; −1 for one that was not searched, which has the colour of 0.
    private func value(at position: SkyCoordinates) -> Double {
        for (pixels, values) in fine {
            if let value = values[pixels.pixel(at: position)] { return value }
        }
        let index = grid.coarse.pixel(at: position) - firstPixel
        return coarse.indices.contains(index) ? coarse[index] : -1
    }

    /// Points of a regular grid with the largest TS about them, row by row: a hot place may be smaller than their distance.
    func rows(_ projection: HammerProjection) -> [[[Double]]] {
        func place(_ index: Double, _ count: Int) -> Double { (index + 0.5) * 2 / Double(count) - 1 }
        let thirds = [-1.0 / 3, 0, 1.0 / 3]
        return (0..<Self.size.rows).map { row in
            (0..<Self.size.columns).map { column in
                let largest = thirds.flatMap { down in
                    thirds.map { right in
                        projection.position(
                            x: HammerProjection.width * place(Double(column) + right, Self.size.columns),
                            y: HammerProjection.height * place(Double(row) + down, Self.size.rows)
                        ).map(value) ?? -1
                    }
                }.reduce(-1, max)
                let (x, y) = (place(Double(column), Self.size.columns), place(Double(row), Self.size.rows))
                return [HammerProjection.width * x, HammerProjection.height * y, largest].map {
                    ($0 * 1e4).rounded() / 1e4
                }
            }
        }
    }
}
