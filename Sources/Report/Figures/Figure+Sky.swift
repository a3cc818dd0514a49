import Console
import Foundation
import IceTracks
import Results
import Settings

extension Figure {
    /// Half of the width of the sky plot, in degrees.
    private static let halfWidth = 3.0
    /// The smallest weight of an event that is drawn with its error; others are dots.
    private static let leastWeight = 0.1
    /// Classes of weights: the smallest weight of each, and the width of its lines.
    private static let classes: [(least: Double, width: Double)] = [(0.5, 2), (leastWeight, 0.8)]

    /// The events around the source: circles with the radius of the angular error, coloured by energy, with wider lines
    /// for larger weights in the fit; nil without an event within 3°.
    ///
    /// Positions are drawn in the gnomonic projection about the source, in which great circles are straight: ξ to the east,
    /// η to the north, in degrees.
    static func sky(_ events: [ObservedEvent], of source: Configuration) -> Figure? {
        let plane = TangentPlane(
            centre: SkyCoordinates(
                rightAscensionDegrees: source.rightAscensionDegrees, declinationDegrees: source.declinationDegrees))
        let points = events.compactMap { event in
            plane.offset(
                of: SkyCoordinates(
                    rightAscensionDegrees: event.rightAscension, declinationDegrees: event.declination)
            ).map { ($0, event) }
        }.filter { abs($0.0.east) <= halfWidth && abs($0.0.north) <= halfWidth }
        guard !points.isEmpty else { return nil }
        let columns = ["east", "north", "sigma", "log10_energy", "weight"]
        func row(_ point: ((east: Double, north: Double), ObservedEvent)) -> [Double] {
            let (place, event) = point
            return [place.east, place.north, event.angularError, event.log10Energy, event.weight]
        }
        var blocks = [
            DataBlock("background", columns, points.filter { $0.1.weight < leastWeight }.map(row)),
            DataBlock("source", ["east", "north"], [[0, 0]]),
        ]
        var plots: [String] = []
        if !blocks[0].isEmpty {
            plots.append(
                "$background using 1:2:4 with points pointtype 7 pointsize 0.25 linecolor palette "
                    + "title 'weight below \(NumberFormat.plain(leastWeight)): \(blocks[0].rows.count) events, without error'"
            )
        }
        var upper = Double.infinity
        for (index, group) in classes.enumerated() {
            let rows = points.filter { $0.1.weight >= group.least && $0.1.weight < upper }.map(row)
            let range =
                upper.isFinite
                ? "\(NumberFormat.plain(group.least)) to \(NumberFormat.plain(upper))"
                : "above \(NumberFormat.plain(group.least))"
            upper = group.least
            guard !rows.isEmpty else { continue }
            blocks.append(DataBlock("weight\(index)", columns, rows))
            let data = "$weight\(index) using 1:2"
            plots.append("\(data):3:4 with circles linecolor palette linewidth \(group.width) fillstyle empty notitle")
            plots.append("\(data):4 with points pointtype 7 pointsize 0.3 linecolor palette notitle")
            plots.append(
                "NaN with lines linewidth \(group.width) linecolor rgb '#225ea8' "
                    + "title 'weight \(range): \(rows.count) event\(rows.count == 1 ? "" : "s")'")
        }
        plots.append(
            "$source using 1:2 with points pointtype 1 pointsize 1.2 linewidth 1.8 "
                + "linecolor rgb \(FigureStyle.vermilion) title 'source'")
        let energies = points.map { $0.1.log10Energy }
        return Figure(
            name: "sky", title: "Events around the source",
            caption: """
                Reconstructed directions within \(NumberFormat.plain(halfWidth))° of the source, relative to it (gnomonic \
                projection; east is left). The radius of a circle is the angular error of the event, its colour the \
                reconstructed energy; the wider its line, the larger its weight, the probability that it is signal in the \
                best fit.
                """,
            blocks: blocks.filter { !$0.isEmpty },
            commands: [
                "set size ratio -1", "set xrange [\(halfWidth):-\(halfWidth)]",
                "set yrange [-\(halfWidth):\(halfWidth)]",
                "set xlabel 'offset in right ascension, Δα cos δ, in degrees'",
                "set ylabel 'offset in declination, Δδ, in degrees'",
                "set palette defined (0 '#7fcdbb', 1 '#1d91c0', 2 '#225ea8', 3 '#081d58')",
                "set cblabel 'log_{10}(energy / GeV)'",
                "set cbrange [\(floor(2 * (energies.min() ?? 2)) / 2):\(ceil(2 * (energies.max() ?? 6)) / 2)]",
                "set xtics 1", "set ytics 1", plot(plots),
            ])
    }
}
