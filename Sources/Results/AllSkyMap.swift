import Console
import Diagnostics
import IceTracks
import PointSource
import Settings

/// TS, n_s and θ of the data over the whole sky: the result of `trialgen map --nside`.
public struct AllSkyMap: Sendable {
    public let campaign: Campaign
    public let grid: SkyGrid
    /// At all coarse pixels within the limits of the declination, and at the fine ones where TS is large.
    public let map: SkySearch.Map
    /// The fits of `trialgen unblind` at the hottest place of each hemisphere.
    public let hottest: [SkySearch.Place]

    public init(_ campaign: Campaign, _ grid: SkyGrid, _ map: SkySearch.Map, hottest: [SkySearch.Place]) {
        (self.campaign, self.grid, self.map, self.hottest) = (campaign, grid, map, hottest)
    }

    /// The name of θ: "gamma" or "peak".
    public var parameterName: String { campaign.configuration.settings.parameter.label }

    /// The names of the numbers of a fit, and the numbers by name.
    public func columns(of places: [SkySearch.Place]) -> [(name: String, values: [Double])] {
        [
            ("ts", places.map(\.fit.testStatistic)), ("ns", places.map(\.fit.signalEvents)),
            (parameterName, places.map(\.fit.gamma)), ("flux_norm", places.map(\.flux)),
        ]
    }

    /// A table in CSV: a line for each coarse pixel, then for each fine one.
    public var csv: String {
        let all = map.coarse + map.fine
        let columns = columns(of: all)
        var text = (["nside", "pixel", "ra", "dec"] + columns.map(\.name)).joined(separator: ",") + "\n"
        for (index, place) in all.enumerated() {
            let numbers =
                [place.position.rightAscension, place.position.declination] + columns.map { $0.values[index] }
            text += "\(place.side),\(place.pixel)," + numbers.map(shortest).joined(separator: ",") + "\n"
        }
        return text
    }
}

extension AllSkyMap: CommandResult {
    private static func name(_ place: SkySearch.Place) -> String {
        SkyGrid.Hemisphere(declination: place.position.declination).rawValue
    }

    public var text: String {
        let configuration = campaign.configuration
        var table = Table([
            .name("hottest"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS"), .number("n_s"),
            .number(parameterName), .number("flux"), .number("nside"), .number("pixel"),
        ])
        for place in hottest {
            let isFitted = place.fit.signalEvents > 0
            table.add([
                Self.name(place), NumberFormat.fixed(place.position.rightAscension, 3),
                NumberFormat.fixed(place.position.declination, 3), NumberFormat.fixed(place.fit.testStatistic, 3),
                NumberFormat.fixed(place.fit.signalEvents, 2),
                isFitted ? NumberFormat.fixed(place.fit.gamma, 2) : "-",
                isFitted ? NumberFormat.flux(place.flux) : "-", "\(place.side)", "\(place.pixel)",
            ])
        }
        let unit = hottest.first.map { "flux in \(configuration.fittedFluxUnit($0.fit.gamma))\n" } ?? ""
        return campaign.title + table.text + unit + "\n\(NumberFormat.count(map.coarse.count)) positions, "
            + "\(NumberFormat.count(map.fine.count)) finer ones where TS is large\n"
            + "The largest TS is not a post-trial significance: many positions were tried.\n"
    }

    private func json(_ place: SkySearch.Place) -> JSONValue {
        .object(
            [
                .init("name", .string(Self.name(place))), .init("ra", .number(place.position.rightAscension)),
                .init("dec", .number(place.position.declination)),
            ] + columns(of: [place]).map { .init($0.name, .number($0.values[0])) } + [
                .init("pixel", .integer(place.pixel)), .init("nside", .integer(place.side)),
            ])
    }

    public var members: [JSONValue.Member] {
        [
            .init("hottest", .array(hottest.map(json))), .init("n_positions", .integer(map.coarse.count)),
            .init("n_fine_positions", .integer(map.fine.count)),
            .init("fingerprint", .string(campaign.fingerprint)), .init("campaign", .string(campaign.text)),
        ] + campaign.originMembers
    }
}
