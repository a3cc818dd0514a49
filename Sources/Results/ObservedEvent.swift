import Console
import IceTracks
import Numerics
import PointSource

/// An event of the data near the source, as `trialgen unblind --events` prints it and `trialmerge report` reads it.
/// Angles are in degrees.
public struct ObservedEvent: Sendable, Equatable, Decodable {
    public let dataset: String
    /// The position among the dataset's events, in the order of its files and without those outside of the uptime, from 0.
    public let index: Int
    public let rightAscension: Double
    public let declination: Double
    /// lg(E_reco/GeV).
    public let log10Energy: Double
    /// The angular error σ.
    public let angularError: Double
    /// The angle ψ to the source.
    public let openingAngle: Double
    /// The ratio of signal to background density at the fitted γ.
    public let ratio: Double
    /// The probability that it is signal, for the fitted n_s and γ.
    public let weight: Double

    private enum CodingKeys: String, CodingKey {
        case dataset, index, ratio, weight
        case rightAscension = "ra"
        case declination = "dec"
        case log10Energy = "log10_energy"
        case angularError = "sigma"
        case openingAngle = "psi"
    }

    init(_ fitted: FittedEvent) {
        let event = fitted.event
        (dataset, index, ratio, weight) = (event.dataset, fitted.index, event.ratio, fitted.weight)
        rightAscension = Angle.degrees(fromRadians: event.rightAscension)
        declination = Angle.degrees(fromRadians: event.declination)
        log10Energy = event.log10Energy
        angularError = Angle.degrees(fromRadians: event.angularError)
        openingAngle = Angle.degrees(fromRadians: event.openingAngle)
    }

    var members: [JSONValue.Member] {
        [
            .init(CodingKeys.dataset.rawValue, .string(dataset)), .init(CodingKeys.index.rawValue, .integer(index)),
        ]
            + [
                (CodingKeys.rightAscension, rightAscension), (.declination, declination), (.log10Energy, log10Energy),
                (.angularError, angularError), (.openingAngle, openingAngle), (.ratio, ratio), (.weight, weight),
            ].map { .init($0.rawValue, .number($1)) }
    }

    /// The events as a table, at most 80 columns wide.
    public static func table(_ events: some Sequence<ObservedEvent>) -> Table {
        var table = Table([
            .name("dataset"), .number("event"), .number("ra", unit: "deg"), .number("dec", unit: "deg"),
            .number("E", unit: "GeV"), .number("sigma", unit: "deg"), .number("psi", unit: "deg"), .number("S/B"),
            .number("weight"),
        ])
        for event in events {
            table.add([
                event.dataset, String(event.index), NumberFormat.fixed(event.rightAscension, 2),
                NumberFormat.fixed(event.declination, 2),
                NumberFormat.significant(Portable.exp10(event.log10Energy), 3),
                NumberFormat.fixed(event.angularError, 2), NumberFormat.fixed(event.openingAngle, 2),
                NumberFormat.significant(event.ratio, 3), NumberFormat.fixed(event.weight, 3),
            ])
        }
        return table
    }
}
