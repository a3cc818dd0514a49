import Console
import Diagnostics
import IceTracks
import PointSource
import Settings

/// Where a map's fits are made: a square grid on the tangent plane of a position.
public struct MapGrid: Sendable, Equatable {
    /// The projection about the centre.
    public let plane: TangentPlane
    /// Offsets of the columns to the east, and of the rows to the north, in degrees: from −radius to radius.
    public let offsets: [Double]

    /// The largest distance of an edge from the centre, in degrees: half of the sky is at infinity.
    public static let largestRadius = 30.0
    /// The largest number of columns.
    public static let largestSize = 1001

    /// - Parameters:
    ///   - radius: the distance of an edge from the centre, in degrees; the last row and column are at most so far.
    ///   - step: the distance between two rows or columns, in degrees.
    /// - Throws: `Fault` (usage), about `--radius` or `--step`, for a number out of range.
    public init(centre: SkyCoordinates, radius: Double, step: Double) throws(Fault) {
        guard radius > 0, radius <= Self.largestRadius else {
            throw Fault(
                .usage, at: .field("--radius"), "\(shortest(radius)) is not a valid radius",
                remedy: "give degrees above 0, up to \(shortest(Self.largestRadius))")
        }
        guard step > 0, step <= radius else {
            throw Fault(
                .usage, at: .field("--step"), "\(shortest(step)) is not a valid step",
                remedy: "give degrees above 0, up to the radius, \(shortest(radius))")
        }
        // 3 / 0.1 is a little below 30.
        let half = (radius / step + 1e-9).rounded(.down)
        guard 2 * half + 1 <= Double(Self.largestSize) else {
            throw Fault(
                .usage, at: .field("--step"),
                "\(shortest(step)) makes more than \(Self.largestSize) columns up to \(shortest(radius)) degrees",
                remedy: "give a larger step, or a smaller radius")
        }
        plane = TangentPlane(centre: centre)
        offsets = (-Int(half)...Int(half)).map { Double($0) * step }
    }

    /// The number of rows and columns.
    public var size: Int { offsets.count }

    /// The positions of a row, from west to east.
    public func positions(row: Int) -> [SkyCoordinates] {
        offsets.map { plane.position(east: $0, north: offsets[row]) }
    }
}

/// TS, n_s and θ of the data on a grid of positions: the result of `trialgen map`.
public struct SkyMap: Sendable {
    /// The fit at one position.
    public struct Fit: Sendable, Equatable {
        public let position: SkyCoordinates
        public let ts: Double
        public let signalEvents: Double
        /// θ; undefined without signal events.
        public let gamma: Double
        /// The flux normalisation, in GeV⁻¹ cm⁻² s⁻¹.
        public let flux: Double

        public init(position: SkyCoordinates, _ fit: FitResult, flux: Double) {
            self.position = position
            (ts, signalEvents, gamma) = (fit.testStatistic, fit.signalEvents, fit.gamma)
            self.flux = flux
        }
    }

    public let campaign: Campaign
    public let grid: MapGrid
    /// Row by row from south to north, each from west to east.
    public let fits: [Fit]

    /// - Parameter fits: one for each position of the grid.
    public init(_ campaign: Campaign, _ grid: MapGrid, _ fits: [Fit]) {
        (self.campaign, self.grid, self.fits) = (campaign, grid, fits)
    }

    /// The fit at the centre of the grid.
    public var centre: Fit { fits[fits.count / 2] }

    /// The position in ``fits`` of the largest TS, the first of equals.
    public var hottest: Int { fits.indices.reduce(0) { fits[$1].ts > fits[$0].ts ? $1 : $0 } }

    /// The name of θ: "gamma" or "peak".
    public var parameterName: String { campaign.configuration.settings.parameter.label }

    /// The names of the numbers of a fit, and the numbers of all fits by name.
    public var columns: [(name: String, values: [Double])] {
        [
            ("ra", fits.map(\.position.rightAscension)), ("dec", fits.map(\.position.declination)),
            ("ts", fits.map(\.ts)), ("ns", fits.map(\.signalEvents)), (parameterName, fits.map(\.gamma)),
            ("flux_norm", fits.map(\.flux)),
        ]
    }

    /// A table in CSV: offsets and numbers of each fit.
    public var csv: String {
        let columns = columns
        var text = (["east", "north"] + columns.map(\.name)).joined(separator: ",") + "\n"
        for index in fits.indices {
            let (row, column) = index.quotientAndRemainder(dividingBy: grid.size)
            let numbers = [grid.offsets[column], grid.offsets[row]] + columns.map { $0.values[index] }
            text += numbers.map(shortest).joined(separator: ",") + "\n"
        }
        return text
    }
}

extension SkyMap: CommandResult {
    private func cells(_ name: String, _ fit: Fit) -> [String] {
        let isFitted = fit.signalEvents > 0
        return [
            name, NumberFormat.fixed(fit.position.rightAscension, 3), NumberFormat.fixed(fit.position.declination, 3),
            NumberFormat.fixed(fit.ts, 3), NumberFormat.fixed(fit.signalEvents, 2),
            isFitted ? NumberFormat.fixed(fit.gamma, 2) : "-", isFitted ? NumberFormat.flux(fit.flux) : "-",
        ]
    }

    public var text: String {
        let (configuration, hot) = (campaign.configuration, fits[hottest])
        var table = Table([
            .name("position"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS"), .number("n_s"),
            .number(parameterName), .number("flux"),
        ])
        table.add(cells("centre", centre))
        table.add(cells("hottest", hot))
        let step = grid.offsets[1] - grid.offsets[0]
        return campaign.title + table.text + "flux in \(configuration.fittedFluxUnit(hot.gamma))\n\n"
            + "\(grid.size) x \(grid.size) positions, \(NumberFormat.plain((step * 1e9).rounded() / 1e9)) degrees apart\n"
            + "The largest TS is not a post-trial significance: many positions were tried.\n"
    }

    private func json(_ index: Int) -> JSONValue {
        let (row, column) = index.quotientAndRemainder(dividingBy: grid.size)
        return .object(
            [.init("east", .number(grid.offsets[column])), .init("north", .number(grid.offsets[row]))]
                + columns.map { .init($0.name, .number($0.values[index])) })
    }

    public var members: [JSONValue.Member] {
        [
            .init("centre", json(fits.count / 2)), .init("hottest", json(hottest)),
            .init("size", .integer(grid.size)), .init("offsets", .numbers(grid.offsets)),
            .init("fingerprint", .string(campaign.fingerprint)), .init("campaign", .string(campaign.text)),
        ] + campaign.originMembers
    }
}
