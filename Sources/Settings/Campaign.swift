import Diagnostics
import Digests
import PointSource
import Yams

/// The common properties of all trials of a table: settings, data, and version of the model.
public struct Campaign: Sendable, Equatable {
    public let configuration: Configuration
    /// SHA-256 of the release's files, by path relative to the release folder.
    public let fileDigests: [String: String]
    public let modelVersion: String
    /// The flux normalisation at E0, in GeV⁻¹ cm⁻² s⁻¹, for which one signal event is expected. It follows from the
    /// other properties, and is stored so that numbers of events can be converted to fluxes without the data. NaN if
    /// unknown, which happens only for imported trials, and for a search of the sky, which injects none.
    public let fluxPerEvent: Double
    /// The true energies of the signal if the smearing matrix widens ``Configuration``'s range; else nil. It follows
    /// from the other properties, too.
    public let widenedRange: AnalysisSettings.EnergyRange?

    public init(
        configuration: Configuration, fileDigests: [String: String],
        modelVersion: String = PointSourceAnalysis.modelVersion,
        fluxPerEvent: Double, widenedRange: AnalysisSettings.EnergyRange? = nil
    ) {
        self.widenedRange = widenedRange
        self.configuration = configuration
        self.fileDigests = fileDigests
        self.modelVersion = modelVersion
        self.fluxPerEvent = fluxPerEvent
    }

    /// SHA-256, in hexadecimal, of all that a trial depends on besides mu, seed and number (docs/architecture.md,
    /// promise 1).
    public var fingerprint: String {
        let text = configuration.canonicalYAML + provenanceYAML
        return SHA256.hash(text.utf8).hexadecimal
    }

    /// The campaign as YAML, for people and for ``init(text:file:)``.
    public var text: String {
        configuration.labelledYAML + provenanceYAML
            + (fluxPerEvent.isFinite ? "flux_per_event: \(shortest(fluxPerEvent))\n" : "")
            + (widenedRange.map { "injected_energies: [\(shortest($0.lower)), \(shortest($0.upper))]\n" } ?? "")
    }

    /// The true energies of the injected signal, in GeV; nil for all.
    public var injectedEnergies: AnalysisSettings.EnergyRange? {
        widenedRange ?? configuration.settings.injectionRange
    }

    package var provenanceYAML: String {
        var lines = ["model_version: \(SettingValue.quoted(modelVersion))", "files:"]
        lines += fileDigests.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Campaign {
    /// The model version of trials made by another program, whose settings are those that the user stated.
    public static let importedModelVersion = "imported from SkyLLH"

    private static let ownKeys: Set<String> = ["model_version", "files", "flux_per_event", "injected_energies"]

    /// Reads a text written by ``text``: the campaign in the header of a chunk or of a merged file.
    ///
    /// - Parameter file: the file that contains the text, for messages.
    /// - Throws: `Fault` (bad data) for any other text.
    public init(text: String, file: String) throws {
        var reader = ConfigurationReader(file: file)
        reader.foreignKeys = Campaign.ownKeys
        do {
            configuration = try Configuration(try reader.read(text))
            guard let root = try reader.compose(text)?.mapping, let version = root["model_version"]?.string,
                let files = root["files"]?.mapping,
                let flux = root["flux_per_event"]?.float
                    ?? (version == Campaign.importedModelVersion || configuration.search == .sky ? .nan : nil)
            else {
                throw Fault(.badData, at: .file(file), "it lacks model_version, files or flux_per_event")
            }
            fluxPerEvent = flux
            let energies = root["injected_energies"]?.array().compactMap(\.float) ?? []
            widenedRange =
                energies.count == 2
                ? try AnalysisSettings.EnergyRange(lower: energies[0], upper: energies[1]) : nil
            modelVersion = version
            fileDigests = files.reduce(into: [:]) { digests, entry in
                if let path = entry.key.string, let digest = entry.value.string { digests[path] = digest }
            }
        } catch let fault as Fault {
            throw Fault(
                .badData, at: .file(file), "the campaign in its header cannot be read: \(fault)",
                remedy: "use the version of trialgen that wrote it, or a newer one")
        }
    }
}
