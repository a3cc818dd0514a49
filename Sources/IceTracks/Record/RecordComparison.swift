import Diagnostics
import Files

/// The files of a release compared with the record that `fetch` or `toy` left in its folder: a file that was cut, replaced or
/// edited since gives other results, and nothing else tells.
struct RecordComparison {
    /// Nil if the folder has no record, or one that cannot be used although changes are accepted.
    private let record: ReleaseRecord?
    private let folder: String
    private let sample: Sample
    private let acceptsChanges: Bool
    /// Warnings about the record, a sentence each.
    private(set) var warnings: [String] = []

    /// A sample that a user defined has no record: the folder may contain files of a release and others.
    ///
    /// - Parameter acceptsChanges: whether a fault becomes a warning.
    /// - Throws: a `Fault` (bad data) for a record that is damaged; as ``Files/OpenFile`` for one that cannot be read.
    init(of folder: String, _ sample: Sample, acceptsChanges: Bool) throws(Fault) {
        self.folder = folder
        self.sample = sample
        self.acceptsChanges = acceptsChanges
        var record: ReleaseRecord?
        do throws(Fault) {
            record = sample.isBuiltIn ? try ReleaseRecord.read(in: folder) : nil
            if let record, record.origin.isEmpty {
                throw Fault(
                    .badData, at: .file("\(folder)/\(ReleaseRecord.fileName)"),
                    "does not say which release it belongs to; it was cut or edited",
                    remedy: "remove it and fetch the release again: existing files are kept")
            }
        } catch {
            guard error.kind == .badData else { throw error }
            guard acceptsChanges else {
                let remedy = [error.remedy, "or give --accept-changed to use the files as they are"].compactMap { $0 }
                throw Fault(error.kind, at: error.place, error.problem, remedy: remedy.joined(separator: ", "))
            }
            record = nil
            let place = error.place.map { "\($0): " } ?? ""
            warnings.append(
                "\(place)\(error.problem); the release's files were not compared with it (--accept-changed)")
        }
        self.record = record
        if let record, !record.origin.hasPrefix(sample.name + ",") {
            warnings.append(
                "\(folder): \(ReleaseRecord.fileName) says that this is \(record.origin.withoutControls), not \(sample.name); "
                    + "check --sample")
        }
    }

    /// - Parameter missing: needed files that do not exist.
    /// - Throws: a `Fault` (missing input) if the record lists any of them.
    func explain(_ missing: [String]) throws(Fault) {
        let listed = missing.filter { file in record?.entries.contains { $0.path.description == file } ?? false }
        guard let record, let first = listed.first else { return }
        throw Fault(
            .missingInput, at: .file("\(folder)/\(first)"),
            "there is no such file, although \(ReleaseRecord.fileName) lists it" + Self.further(listed),
            remedy: restoration(record))
    }

    /// Compares files that were read.
    ///
    /// - Parameter digests: SHA-256 of the files, by path relative to the release's folder.
    /// - Returns: warnings about accepted changes and about files that could not be compared.
    /// - Throws: a `Fault` (bad data) that names the first file that differs from the record, or that a record of all
    ///   files lacks.
    func compare(_ digests: [(file: String, sha256: String)]) throws(Fault) -> [String] {
        guard let record else { return warnings }
        let name = ReleaseRecord.fileName
        var recorded: [String: ReleaseRecord.Entry] = [:]
        for entry in record.entries { recorded[entry.path.description] = entry }
        var (changed, unlisted, foreign, unknown) = ([String](), [String](), [String](), [String]())
        for (file, sha256) in digests {
            if let entry = recorded[file] {
                if entry.sha256 == nil { unknown.append(file) } else if entry.sha256 != sha256 { changed.append(file) }
            } else if record.covers(file) {
                unlisted.append(file)
            } else {
                foreign.append(file)
            }
        }
        var warnings = warnings
        let findings = [
            (changed, "differs from the file that trialgen \(record.maker.rawValue) wrote (\(name))"),
            (unlisted, "is not listed in \(name), which was cut or edited"),
        ]
        for (files, problem) in findings {
            guard let first = files.first else { continue }
            let text = problem + Self.further(files)
            guard acceptsChanges else {
                throw Fault(
                    .badData, at: .file("\(folder)/\(first)"), text,
                    remedy: restoration(record) + ", or give --accept-changed to use the files as they are")
            }
            warnings.append("\(folder)/\(first): \(text); used as it is (--accept-changed)")
        }
        if let first = foreign.first {
            warnings.append("\(folder)/\(first): was not fetched\(Self.further(foreign)); not compared with \(name)")
        }
        if !unknown.isEmpty {
            warnings.append(
                "\(folder)/\(name): has no SHA-256 of \(unknown.count) files, which were not compared with it; "
                    + "trialgen fetch adds them")
        }
        return warnings
    }

    private static func further(_ files: [String]) -> String {
        files.count > 1 ? " (and \(files.count - 1) more: \(files[1])\(files.count > 2 ? ", …" : ""))" : ""
    }

    /// How to get the recorded files back.
    private func restoration(_ record: ReleaseRecord) -> String {
        switch record.maker {
        case .fetch:
            "run trialgen fetch \(sample.name) --into \(parentFolder(of: folder)), which downloads what differs"
        case .toy: "write the toy release again with trialgen toy"
        }
    }
}

extension Sample {
    /// What the record of a release's files calls the release.
    package var origin: String { "\(name), version \(version) of \(doi)" }
}
