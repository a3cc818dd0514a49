import Numerics

/// The expected signal events of each dataset in bins of reconstructed energy.
public struct ExpectedEvents: Sendable, Equatable {
    /// Edges of the bins in lg(E/GeV), increasing: all edges of the datasets' own binnings.
    public let log10EnergyEdges: [Double]
    /// Numbers of events, shape (dataset, bin).
    public let counts: [[Double]]
    /// The events of each dataset at all energies: those outside of the bins are included.
    public let totals: [Double]
}

extension PointSourceAnalysis {
    /// The expected events of the injected spectrum in bins of reconstructed energy.
    ///
    /// The distribution is that of injected events (docs/model.md, section 7), except that the energy cut is evaluated
    /// at the source's declination and not at the event's.
    ///
    /// - Parameter normalisation: Phi0 in GeV⁻¹ cm⁻² s⁻¹.
    public func expectedEvents(forFlux normalisation: Double) -> ExpectedEvents {
        let edges = Set(models.flatMap(\.energyBackground.log10Energy.edges)).sorted()
        let sine = Portable.sin(source.declination)
        let totals = conversion.eventsPerFlux().map { normalisation * $0 }
        let counts = zip(models, totals).map { model, total in
            model.signal.energyFractions(edges: edges, sinDeclination: sine).map { total * $0 }
        }
        return ExpectedEvents(log10EnergyEdges: edges, counts: counts, totals: totals)
    }
}

extension SignalGenerator {
    /// The share of the signal in bins of lg(E_reco/GeV), of all that passes the energy cut at a declination.
    func energyFractions(edges: [Double], sinDeclination: Double) -> [Double] {
        // The cut is switched off at the north pole, as for injected events.
        let lowest = sinDeclination < 0.9999984769132877 ? cut.log10Energy(sinDeclination: sinDeclination) : -.infinity
        var fractions = [Double](repeating: 0, count: edges.count - 1)
        var passing = 0.0
        let (trueEdges, histograms) = (smearing.log10TrueEnergy.edges, smearing.energies)
        for e in 0..<smearing.log10TrueEnergy.count {
            let first = e * histograms.binCount
            let total = histograms.cumulative[first + histograms.binCount - 1]
            let weight =
                trueEnergies.probability(below: trueEdges[e + 1]) - trueEnergies.probability(below: trueEdges[e])
            guard total > 0, weight > 0 else { continue }
            var before = 0.0
            for r in 0..<histograms.binCount {
                let count = histograms.cumulative[first + r] - before
                before = histograms.cumulative[first + r]
                let (low, high) = (histograms.edges[first + e + r], histograms.edges[first + e + r + 1])
                guard count > 0, high > low else { continue }
                let density = weight * count / total / (high - low)
                passing += density * max(0, high - max(low, lowest))
                let bottom = max(low, lowest)
                for bin in fractions.indices where edges[bin + 1] > bottom && edges[bin] < high {
                    fractions[bin] += density * (min(high, edges[bin + 1]) - max(bottom, edges[bin]))
                }
            }
        }
        return passing > 0 ? fractions.map { $0 / passing } : fractions
    }
}
