import Console
import Diagnostics
import Settings

extension Configuration {
    /// "catalogue of 12 sources" or "sky from -82 to 82 deg"; nil for a search of one source.
    public var listTitle: String? {
        if let sky {
            let limits = [sky.declinations.lowerBound, sky.declinations.upperBound].map(NumberFormat.plain)
            let fine = sky.fine == sky.coarse ? "" : ", refined to \(sky.fine.side)"
            return "sky from dec \(limits[0]) to \(limits[1]) deg, nside \(sky.coarse.side)\(fine)"
        }
        guard search.hasList else { return nil }
        return
            "\(search.rawValue) of \(sources.count == 1 ? "1 source" : "\(NumberFormat.count(sources.count)) sources")"
    }

    /// "NGC 1068 (ra 40.67, dec -0.01 deg)", or "catalogue of 12 sources"
    public var sourceTitle: String {
        if let listTitle { return listTitle }
        let position =
            "ra \(NumberFormat.plain(rightAscensionDegrees)), dec \(NumberFormat.plain(declinationDegrees)) deg"
        return source.name.isEmpty ? position : "\(source.name) (\(position))"
    }

    /// The first lines of every table of results.
    public var title: String {
        let reference = label(\.positionReference).map { "position from \($0.withoutControls)\n" } ?? ""
        return title(of: "\(sourceTitle.withoutControls)\n\(reference)")
    }

    /// The first lines of a table of results.
    ///
    /// - Parameter sources: the lines about the sources.
    func title(of sources: String) -> String {
        "\(sources)\(sample.name): \(datasets.joined(separator: ", "))\n"
            + (exposureText.map { "exposure: \($0)\n" } ?? "") + "\n"
    }

    /// "2 times the data" or "20 years"; nil for the exposure of the data.
    public var exposureText: String? {
        switch settings.exposure {
        case .scale(let scale)?: "\(NumberFormat.plain(scale)) times the data"
        case .years(let years)?: "\(NumberFormat.plain(years)) years"
        case nil: nil
        }
    }

    /// "GeV^-1 cm^-2 s^-1 at 1000 GeV"
    public var fluxUnit: String {
        fluxUnit(at: settings.spectrum.referenceEnergy)
    }
}
