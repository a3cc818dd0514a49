import Console
import PointSource
import Settings

/// The output of `trialgen unblind` for a list of sources: a row for each fit.
public struct UnblindListSummary: CommandResult {
    /// The order of the rows.
    public enum Order: String, Sendable, CaseIterable {
        /// The largest TS first; equal ones in the order of the list.
        case ts
        case name
        case ra
        case dec
    }

    /// A source of the list with its fit.
    public struct Row: Sendable {
        /// Its position in the list, from 0.
        let index: Int
        /// Its name, or ``Settings/ListedSource/defaultName(_:)``.
        let name: String
        let fit: UnblindSummary

        public init(index: Int, name: String, fit: UnblindSummary) {
            (self.index, self.name, self.fit) = (index, name, fit)
        }

        var configuration: Configuration { fit.campaign.configuration }
        var ts: Double { fit.result.ts }
    }

    private let rows: [Row]
    /// The campaign of a search with this list; nil if the sources are points.
    private let campaign: Campaign?
    public let warnings: [String]

    /// - Parameters:
    ///   - rows: at least one, in the order of the list.
    ///   - campaign: that of a search with this list; nil if the sources are points.
    public init(_ rows: [Row], campaign: Campaign?, order: Order) {
        self.campaign = campaign
        let near = NearSources(
            rows.map { ($0.configuration.rightAscensionDegrees, $0.configuration.declinationDegrees) })
        warnings =
            (near.map { [$0.warning(rows.map(\.name))] } ?? [])
            + rows.flatMap { row in row.fit.warnings.map { "\(row.name): \($0)" } }
        // The sort is stable.
        self.rows = rows.sorted { one, other in
            switch order {
            case .ts: one.ts > other.ts
            case .name: one.name < other.name
            case .ra: one.configuration.rightAscensionDegrees < other.configuration.rightAscensionDegrees
            case .dec: one.configuration.declinationDegrees < other.configuration.declinationDegrees
            }
        }
    }

    private var datasets: [UnblindSummary.DatasetFacts] { rows[0].fit.datasets }

    public var text: String {
        let configuration = rows[0].configuration
        let count = NumberFormat.count(rows.count)
        let title =
            campaign?.configuration.listTitle ?? (rows.count == 1 ? "list of 1 source" : "list of \(count) sources")
        let parameter = configuration.settings.parameter
        var table = Table([
            .name("source"), .number("ra", unit: "deg"), .number("dec", unit: "deg"), .number("TS"), .number("n_s"),
            .number(parameter.label), .number("flux"),
        ])
        for row in rows {
            let (own, fit) = (row.configuration, row.fit.result)
            table.add([
                row.name, NumberFormat.fixed(own.rightAscensionDegrees, 2),
                NumberFormat.fixed(own.declinationDegrees, 2), NumberFormat.fixed(fit.ts, 3),
                NumberFormat.fixed(fit.signalEvents, 2),
                // Without signal events θ is undefined.
                fit.signalEvents > 0 || parameter.isFixed ? NumberFormat.fixed(fit.gamma, 2) : "-",
                fit.signalEvents > 0 ? NumberFormat.flux(fit.fluxNormalisation) : "-",
            ])
        }
        var counts = Table([.name("dataset"), .number("events"), .number("livetime", unit: "days")])
        for facts in datasets {
            counts.add([facts.dataset, NumberFormat.count(facts.all), NumberFormat.fixed(facts.livetime, 2)])
        }
        return configuration.title(of: title + "\n") + table.text
            + "flux in \(configuration.fittedFluxUnit(rows[0].fit.result.gamma))\n\n" + counts.text
    }

    public var members: [JSONValue.Member] {
        let rows = rows.map { row -> JSONValue in
            .object(
                [
                    .init("index", .integer(row.index)), .init("name", .string(row.name)),
                    .init("ra", .number(row.configuration.rightAscensionDegrees)),
                    .init("dec", .number(row.configuration.declinationDegrees)),
                ] + row.fit.sourceMembers + [.init("fingerprint", .string(row.fit.campaign.fingerprint))])
        }
        let origin =
            campaign.map { campaign in
                [
                    JSONValue.Member("fingerprint", .string(campaign.fingerprint)),
                    .init("campaign", .string(campaign.text)),
                ] + campaign.originMembers
            } ?? [
                .init("n_sources", .integer(rows.count)),
                .init("sample", .string(self.rows[0].configuration.sample.name)),
            ]
        return [.init("sources", .array(rows))] + origin + [datasets.events, datasets.livetimes]
    }
}
