/// A family of spectra with one parameter θ, which a fit varies (docs/model.md, section 2).
public enum SpectrumFamily: Sendable, Equatable {
    /// θ is the spectral index γ.
    case powerLaw
    /// θ is the peak of E² dN/dE, in lg(E/GeV): the table is moved along lg E.
    case table(SpectrumTable)

    /// The distance of the values of θ at which densities and yields are tabulated; between them an event's density
    /// ratio is a parabola. As in SkyLLH.
    var gridStep: Double {
        switch self {
        case .powerLaw: 0.1
        case .table: 0.04
        }
    }

    /// The distance in θ of points that weighted background trials are drawn from.
    var mixtureStep: Double { 5 * gridStep }
}

extension AnalysisSettings {
    /// The fitted parameter θ: ``gamma`` or ``peak``.
    public var parameter: FitParameter {
        switch family {
        case .powerLaw: gamma
        case .table: peak
        }
    }

    /// The grid of θ.
    var grid: ParameterGrid {
        ParameterGrid(minimum: parameter.minimum, maximum: parameter.maximum, step: family.gridStep)
    }

    /// The injected spectrum, integrated as ``compatibility`` says.
    public var injectedSpectrum: EnergySpectrum {
        guard case .table(let table, let peak) = spectrum.shape else { return spectrum }
        var injected = spectrum
        injected.shape = .table(ruled(table), peak: peak)
        return injected
    }

    /// The spectrum of the fitted family at θ. A family of power laws has the cutoff of an injected power law; a table is
    /// normalised at its peak.
    public func fittedSpectrum(_ parameter: Double) -> EnergySpectrum {
        switch family {
        case .powerLaw where spectrum.isPowerLaw: spectrum.with(gamma: parameter)
        case .powerLaw: EnergySpectrum(gamma: parameter, referenceEnergy: powerLawReferenceEnergy)
        case .table(let table): EnergySpectrum(shape: .table(ruled(table), peak: parameter))
        }
    }

    /// θ of the injected spectrum; nil if it does not belong to the fitted family, or lies outside the fit's bounds.
    ///
    /// Yields of a member are those of the fit, which are interpolated between the points of the grid.
    public var injectedParameter: Double? {
        guard case (let value?, _) = injectedCoordinate, (parameter.minimum...parameter.maximum).contains(value) else {
            return nil
        }
        return value
    }

    /// θ of the injected spectrum, also outside the fit's bounds, and its key; nil if it does not belong to the family.
    var injectedCoordinate: (value: Double?, key: String) {
        switch (family, spectrum.shape) {
        case (.powerLaw, .powerLaw): return (spectrum.gamma, "flux.gamma")
        case (.table(let fitted), .table(let injected, let peak)):
            let isSame = fitted.energies == injected.energies && fitted.energyFluxes == injected.energyFluxes
            return (isSame && spectrum.isNormalisedAtPeak ? peak : nil, "flux.peak")
        default: return (nil, "flux.shape")
        }
    }

    private var powerLawReferenceEnergy: Double { spectrum.isNormalisedAtPeak ? 1000 : spectrum.referenceEnergy }

    private func ruled(_ table: SpectrumTable) -> SpectrumTable {
        var ruled = table
        ruled.rule = compatibility == .skyllh26_1 ? .skyllh26_1 : .exact
        return ruled
    }
}
