import Diagnostics
import Inference
import Results
import Settings

extension TrialInputs {
    /// The result of a catalogue search.
    ///
    /// - Parameters:
    ///   - subset: as `--subset`; nil for all sources.
    ///   - observed: the fits of the data, and the file that contains them; nil for none.
    /// - Returns: also warnings about the fits.
    /// - Throws: `Fault`: bad data for trials of another search, without background, or fits of other sources or data; usage
    ///   for an invalid subset.
    mutating func catalogue(
        subset: String? = nil, observed: (fits: ListResult, file: String)?
    ) throws -> (summary: CatalogueSummary, warnings: [String]) {
        let campaign = try campaign()
        guard campaign.configuration.search == .catalogue, let columns = takeSourceColumns() else {
            throw Fault(
                .badData, at: .file(name), "does not contain trials of a catalogue search",
                remedy:
                    "make trials with search: catalogue; for one source, use trialmerge background, for the sky trialmerge sky"
            )
        }
        // Throws if there are no background trials, and lists the trials present.
        if weighted == nil { _ = try background() }
        let skies = takeWeightedSkies()
        let weighted = weighted.flatMap { distribution in
            mixture.map { CatalogueSummary.Weighted(skies, distribution, $0) }
        }
        let subset = try CatalogueSubset(subset, of: campaign.configuration.sources, option: "--subset")
        var (warnings, ts) = ([String](), [Double]?.none)
        if let (fits, file) = observed {
            warnings =
                fits.campaign == nil
                ? [
                    "\(file) was made for a list of points and does not name its campaign: check that it has the data "
                        + "and the fit of these trials, or make it with their configuration"
                ] : try fits.checkCampaign(is: campaign, of: name, file: file, Campaign.differenceOfData)
            ts = try fits.testStatistics(of: subset.indices.map { campaign.configuration.sources[$0] }, file: file)
        }
        let ordinary = backgroundTrials.ordinary
        // A closure would keep the columns in memory.
        do throws(Fault) {
            return (
                try CatalogueSummary(
                    campaign: campaign, subset: subset, columns, ordinary: ordinary, weighted: weighted, observed: ts),
                warnings
            )
        } catch {
            throw error.kind == .badData && error.place == nil ? error.located(in: name) : error
        }
    }

    /// The result of a search of the sky.
    ///
    /// - Parameter observed: the hottest places of the data, and the file that contains them; nil for none.
    /// - Returns: also warnings about the places.
    /// - Throws: `Fault` (bad data) for trials of another search, without background, or places of other data.
    mutating func sky(
        observed: (places: SkyResult, file: String)?
    ) throws -> (summary: SkySummary, warnings: [String]) {
        let campaign = try campaign()
        guard let hemispheres = campaign.configuration.sky?.hemispheres else {
            throw Fault(
                .badData, at: .file(name), "does not contain trials of a search of the sky",
                remedy: "make trials with search: sky; for a list of sources, use trialmerge catalogue")
        }
        // Throws if there are no background trials, and lists the trials present.
        _ = try background()
        let columns = takeSourceColumns() ?? []
        var (warnings, places) = ([String](), [SkyResult.Place]?.none)
        if let (found, file) = observed {
            warnings = try found.checkCampaign(is: campaign, of: name, file: file, Campaign.differenceOfData)
            places = try found.places(of: hemispheres, file: file)
        }
        return try locatingFaults {
            (try SkySummary(campaign: campaign, hemispheres, columns, observed: places), warnings)
        }
    }

    /// The result of a search of many places; nil for another search.
    ///
    /// - Parameters:
    ///   - data: the result of the data; nil for none.
    ///   - warnings: to which those about the data are added.
    /// - Throws: as ``catalogue(subset:observed:)`` and ``sky(observed:)``.
    mutating func places(
        of search: Search, _ data: UnblindedData?, _ warnings: [String]
    ) throws -> (PlacesSummary?, warnings: [String]) {
        switch search {
        case .catalogue:
            let (summary, more) = try catalogue(observed: data?.list)
            return (.catalogue(summary), warnings + more)
        case .sky:
            let (summary, more) = try sky(observed: data?.sky)
            return (.sky(summary), warnings + more)
        case .source, .stack: return (nil, warnings)
        }
    }
}
