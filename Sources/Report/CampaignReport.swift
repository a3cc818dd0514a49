import Console
import Diagnostics
import Inference
import Results
import Settings
import TrialStore

/// The contents of a report on one campaign, from which the figures and the page are made.
///
/// Equal contents give equal figures and an equal page, byte for byte.
public struct CampaignReport {
    /// The heading.
    public var title: String
    public var campaign: Campaign
    /// Trials without signal; nil if there are none.
    public var background: BackgroundSummary?
    /// Sensitivity and discovery potentials; empty without background or without signal trials.
    public var detections: [Detection]
    /// The settings with which they were found.
    public var settings: SearchSettings
    public var calibration: CalibrationSummary
    /// The fit of the data; nil if it was not given.
    public var fit: UnblindResult?
    /// The upper limit for the fit's TS, or why there is none; nil without a fit or signal trials.
    public var limit: Result<LimitsSummary, Fault>?
    /// The result of a search of many places; nil for another search, or without background.
    public var places: PlacesSummary?
    /// ln Λ of the data; nil if it was not given.
    public var scan: LikelihoodScan?
    /// Sensitivity and discovery potential over several campaigns; empty if none were given.
    public var curves: [CurveFile]
    /// The provenance of the trials.
    public var files: [TrialSet]
    /// Warnings about results other than the trials.
    public var inputWarnings: [String]
    /// The version of this program.
    public var softwareVersion: String

    /// - Parameter title: the heading; nil for the source's name.
    public init(
        title: String?, campaign: Campaign, background: BackgroundSummary?, detections: [Detection],
        settings: SearchSettings, calibration: CalibrationSummary, fit: UnblindResult?,
        limit: Result<LimitsSummary, Fault>? = nil, places: PlacesSummary? = nil, scan: LikelihoodScan?,
        curves: [CurveFile], files: [TrialSet],
        inputWarnings: [String] = [],
        softwareVersion: String
    ) {
        let name = campaign.configuration.listTitle ?? campaign.configuration.source.name
        self.title = title ?? (name.isEmpty ? "Trials of a point-source search" : name)
        self.campaign = campaign
        self.background = background
        self.detections = detections
        self.settings = settings
        self.calibration = calibration
        self.fit = fit
        self.limit = limit
        self.places = places
        self.scan = scan
        self.curves = curves
        self.files = files
        self.inputWarnings = inputWarnings
        self.softwareVersion = softwareVersion
    }
}

extension CampaignReport {
    /// The numbers that stand first.
    var summary: ReportSummary {
        ReportSummary(
            campaign: campaign, fit: fit, background: background, detections: detections, limit: limit,
            places: places)
    }

    /// Warnings by section of the page, in the same words as those of the commands that print the same numbers.
    var fileWarnings: [String] { files.compactMap(\.warning) + inputWarnings }

    var detectionWarnings: [String] {
        if detections.isEmpty {
            // A search of many places is complete without signal.
            return campaign.configuration.search.fitsManyPlaces
                ? [] : ["a sensitivity needs background trials and signal trials"]
        }
        return detections.flatMap { detection in
            switch detection.signal {
            case .success: detection.warnings.map { "\(detection.title): \($0)" }
            case .failure(let fault): ["no \(detection.title): \(fault)"]
            }
        }
    }

    private var limitWarnings: [String] { (try? limit?.get())?.observedWarnings ?? [] }

    var curveWarnings: [String] { curves.flatMap { $0.warnings ?? [] } }

    /// All warnings, each of which also appears on the page.
    public var warnings: [String] {
        fileWarnings + (fit?.warnings ?? []) + (places?.warnings ?? []) + limitWarnings + detectionWarnings
            + (background?.warnings ?? [])
            + curveWarnings
    }
}

extension CampaignReport {
    /// The figures that the trials allow, in the order of the page.
    public var figures: [Figure] {
        dataFigures + placeFigures + backgroundFigures + detectionFigures + biasFigures + curveFigures
    }

    var placeFigures: [Figure] { places.map { Figure.places($0) } ?? [] }

    /// The TS of the data that compares with that of a trial; nil without data.
    private var observedTS: Double? { fit?.ts ?? places?.largestTS }

    var backgroundFigures: [Figure] {
        guard let background, let distribution = background.distribution else { return [] }
        return [
            .tsDistribution(distribution, fits: background.tailFits, observed: observedTS),
            .survival(
                distribution, weighted: background.weighted,
                thresholds: background.thresholds.compactMap { try? $0.threshold.get() },
                fits: background.tailFits, observed: observedTS),
        ]
    }

    var detectionFigures: [Figure] {
        [
            Figure.detection(
                detections, confidence: settings.confidence, fluxPerEvent: campaign.fluxPerEvent,
                referenceEnergy: campaign.referenceEnergyText)
        ].compactMap { $0 }
    }

    var biasFigures: [Figure] {
        let (biases, settings) = (calibration.calibration.biases, campaign.configuration.settings)
        return [
            Figure.signalEventsBias(biases),
            settings.parameter.isFixed
                ? nil
                : Figure.parameterBias(biases, parameter: settings.parameter, truth: settings.injectedParameter),
        ].compactMap { $0 }
    }

    var dataFigures: [Figure] {
        let sky = fit?.events.flatMap { Figure.sky($0, of: campaign.configuration) }
        return [sky].compactMap { $0 } + (scan.map { [.contour($0, fit: fit)] + Figure.profiles($0, fit: fit) } ?? [])
    }

    var curveFigures: [Figure] {
        curves.enumerated().flatMap { index, curve in
            Figure.curves(curve, prefix: curves.count > 1 ? "curve\(index + 1)" : "curve")
        }
    }
}

extension CampaignReport {
    /// All numbers of the page, with the keys of the commands that print them.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("generator", .string(FigureFormat.mark)), .init("title", .string(title)),
            .init("version", .string(softwareVersion)),
            .init("fingerprint", .string(campaign.fingerprint)), .init("campaign", .string(campaign.text)),
            .init("summary", summary.json),
            .init(
                "detections",
                .array(detections.map { .object([.init("title", .string($0.title))] + $0.members(campaign)) })),
        ]
        if let fit { members.append(.init("unblind", .object(fit.allMembers))) }
        if let limits = try? limit?.get() { members.append(.init("limits", limits.json)) }
        if let places { members.append(.init(places.key, places.json)) }
        if let background { members.append(.init("background", background.json)) }
        members.append(.init("bias", calibration.json))
        if let scan { members.append(.init("scan", scan.json)) }
        members.append(
            .init(
                "files",
                .array(
                    files.map { ["file": .string($0.path), "table_sha256": .string($0.tableDigest)] })))
        members.append(.init("warnings", .strings(warnings)))
        return .object(members)
    }
}
