import Foundation
import PointSource

/// What tools/parity/skyllh_reference.py and ../shared/oracle/skyllh_ref.py print: SkyLLH's numbers for one analysis.
struct Reference: Decodable {
    struct Arguments: Decodable {
        let sample: String
        let names: [String]?
        /// Degrees.
        let ra: Double
        let dec: Double
        let gamma: Double
        /// GeV.
        let Ec: Double?
        let energy_range: [Double]?
    }

    struct Fit: Decodable {
        let ts: Double
        let ns: Double
        let gamma: Double
    }

    struct Grid: Decodable {
        let gamma: [Double]
        let log10_energy: [Double]
        let sin_dec: [Double]
    }

    /// Of one dataset; lists run over the grid.
    struct Ingredients: Decodable {
        let name: String
        let signal_energy_density: [[Double]]
        let background_energy_density: [[Double]]
        let background_spatial_density_per_sr: [Double]
        let signal_energy_cut_log10e: [Double]
        let yield_per_unit_flux: [Double]
        let first_selected_events: Events
    }

    /// A column for each quantity.
    struct Events: Decodable {
        let ra_deg: [Double]
        let dec_deg: [Double]
        let log10_energy: [Double]
        let ang_err_deg: [Double]
        let psi_deg: [Double]
        let spatial_ratio: [Double]
        /// By gamma.
        let energy_ratio: [String: [Double]]
    }

    let args: Arguments
    let datasets: [String]
    let unblind: Fit
    let mu2flux_1: Double
    let flux2mu: Double
    let flux_per_event: [String: Double]?
    let livetime_days: [Double]
    let n_events: [Int]
    let n_selected: [Int]
    /// [n_s, gamma, ln Λ].
    let log_lambda: [[Double]]?
    let grid: Grid?
    let ingredients: [Ingredients]?

    private enum CodingKeys: String, CodingKey {
        case args, datasets, unblind, mu2flux_1, flux_per_event, livetime_days, n_events, n_selected, log_lambda, grid
        case ingredients
        case flux2mu = "flux2mu_5e-15"
    }

    /// The flux whose number of events `flux2mu` is, in GeV⁻¹ cm⁻² s⁻¹.
    static let flux = 5e-15

    init(file: URL) throws {
        self = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    /// The settings under which our numbers must be SkyLLH's: its yield declination, its whole box.
    func settings() throws -> AnalysisSettings {
        var settings = AnalysisSettings()
        settings.compatibility = .skyllh26_1
        settings.spectrum = EnergySpectrum(gamma: args.gamma, cutoffEnergy: args.Ec ?? .infinity)
        settings.injectionRange = try args.energy_range.map { try .init(lower: $0[0], upper: $0[1]) }
        return settings
    }

    func source() throws -> Source {
        try Source(rightAscensionDegrees: args.ra, declinationDegrees: args.dec)
    }
}
