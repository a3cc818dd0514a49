import Diagnostics
import IceTracks
import Numerics

/// An injected signal event.
public struct SignalEvent: Sendable, Equatable {
    /// lg of the reconstructed energy in GeV.
    public var log10Energy: Double
    /// σ in radians.
    public var angularError: Double
    /// Declination in radians.
    public var declination: Double
    public var sinDeclination: Double
    /// Right ascension minus the source's, in radians, in (−π, π].
    public var rightAscensionDifference: Double
}

/// Signal events of one dataset (docs/model.md, section 7).
struct SignalGenerator: Sendable {
    let dataset: Int
    let name: String
    private let sourceSine: Double
    private let sourceCosine: Double
    let trueEnergies: TrueEnergyDistribution
    let smearing: SmearingSampler
    let cut: EnergyCut
    /// A draw below the energy cut or in an empty slice is repeated; the limit keeps a job from hanging if all events
    /// are cut.
    private static let drawLimit = 1_000_000

    init(
        dataset: Int, name: String, source: Source, trueEnergies: TrueEnergyDistribution, smearing: SmearingSampler,
        cut: EnergyCut
    ) {
        self.dataset = dataset
        self.name = name
        (sourceSine, sourceCosine) = Portable.sincos(source.declination)
        self.trueEnergies = trueEnergies
        self.smearing = smearing
        self.cut = cut
    }

    /// The `count` events of one trial, which replace the contents of `events`.
    ///
    /// - Throws: `Fault` (bad data) if no draw passes the energy cut.
    func generate(count: Int, key: Philox4x32.Key, trial: UInt64, into events: inout [SignalEvent]) throws {
        events.removeAll(keepingCapacity: true)
        if count == 0 { return }
        var random = RandomStream(key: key, trial: trial, purpose: RandomPurpose.signal(dataset: dataset).rawValue)
        for _ in 0..<count { events.append(try draw(&random)) }
    }

    private func draw(_ random: inout RandomStream) throws -> SignalEvent {
        for _ in 0..<Self.drawLimit {
            let trueEnergy = trueEnergies.log10Energy(at: random.uniform())
            guard let draw = smearing.draw(log10TrueEnergy: trueEnergy, &random) else { continue }
            let event = place(draw, positionAngle: random.uniform(in: 0...(2 * Double.pi)))
            // The cut is switched off only within 0.1° of the north pole: sin 90.1°, within rounding.
            if event.sinDeclination < 0.9999984769132877,
                event.log10Energy < cut.log10Energy(sinDeclination: event.sinDeclination)
            {
                continue
            }
            return event
        }
        throw Fault(
            .badData, at: .field(name), "none of \(Self.drawLimit) simulated signal events passes the energy cut",
            remedy: "choose a harder spectrum or a higher energy range for the injection")
    }

    /// The direction at an opening angle from the source and a position angle counted from north.
    private func place(_ draw: SmearingSampler.Draw, positionAngle: Double) -> SignalEvent {
        let psi = Portable.sincos(draw.openingAngle)
        let angle = Portable.sincos(positionAngle)
        let sine = min(1, max(-1, sourceSine * psi.cos + sourceCosine * psi.sin * angle.cos))
        return SignalEvent(
            log10Energy: draw.log10Energy, angularError: draw.angularError, declination: Portable.asin(sine),
            sinDeclination: sine,
            rightAscensionDifference: Portable.atan2(
                psi.sin * angle.sin, psi.cos * sourceCosine - psi.sin * sourceSine * angle.cos))
    }
}
