extension PointSourceAnalysis {
    /// See ``FluxConversion/fluxPerEvent(gamma:)``.
    public func fluxPerEvent(gamma: Double? = nil) -> Double { conversion.fluxPerEvent(gamma: gamma) }

    /// See ``FluxConversion/flux(forEvents:gamma:)``.
    public func flux(forEvents mean: Double, gamma: Double? = nil) -> Double {
        conversion.flux(forEvents: mean, gamma: gamma)
    }

    /// See ``FluxConversion/events(forFlux:gamma:)``.
    public func events(forFlux normalisation: Double, gamma: Double? = nil) -> Double {
        conversion.events(forFlux: normalisation, gamma: gamma)
    }
}
