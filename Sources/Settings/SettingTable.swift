import PointSource

/// The settings of a campaign, each defined once: key, kind and range, what depends on it, option, unit, and meaning.
///
/// The reader of configuration files, the layers and their merging, `trialgen config`, the canonical YAML (in this
/// order) and the options' help are derived from this table.
public struct SettingTable: Sendable {
    public let sample = Setting(
        "sample", .sample, .trials, option: "--sample",
        help: "The release: IceTracks-DR1, IceTracks-DR2-v1, IceTracks-DR2, or a .yaml file that defines a sample."
    ) { SampleChoice($0.sample) }
    public let data = Setting(
        "data", .text, .run, option: "--data", help: "The release's folder, or the folder that holds it."
    ) { $0.data }
    public let datasets = Setting(
        "datasets", .words, .trials, option: "--datasets",
        help: "Datasets or single seasons, separated by commas (default: all)."
    ) { $0.datasets }
    // The campaigns of one source have neither key, and keep their fingerprints.
    public let search = Setting(
        "search", .word, .trials, option: "--search",
        help: """
            What is searched for: source (default), catalogue (each source of a list, on one sky), stack (their sum) or \
            sky (the hottest place of each hemisphere).
            """
    ) { $0.search == .source ? nil : $0.search.rawValue }
    public let sourceFits = Setting(
        "source_fits", .truth, .trials, option: "--source-fits",
        help: "Store n_s and gamma of every source of a catalogue in every trial, besides its TS."
    ) { $0.sourceFits ? true : nil }
    public let skySide = Setting(
        "sky.nside", .integer, .trials, option: "--nside",
        help: "Side N_side of the HEALPix pixels at which the whole sky is searched, a power of two (default: 64)."
    ) { $0.sky.map { Int64($0.coarse.side) } }
    public let skyFineSide = Setting(
        "sky.refine", .integer, .trials, option: "--refine",
        help: "Side of the pixels where TS is large (default: 256, but not below --nside)."
    ) { $0.sky.map { Int64($0.fine.side) } }
    public let skyMinimum = Setting(
        "sky.dec_min", .number(in: -90...90), .trials, option: "--dec-min", unit: "degrees",
        help: "Smallest declination of a search of the sky in degrees (default: -82)."
    ) { $0.sky?.declinations.lowerBound }
    public let skyMaximum = Setting(
        "sky.dec_max", .number(in: -90...90), .trials, option: "--dec-max", unit: "degrees",
        help: "Largest declination of a search of the sky in degrees (default: 82)."
    ) { $0.sky?.declinations.upperBound }

    /// The settings of a search of the sky.
    var skyKeys: [SettingKey] { [skySide.key, skyFineSide.key, skyMinimum.key, skyMaximum.key] }

    public let sourceName = Setting(
        "source.name", .text, .label, option: "--name", help: "The source's name, for tables."
    ) { $0.search != .source || $0.source.name.isEmpty ? nil : $0.source.name }
    public let rightAscension = Setting(
        "source.ra", .coordinate(.rightAscension), .trials, option: "--ra", unit: "degrees",
        help: "Right ascension in degrees, from 0 to below 360, or as in 02h42m40.7s."
    ) { $0.search == .source ? $0.rightAscensionDegrees : nil }
    public let declination = Setting(
        "source.dec", .coordinate(.declination), .trials, option: "--dec", unit: "degrees",
        help: "Declination in degrees, -90 to 90, or as in -00d00m48s."
    ) { $0.search == .source ? $0.declinationDegrees : nil }
    public let positionReference = Setting(
        label: "source.reference", option: "--reference", help: "Where the position comes from, for tables.")

    public let phi0 = Setting(
        "flux.phi0", .positive, .run, option: "--phi0", unit: "GeV^-1 cm^-2 s^-1",
        help: "A flux normalisation to compare with, in GeV^-1 cm^-2 s^-1 at --e0."
    ) { $0.phi0 }
    public let spectrumShape = Setting(
        "flux.shape", .word, .trials, option: "--shape",
        help: "The spectrum's shape: power-law (default), cutoff, log-parabola, broken-power-law or table."
    ) { $0.settings.spectrum.shape.word }
    public let referenceEnergy = Setting(
        "flux.e0", .number(in: 1e-3...1e15), .trials, option: "--e0", unit: "GeV", help: "Reference energy in GeV."
    ) { $0.settings.spectrum.isNormalisedAtPeak ? nil : $0.settings.spectrum.referenceEnergy }
    public let gamma = Setting(
        "flux.gamma", .number, .trials, option: "--gamma", help: "Spectral index of the signal."
    ) { $0.settings.spectrum.isPowerLaw ? $0.settings.spectrum.gamma : nil }
    public let cutoffEnergy = Setting(
        "flux.ecut", .number(in: 1e-3...1e30, orInfinity: true), .trials, option: "--ecut", unit: "GeV",
        help: "Energy of an exponential cutoff in GeV; inf for none."
    ) { $0.settings.spectrum.isPowerLaw ? $0.settings.spectrum.cutoffEnergy : nil }
    public let alpha = Setting(
        "flux.alpha", .number, .trials, option: "--alpha", help: "Index of a log-parabola at the reference energy."
    ) { $0.settings.spectrum.shape.logParabola?.alpha }
    public let beta = Setting(
        "flux.beta", .number, .trials, option: "--beta",
        help: "Curvature of a log-parabola: (E/E0)^-(alpha + beta ln(E/E0))."
    ) { $0.settings.spectrum.shape.logParabola?.beta }
    public let lowIndex = Setting(
        "flux.gamma1", .number, .trials, option: "--gamma1", help: "Index of a broken power law below the break."
    ) { $0.settings.spectrum.shape.brokenPowerLaw?.lowIndex }
    public let highIndex = Setting(
        "flux.gamma2", .number, .trials, option: "--gamma2", help: "Index of a broken power law above the break."
    ) { $0.settings.spectrum.shape.brokenPowerLaw?.highIndex }
    public let breakEnergy = Setting(
        "flux.ebreak", .number, .trials, option: "--ebreak", unit: "GeV",
        help: "Break energy of a broken power law in GeV."
    ) { $0.settings.spectrum.shape.brokenPowerLaw?.breakEnergy }
    public let smoothness = Setting(
        "flux.smoothness", .number, .trials, option: "--smoothness",
        help:
            "Width of a broken power law's transition in e-foldings of the energy, from 0.01; 0 (default) for a sharp break."
    ) { $0.settings.spectrum.shape.brokenPowerLaw?.smoothness }
    // The contents of a file are part of the campaign, its path is not.
    public let spectrumFile = Setting(
        "flux.file", .text, .run, option: "--spectrum",
        help: "File with a tabulated spectrum: energies in GeV and E^2 dN/dE, or as its header says."
    ) { _ in nil }
    public let spectrumTable = Setting(
        "flux.table", .spectrum, .trials, option: "--spectrum",
        help: "A tabulated spectrum: pairs of an energy in GeV and E^2 dN/dE in GeV cm^-2 s^-1."
    ) { $0.settings.spectrum.shape.table?.table }
    public let peak = Setting(
        "flux.peak", .number, .trials, option: "--peak", unit: "lg(E/GeV)",
        help: "Peak of E^2 dN/dE, in lg(E/GeV), to which a table is moved (default: where it is)."
    ) { $0.settings.spectrum.shape.table?.peak }

    public let signalEventsSeed = Setting(
        "fit.ns.seed", .number, option: "--ns-seed", help: "Start value of the number of signal events in the fit.",
        \.signalEvents.start)
    public let signalEventsMinimum = Setting(
        "fit.ns.min", .number(in: Configuration.signalEventsRange), option: "--ns-min",
        help: "Smallest number of signal events in the fit.", \.signalEvents.minimum)
    public let signalEventsMaximum = Setting(
        "fit.ns.max", .number(in: Configuration.signalEventsRange), option: "--ns-max",
        help: "Largest number of signal events in the fit.", \.signalEvents.maximum)
    public let fitShape = Setting(
        "fit.shape", .word, .trials, option: "--fit-shape",
        help: "The spectra to fit: power-law (default), or table, moved along lg E."
    ) { $0.settings.family.table == nil ? nil : ShapeWord.table.rawValue }
    public let gammaFixed = Setting(
        fixing: "fit.gamma", .number(in: AnalysisSettings.gammaRange), option: "--gamma-fixed",
        help: "Spectral index that the fit keeps fixed, so that only n_s is fitted.", \.gamma)
    public let gammaSeed = Setting(
        "fit.gamma.seed", .number, option: "--gamma-seed", help: "Start value of the spectral index in the fit.",
        of: \.gamma, \.start)
    public let gammaMinimum = Setting(
        "fit.gamma.min", .number(in: AnalysisSettings.gammaRange), option: "--gamma-min",
        help: "Smallest spectral index in the fit.", of: \.gamma, \.minimum)
    public let gammaMaximum = Setting(
        "fit.gamma.max", .number(in: AnalysisSettings.gammaRange), option: "--gamma-max",
        help: "Largest spectral index in the fit.", of: \.gamma, \.maximum)
    public let fitFile = Setting(
        "fit.file", .text, .run, option: "--fit-spectrum",
        help: "File with the tabulated spectrum to fit (default: that of flux)."
    ) { _ in nil }
    public let fitTable = Setting(
        "fit.table", .spectrum, .trials, option: "--fit-spectrum",
        help: "The tabulated spectrum to fit: pairs of an energy in GeV and E^2 dN/dE in GeV cm^-2 s^-1."
    ) { $0.settings.family.table }
    public let peakFixed = Setting(
        fixing: "fit.peak", .number(in: AnalysisSettings.peakRange), option: "--peak-fixed",
        help: "Peak of the fitted table in lg(E/GeV) that the fit keeps fixed, so that only n_s is fitted.", \.peak)
    public let peakSeed = Setting(
        "fit.peak.seed", .number, option: "--peak-seed",
        help: "Start value of the peak of a fitted table in lg(E/GeV) (default: 3).", of: \.peak, \.start)
    public let peakMinimum = Setting(
        "fit.peak.min", .number(in: AnalysisSettings.peakRange), option: "--peak-min",
        help: "Smallest peak of a fitted table in lg(E/GeV) (default: 1.06).", of: \.peak, \.minimum)
    public let peakMaximum = Setting(
        "fit.peak.max", .number(in: AnalysisSettings.peakRange), option: "--peak-max",
        help: "Largest peak of a fitted table in lg(E/GeV) (default: 10.06).", of: \.peak, \.maximum)

    public let nullSignal = Setting(
        "fit.mean_n_sig_0", .number(in: TrialOrder.meanSignalRange), .trials, option: "--mean-n-sig-0",
        help: "Signal events under the null hypothesis, with which TS compares the fit (default: 0)."
    ) { $0.settings.nullSignal > 0 ? $0.settings.nullSignal : nil }

    public let boxHalfWidth = Setting(
        "box.delta_angle", .number(in: 1e-3...180), .trials, option: "--box-half-width", unit: "degrees",
        help: "Half-width of the box of events around the source in degrees."
    ) { $0.boxHalfWidthDegrees }
    public let negligibleRatio = Setting(
        "box.negligible_ratio", .number, option: "--negligible-ratio",
        help: """
            Density ratio below which events enter only by their expectation; 0 uses no approximation, and is slow.
            """, \.negligibleRatio)

    public let energyRange = Setting(
        "injection.energy_range", .energyRange, .trials, option: "--energy-range", unit: "GeV",
        help: "Range of true energies in GeV from which signal is injected (default: all)."
    ) { $0.settings.injectionRange.map { [$0.lower, $0.upper] } }
    public let poisson = Setting(
        "injection.poisson", .truth, option: "--no-poisson",
        help: "Inject exactly the mean number of events, rounded, instead of a Poisson-distributed number.",
        \.poissonInjection)
    public let injectionSource = Setting(
        "injection.at", .text, .trials, option: "--inject-at",
        help: "Source of the list at which all signal is injected (default: all, by weight and yield)."
    ) { configuration in configuration.injectionSource.map { configuration.sources[$0].source.name } }

    public let exposureScale = Setting(
        "exposure.scale", .number(in: Exposure.scales), .trials, option: "--exposure",
        help: "Multiple of the livetime of the data for which trials are made (default: 1)."
    ) { if case .scale(let scale)? = $0.settings.exposure { scale } else { nil } }
    public let exposureYears = Setting(
        "exposure.years", .number(in: Exposure.years), .trials, option: "--exposure-years", unit: "years",
        help: "Livetime in years of all datasets together for which trials are made, instead of --exposure."
    ) { $0.exposureYears }

    public let compatibility = Setting(
        "compat", .word, .trials, option: "--compat", help: "Reproduce known bugs of: none or skyllh-26.1."
    ) { $0.settings.compatibility.rawValue }

    public let trials = Setting(
        "trials", .trialOrders, .run, option: "--trials",
        help: "Number of trials for each mean number of events; with a tail in sigma, weighted background trials."
    ) { $0.trials.isEmpty ? nil : $0.trials }
    public let seed = Setting("seed", .integer, .run, option: "--seed", help: "The campaign's seed.") { $0.seed }
    public let output = Setting(
        "output", .text, .run, option: "--output", help: "The chunk, an HDF5 file; extended if it exists."
    ) { $0.output }
    public let probes = Setting(
        "probes", .probes, .run, option: "--probe",
        help: "Also record ln Lambda at this point; can be given several times."
    ) { $0.probes.isEmpty ? nil : $0.probes }
    public let jobs = Setting(
        "jobs", .integer(in: 1...CampaignSlices.largestJobCount), .run, option: "--jobs",
        help: "Number of jobs into which the trials of each point are split."
    ) { $0.jobs }

    // A configuration is one point: it has no lists but the sources of one search.
    public let sources = Setting(
        "sources", .sources, .list(of: "source"), option: "--sources",
        help:
            "List of sources, instead of source: {name, ra, dec, weight}, or a CSV or ECSV file with these columns; with the search sky, where signal is injected."
    ) { $0.sourceList }
    public let gammas = Setting(
        "gammas", .gammas, .list(of: "flux.gamma"), option: "--gamma",
        help: "List of injected spectral indices, instead of flux.gamma."
    ) { _ in nil }
    public let energyRanges = Setting(
        "energy_ranges", .energyRanges, .list(of: "injection.energy_range"), option: "--energy-range", unit: "GeV",
        help: "List of ranges of injected energies, instead of injection.energy_range."
    ) { _ in nil }

    public static let standard = SettingTable()

    /// All settings in the order above, collected by reflection so that each entry is written once.
    static let settings = Mirror(reflecting: standard).children.compactMap { $0.value as? any AnySetting }
}
