import ArgumentParser
import Diagnostics
import Files

/// The annotated configurations that `trialgen config --init` writes.
enum ConfigurationExample: String, CaseIterable, ExpressibleByArgument {
    case steadySource = "steady-source"
    case sourceList = "source-list"
    case catalogue
    case sky
    case gammaCurve = "gamma-curve"
    case energyCurve = "energy-curve"
    case sample

    static let names =
        "\(steadySource.rawValue) (default), " + allCases.dropFirst().map(\.rawValue).joined(separator: ", ")

    var text: String {
        let bytes =
            switch self {
            case .steadySource: PackageResources.steady_source_yaml
            case .sourceList: PackageResources.source_list_yaml
            case .catalogue: PackageResources.catalogue_yaml
            case .sky: PackageResources.sky_yaml
            case .gammaCurve: PackageResources.gamma_curve_yaml
            case .energyCurve: PackageResources.energy_curve_yaml
            case .sample: PackageResources.sample_yaml
            }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the example into a new file.
    ///
    /// - Parameter replace: whether an existing file is replaced; without it the file is kept, since it may be edited.
    /// - Throws: `Fault` (cannot create).
    func write(to path: String, replace: Bool) throws(Fault) {
        try Publication.write(text.utf8, to: path, .init(replace: replace))
    }
}
