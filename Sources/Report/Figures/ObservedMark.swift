import Console

/// The observed TS in a figure with a TS axis: a line, or an arrow if it lies beyond the axis.
struct ObservedMark {
    let ts: Double
    /// The end of the axis.
    let end: Double

    /// The largest factor by which the axis is extended to show the observed TS.
    private static let largestStretch = 1.6

    /// - Parameter natural: the end of the axis without the observed TS.
    init(ts: Double, natural: Double) {
        self.ts = ts
        end = ts > natural && ts <= Self.largestStretch * natural ? ts + 0.04 * natural : natural
    }

    private var isBeyond: Bool { ts > end }

    var commands: [String] {
        let style = "linecolor rgb \(FigureStyle.vermilion) linewidth 1.8"
        return isBeyond
            ? ["set arrow 90 from graph 0.9, graph 0.55 to graph 0.99, graph 0.55 size graph 0.025,20 filled \(style)"]
            : ["set arrow 90 from \(ts), graph 0 to \(ts), graph 1 nohead \(style) dashtype 3"]
    }

    /// The legend entry, as part of a plot command.
    var legend: String {
        let text = "observed TS = \(NumberFormat.fixed(ts, 2))"
        return "NaN with lines linecolor rgb \(FigureStyle.vermilion) linewidth 1.8 dashtype \(isBeyond ? 1 : 3) "
            + "title '\(text)'"
    }
}
