import Diagnostics
import Digests
import Files
import Foundation

/// A release's folder on disk, and its sample.
public struct Release: Sendable {
    /// The folder that has `events/`, `irfs/` and `uptime/`.
    public let folder: String
    public let sample: Sample
    /// Whether files that differ from the record of `trialgen fetch` or `trialgen toy` in the folder are used, with a warning.
    public let acceptsChanges: Bool

    /// Finds the release: in `path` itself, or in the sample's default folder inside it.
    ///
    /// - Parameter acceptsChanges: see ``acceptsChanges``.
    /// - Throws: a `Fault` of kind missingInput that names the folders that were searched.
    public init(path: String, sample: Sample, acceptsChanges: Bool = false) throws {
        self.sample = sample
        self.acceptsChanges = acceptsChanges
        let inside = Self.join(path, sample.defaultFolder)
        let subfolders = sample.subfolders
        guard isFolder(path) else {
            let problem =
                FileManager.default.fileExists(atPath: path) ? "it is not a folder" : "the folder does not exist"
            throw Fault(
                .missingInput, at: .file(path), problem,
                remedy: sample.defaultFolder.isEmpty
                    ? "give --data the sample's folder"
                    : "give --data the release folder \"\(sample.defaultFolder)\" or the folder that contains it"
            )
        }
        if sample.defaultFolder.isEmpty || subfolders.contains(where: { isFolder(Self.join(path, $0)) }) {
            folder = path
        } else if isFolder(inside) {
            folder = inside
        } else {
            let other = Catalogue.samples.first { isFolder(Self.join(path, $0.defaultFolder)) }
            let hint = other.map { "; it contains \"\($0.defaultFolder)\", which is the sample \($0.name)" } ?? ""
            throw Fault(
                .missingInput, at: .file(path),
                "the folder contains neither \(Self.list(subfolders)) nor \"\(sample.defaultFolder)\" of the sample "
                    + "\(sample.name)\(hint)",
                remedy: "give --data the release folder or the folder that contains it, and --sample its name"
            )
        }
        let missing = subfolders.filter { !isFolder(Self.join(folder, $0)) }
        guard missing.isEmpty else {
            throw Fault(
                .missingInput, at: .file(folder),
                "the release lacks \(missing.map { "\($0)/" }.joined(separator: " and "))",
                remedy: sample.isBuiltIn ? "unpack the release again" : "correct the paths in the sample's definition"
            )
        }
    }

    /// "events/, irfs/ and uptime/", for at least one folder.
    private static func list(_ folders: [String]) -> String {
        let names = folders.map { $0 + "/" }
        return names.count < 2
            ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }

    /// Loads datasets by name, in the order given; all of the sample's datasets when no names are given.
    ///
    /// - Throws: a `Fault`: usage for an unknown name, missingInput naming every missing file, badData
    ///   naming file, line and column of the first error in a file, or a file that differs from the record in the folder.
    public func load(_ names: [String] = []) throws -> [Dataset] {
        let definitions = try sample.datasets(named: names)
        let record = try RecordComparison(of: folder, sample, acceptsChanges: acceptsChanges)
        try requireFiles(definitions, record)
        let files = try ReleaseFiles(definitions, path: path)
        let changes = try record.compare(files.digests)
        return try definitions.enumerated().map { index, definition in
            let eventFiles: [EventFile] = try definition.seasonFiles.map { try files.contents(of: $0.events) }
            let seasons = try zip(definition.seasonFiles, eventFiles).map { season, file in
                Season(
                    name: season.name, events: file.events, uptime: try files.contents(of: season.uptime),
                    raisedErrorCount: file.raisedErrorCount)
            }
            let warnings = try Dataset.check(definition, seasons, keys: eventFiles.map(\.keys), path: path)
            return Dataset(
                definition: definition, seasons: seasons,
                effectiveArea: try files.contents(of: definition.effectiveAreaFile),
                smearing: try files.contents(of: definition.smearingFile), fileDigests: files.digests(of: definition),
                warnings: (index == 0 ? changes : []) + files.warnings(of: definition) + warnings)
        }
    }

    /// The data needed to convert events to flux, for datasets without their events or smearing matrix.
    ///
    /// - Returns: effective area and uptime of each dataset; warnings about the files, a sentence each.
    /// - Throws: as ``load(_:)``.
    public func loadResponses(
        _ names: [String] = []
    ) throws -> (responses: [(name: String, effectiveArea: EffectiveArea, uptime: Uptime)], warnings: [String]) {
        let record = try RecordComparison(of: folder, sample, acceptsChanges: acceptsChanges)
        var digests: [(file: String, digest: FileDigest)] = []
        let responses = try sample.datasets(named: names).map { definition in
            var windows: [Uptime.Window] = []
            for season in definition.seasonFiles {
                let (uptime, digest) = try Uptime.read(path(season.uptime), season: season.name)
                windows += uptime.windows
                digests.append((season.uptime, digest))
            }
            let file = definition.effectiveAreaFile
            let (area, digest) = try EffectiveArea.read(path(file), configuration: definition.configuration)
            digests.append((file, digest))
            return (name: definition.name, effectiveArea: area, uptime: Uptime(windows: windows))
        }
        let changes = try record.compare(digests.map { ($0.file, $0.digest.sha256) })
        return (responses, changes + digests.flatMap(\.digest.warnings))
    }

    /// Checks that all files of all definitions exist before the first is read: a job should not fail after minutes.
    private func requireFiles(_ definitions: [DatasetDefinition], _ record: RecordComparison) throws {
        let missing = Self.files(of: definitions).filter { !FileManager.default.fileExists(atPath: path($0)) }
        try record.explain(missing)
        guard missing.count > 1 else { return }
        throw Fault(
            .missingInput, at: .file(folder), "\(missing.count) files are missing: \(missing.joined(separator: ", "))",
            remedy: "add them, or exclude their datasets with --datasets"
        )
    }

    package static func files(of definitions: [DatasetDefinition]) -> [String] {
        var files: [String] = []
        for definition in definitions {
            let own =
                definition.eventFiles + definition.uptimeFiles
                + [definition.effectiveAreaFile, definition.smearingFile]
            files += own.filter { !files.contains($0) }
        }
        return files
    }

    private func path(_ file: String) -> String { Self.join(folder, file) }

    /// The paths of the files from which datasets were read.
    package func paths(of datasets: [Dataset]) -> [String] { fileDigests(for: datasets).keys.sorted().map(path) }

    private static func join(_ folder: String, _ file: String) -> String {
        folder.hasSuffix("/") ? folder + file : folder + "/" + file
    }
}

extension Release {
    /// SHA-256 of the files of loaded datasets, by path relative to the release folder; computed from the same bytes
    /// while they were parsed.
    public func fileDigests(for datasets: [Dataset]) -> [String: String] {
        datasets.reduce(into: [:]) { $0.merge($1.fileDigests) { first, _ in first } }
    }

    /// SHA-256 of each file used by the named datasets, without parsing them.
    ///
    /// - Throws: a `Fault` for an unknown name and for a file that cannot be read.
    public func fileDigests(for names: [String]) throws -> [String: String] {
        var digests: [String: String] = [:]
        for file in Self.files(of: try sample.datasets(named: names)) {
            var hash = SHA256()
            try OpenFile.ofRelease(path(file), purpose: "contents of \(file)").forEachPiece { hash.update($0) }
            digests[file] = hash.finalize().hexadecimal
        }
        return digests
    }
}
