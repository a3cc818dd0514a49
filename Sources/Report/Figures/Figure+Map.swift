import Console
import Foundation
import IceTracks
import Inference
import Results

extension Figure {
    /// TS on a grid of positions around the source as colours, with contours about the hottest place and the events.
    ///
    /// - Parameter events: the positions of events.
    public static func map(_ map: SkyMap, events: [SkyCoordinates]) -> Figure {
        let (grid, size) = (map.grid, map.grid.size)
        let edge = grid.offsets[size - 1] + 0.5 * (grid.offsets[1] - grid.offsets[0])
        func place(_ index: Int) -> [Double] { [grid.offsets[index % size], grid.offsets[index / size]] }
        let rows = (0..<size).map { row in
            (0..<size).map { column in place(row * size + column) + [map.fits[row * size + column].ts] }
        }
        let largest = map.fits[map.hottest].ts
        let levels = [(Significance.oneSigmaContent, "1"), (0.95, FigureStyle.dashes)].map { confidence, dash in
            (confidence: confidence, level: largest - ChiSquare.quantile(confidence, freedom: 2), dash: dash)
        }.filter { $0.level > 0 }
        var commands = ["set contour base", "unset surface"]
        for (index, contour) in levels.enumerated() {
            commands += [
                "set cntrparam levels discrete \(contour.level)", "set table $contour\(index + 1)",
                "splot $map using 1:2:3 with lines notitle", "unset table",
            ]
        }
        let near = events.compactMap { grid.plane.offset(of: $0) }
            .filter { abs($0.east) < edge && abs($0.north) < edge }
        var plots = ["$map using 1:2:3 with image notitle"]
        if !near.isEmpty {
            plots.append(
                "$events using 1:2 with points pointtype 7 pointsize 0.15 linecolor rgb \(FigureStyle.grey) "
                    + "title '\(near.count) event\(near.count == 1 ? "" : "s")'")
        }
        for (index, contour) in levels.enumerated() {
            plots.append(
                "$contour\(index + 1) using 1:2 with lines linecolor rgb \(FigureStyle.black) linewidth 1.4 "
                    + "dashtype \(contour.dash) title '\(percent(contour.confidence))'")
        }
        plots.append(
            "$source using 1:2 with points pointtype 1 pointsize 1.2 linewidth 1.8 "
                + "linecolor rgb \(FigureStyle.vermilion) title 'source'")
        plots.append(
            "$hottest using 1:2 with points pointtype 2 pointsize 1 linewidth 1.8 "
                + "linecolor rgb \(FigureStyle.blue) title 'largest TS: \(NumberFormat.fixed(largest, 1))'")
        return Figure(
            name: "map", title: "Test statistic around the source",
            caption: """
                TS of the fit at each position, relative to the source (gnomonic projection; east is left). Contours: where \
                TS lies below its maximum by the quantile of χ² with two degrees of freedom.
                """,
            blocks: [
                DataBlock("map", ["east", "north", "ts"], groups: rows),
                DataBlock("events", ["east", "north"], near.map { [$0.east, $0.north] }),
                DataBlock("source", ["east", "north"], [[0, 0]]),
                DataBlock("hottest", ["east", "north"], [place(map.hottest)]),
            ].filter { !$0.isEmpty },
            commands: commands + [
                "set size ratio -1", "set xrange [\(edge):-\(edge)]", "set yrange [-\(edge):\(edge)]",
                "set xlabel 'offset in right ascension, Δα cos δ, in degrees'",
                "set ylabel 'offset in declination, Δδ, in degrees'",
                // Pale, so that lines and points can be seen on it.
                "set palette defined (0 '#ffffff', 1 '#fff7bc', 2 '#fec44f', 3 '#d95f0e')", "set cblabel 'TS'",
                "set cbrange [0:\(max(1, largest))]", plot(plots),
            ])
    }
}
