import ArgumentParser
import Diagnostics
import Foundation

/// The annotated configurations that `trialgen config --init` writes.
enum ConfigurationExample: String, CaseIterable, ExpressibleByArgument {
    case steadySource = "steady-source"
    case sourceList = "source-list"
    case gammaCurve = "gamma-curve"
    case energyCurve = "energy-curve"

    static let names =
        "\(steadySource.rawValue) (default), " + allCases.dropFirst().map(\.rawValue).joined(separator: ", ")

    var text: String {
        let bytes =
            switch self {
            case .steadySource: PackageResources.steady_source_yaml
            case .sourceList: PackageResources.source_list_yaml
            case .gammaCurve: PackageResources.gamma_curve_yaml
            case .energyCurve: PackageResources.energy_curve_yaml
            }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the example into a new file.
    ///
    /// - Throws: `Fault` (cannot create) if the file exists already, or cannot be made.
    func write(to path: String) throws(Fault) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw Fault(
                .cannotCreate, at: .file(path),
                exists ? "already exists" : "cannot be created (\(error.localizedDescription))",
                remedy: exists ? "name another file, or remove that one" : "choose a folder that can be written to")
        }
    }
}
