import Console
import Diagnostics
import Inference
import Settings

/// A quantity of a curve: a threshold, and the fraction of signal trials that must exceed it.
public struct CurveQuantity: Sendable {
    /// "sensitivity", "discovery" or "custom".
    let kind: String
    /// For people: "5σ discovery potential".
    public let title: String
    /// One-sided significance of the threshold, if this defines it.
    let sigma: Double?
    public let criterion: DetectableSignal.Criterion

    public static let sensitivity = CurveQuantity(
        kind: "sensitivity", title: "sensitivity", sigma: nil, criterion: .sensitivity)

    public static func discovery(sigma: Double) -> CurveQuantity {
        CurveQuantity(
            kind: "discovery", title: "\(NumberFormat.plain(sigma))σ discovery potential", sigma: sigma,
            criterion: .discovery(sigma: sigma))
    }

    /// - Parameters:
    ///   - quantile: the quantile of the background that is the threshold.
    ///   - power: the fraction of signal trials that must exceed it.
    public static func custom(quantile: Double, power: Double) -> CurveQuantity {
        CurveQuantity(
            kind: "custom", title: "signal above the quantile \(NumberFormat.plain(quantile))", sigma: nil,
            criterion: DetectableSignal.Criterion(tailProbability: 1 - quantile, power: power))
    }

    var json: JSONValue {
        [
            "kind": .string(kind), "title": .string(title), "sigma": .number(sigma),
            "power": .number(criterion.power), "tail_probability": .number(criterion.tailProbability),
        ]
    }
}

/// A campaign as a point of a curve: the signals that its trials can detect.
public struct CurvePoint {
    let campaign: Campaign
    let files: [String]
    let backgroundTrials: Int
    let signalTrials: Int
    /// For each quantity of the curve.
    let detections: [Detection]

    public init(
        campaign: Campaign, files: [String], trials: SearchTrials, _ quantities: [CurveQuantity],
        _ settings: SearchSettings
    ) throws {
        self.campaign = campaign
        self.files = files
        backgroundTrials = trials.background.count
        signalTrials = trials.signal.reduce(0) { $0 + $1.distribution.count }
        detections = try Detection.all(
            quantities.map { ($0.title, $0.criterion) }, in: trials, settings)
    }

    var description: PointDescription {
        PointDescription(nil, campaign.configuration, widened: campaign.widenedRange)
    }

    /// The energy in GeV at which E² Phi is given: the middle, in lg E, of the injected energies; E0 if they are not
    /// restricted.
    var quotedEnergy: Double {
        campaign.injectedEnergies.map { ($0.lower * $0.upper).squareRoot() }
            ?? campaign.configuration.settings.spectrum.referenceEnergy
    }

    /// Order of the rows: by declination, then gamma, then energies.
    public static func precedes(_ one: CurvePoint, _ other: CurvePoint) -> Bool {
        func key(_ point: PointDescription) -> [Double] {
            let energies: [Double] = point.energyRange.map { [$0.lower, $0.upper] } ?? [0, 0]
            return [point.declination, point.gamma] + energies + [point.rightAscension]
        }
        return key(one.description).lexicographicallyPrecedes(key(other.description))
    }

    /// The numbers of a quantity, in a fixed order; null if unknown.
    ///
    /// Fluxes are normalisations at E0 in GeV⁻¹ cm⁻² s⁻¹, `e2_flux` is E² Phi at `e2_energy` (GeV) in TeV cm⁻² s⁻¹.
    func numbers(of detection: Detection) -> [JSONValue.Member] {
        let found = detection.found
        let range = found.map(SignalRange.init) ?? SignalRange(mu: .nan, low: .nan, high: nil)
        return range.members(campaign, at: quotedEnergy) + [
            .init("ts_threshold", .number(found?.threshold.value)),
            .init("ts_threshold_low", .number(found?.threshold.low)),
            .init("ts_threshold_high", .number(found?.threshold.high)),
            .init("ts_threshold_spread_low", .number(detection.fitted?.spread.lowerBound)),
            .init("ts_threshold_spread_high", .number(detection.fitted?.spread.upperBound)),
            .init("extrapolated_decades", .number(detection.fitted?.decades)),
        ]
    }
}
