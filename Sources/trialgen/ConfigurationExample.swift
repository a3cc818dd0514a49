import ArgumentParser
import Diagnostics
import Foundation

/// The annotated configurations of docs/examples, which `trialgen config --init` writes.
enum ConfigurationExample: String, CaseIterable, ExpressibleByArgument {
    case steadySource = "steady-source"

    static let names = "\(allCases[0].rawValue) (default)"

    var text: String {
        let bytes =
            switch self {
            case .steadySource: PackageResources.steady_source_yaml
            }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the example into a new file.
    ///
    /// - Throws: `Fault` (cannot create) if there is such a file already, or it cannot be made.
    func write(to path: String) throws(Fault) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw Fault(
                .cannotCreate, at: .file(path),
                exists ? "is there already" : "cannot be created (\(error.localizedDescription))",
                remedy: exists ? "name another file, or remove that one" : "choose a folder that can be written to")
        }
    }
}
