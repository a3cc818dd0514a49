import Diagnostics
import Inference
import Settings

/// All that a report tells of one campaign: from it follow the figures and the page.
///
/// The same contents give the same figures and the same page, byte for byte.
public struct CampaignReport: Sendable {
    /// The heading.
    public var title: String
    /// A line that says for which source and spectrum the trials were made.
    public var subtitle: String
    /// Where flux normalisations are given, as text: "1 TeV".
    public var referenceEnergy: String
    public var campaign: Campaign
    /// Trials without signal; nil if there is none.
    public var background: TSDistribution?
    /// The TS above which the background's tail is fitted.
    public var cut: Double
    /// Fits to the background's tail, how well they describe it, and how far a threshold moves with the cut.
    let tailStudy: TailStudy?
    /// Sensitivity and discovery potentials; empty without background or without signal trials.
    public var detections: [Detection]
    public var calibration: Calibration
    /// The fit of the data; nil if it was not given.
    public var fit: DataFit?
    /// ln Λ of the data; nil if it was not given.
    public var scan: LikelihoodScan?
    /// Sensitivity and discovery potential over several campaigns; empty if none were given.
    public var curves: [SensitivityCurve]
    /// Where the trials come from.
    public var files: [ReportedFile]
    /// The version of this program.
    public var softwareVersion: String

    public init(
        title: String, subtitle: String, referenceEnergy: String, campaign: Campaign, background: TSDistribution?,
        cut: Double, detections: [Detection], calibration: Calibration, fit: DataFit?, scan: LikelihoodScan?,
        curves: [SensitivityCurve], files: [ReportedFile], softwareVersion: String
    ) {
        self.title = title
        self.subtitle = subtitle
        self.referenceEnergy = referenceEnergy
        self.campaign = campaign
        self.background = background
        self.cut = cut
        tailStudy = background.flatMap { try? TailStudy($0, cut: cut) }
        self.detections = detections
        self.calibration = calibration
        self.fit = fit
        self.scan = scan
        self.curves = curves
        self.files = files
        self.softwareVersion = softwareVersion
    }

    /// The flux normalisation at E0 that one signal event stands for, in GeV⁻¹ cm⁻² s⁻¹.
    var fluxPerEvent: Double { campaign.fluxPerEvent }

    /// E² Φ at E0 that one signal event stands for, in TeV cm⁻² s⁻¹.
    var energyFluxPerEvent: Double {
        let spectrum = campaign.configuration.settings.spectrum
        let energy = spectrum.referenceEnergy
        // GeV² GeV⁻¹ to TeV.
        return 1e-3 * energy * energy * fluxPerEvent * spectrum.value(atEnergy: energy)
    }

    /// The thresholds of 1 to 5 sigma, or why the trials do not give one; empty without background.
    var thresholds: [(sigma: Double, threshold: Result<Threshold, Fault>)] { background?.thresholds(cut: cut) ?? [] }

    /// Fits to the background's tail, the first of which thresholds come from; empty where trials are too few.
    var tailFits: [TruncatedGamma] { tailStudy?.fits.map(\.distribution) ?? [] }

    /// The p-values of the data's TS: counted, and by the fit where that says anything; empty without data or
    /// background.
    var pValues: [PValue] {
        guard let background, let ts = fit?.ts, let counted = try? background.pValue(of: ts) else { return [] }
        return [counted] + (ts >= cut ? tailFits.compactMap { try? $0.pValue(of: ts) } : [])
    }
}

extension CampaignReport {
    /// The figures for which there are trials, in the order of the page.
    public var figures: [Figure] { backgroundFigures + detectionFigures + biasFigures + dataFigures + curveFigures }

    var backgroundFigures: [Figure] {
        guard let background else { return [] }
        let fits = tailFits
        return [
            .tsDistribution(background, fits: fits, observed: fit?.ts),
            .survival(
                background, thresholds: thresholds.compactMap { try? $0.threshold.get() }, fits: fits,
                observed: fit?.ts),
        ]
    }

    var detectionFigures: [Figure] {
        [Figure.detection(detections, fluxPerEvent: fluxPerEvent, referenceEnergy: referenceEnergy)].compactMap { $0 }
    }

    var biasFigures: [Figure] {
        let settings = campaign.configuration.settings
        return [
            Figure.signalEventsBias(calibration.biases),
            Figure.gammaBias(
                calibration.biases, gamma: settings.spectrum.gamma,
                bounds: settings.gamma.minimum...max(settings.gamma.minimum.nextUp, settings.gamma.maximum)),
        ].compactMap { $0 }
    }

    var dataFigures: [Figure] { scan.map { [.contour($0, fit: fit)] } ?? [] }

    var curveFigures: [Figure] {
        curves.enumerated().flatMap { index, curve in
            Figure.curves(curve, prefix: curves.count > 1 ? "curve\(index + 1)" : "curve")
        }
    }
}
