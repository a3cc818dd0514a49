import Diagnostics
import Files
import Foundation

/// What a scheduler is given: the templates of condor/ and jobs/ with their parameters filled in, and the campaign.
struct SubmissionFiles {
    static let campaignName = "campaign.yaml"

    private let format: PlanCommand.Format
    private var files: [(name: String, text: String)]

    /// - Parameters:
    ///   - parameters: the values of parameters, by name. One that a template does not have is left out, and one of a
    ///     template that has no value here keeps its own.
    ///   - campaign: the campaign's file.
    init(_ format: PlanCommand.Format, _ parameters: [String: String], campaign: String) {
        self.format = format
        files = [(SubmissionFiles.campaignName, campaign)]
        for (name, bytes) in SubmissionFiles.templates(format) {
            files.append((name, SubmissionFiles.fill(String(decoding: bytes, as: UTF8.self), parameters)))
        }
    }

    private static func templates(_ format: PlanCommand.Format) -> [(name: String, bytes: [UInt8])] {
        let condor = [
            ("trials.sub", PackageResources.trials_sub), ("run-job", PackageResources.run_job),
            ("step", PackageResources.step),
        ]
        switch format {
        case .table: return []
        case .condor: return condor
        case .dag:
            return condor + [
                ("campaign.dag", PackageResources.campaign_dag), ("step.sub", PackageResources.step_sub),
            ]
        case .slurm:
            return [
                ("submit", PackageResources.submit), ("trials.slurm", PackageResources.trials_slurm),
                ("merge.slurm", PackageResources.merge_slurm),
            ]
        }
    }

    /// Replaces values between the lines "# >>> parameters" and "# <<< parameters": "name = value" in HTCondor's
    /// language, "name=value" in the shell's.
    static func fill(_ template: String, _ parameters: [String: String]) -> String {
        let isShell = template.hasPrefix("#!")
        return mapParameters(template) { name, line in
            parameters[name].map { isShell ? "\(name)=\(quoted($0))" : "\(name) = \($0)" } ?? line
        }
    }

    /// Replaces the lines of parameters.
    private static func mapParameters(_ text: String, _ replaced: (_ name: String, _ line: String) -> String) -> String
    {
        var isWithin = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            if line.hasPrefix("# >>> parameters") { isWithin = true }
            if line.hasPrefix("# <<< parameters") { isWithin = false }
            guard isWithin, !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return String(line) }
            return replaced(String(line[..<equals].filter { $0 != " " }), String(line))
        }
        return lines.joined(separator: "\n")
    }

    /// The lines of a text's parameters, by name.
    private static func parameterLines(_ text: String) -> [String: String] {
        var lines: [String: String] = [:]
        _ = mapParameters(text) { name, line in
            lines[name] = line
            return line
        }
        return lines
    }

    /// A word of the shell.
    private static func quoted(_ value: String) -> String {
        let plain = value.unicodeScalars.allSatisfy {
            CharacterSet.alphanumerics.contains($0) || "/._-+:,@".unicodeScalars.contains($0)
        }
        return plain && !value.isEmpty ? value : "'" + value.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// The file in which a plan keeps the parameters as it wrote them: what differs from it was edited.
    private static let recordName = ".parameters"

    /// Writes the files; scripts can be run.
    ///
    /// - Parameter isReplacing: whether files of an earlier plan are replaced, except for the parameters that were edited.
    /// - Throws: `Fault` (cannot create, input/output).
    func write(to folder: String, isReplacing: Bool) throws(Fault) {
        try OutputFolder.makeAll(folder)
        let existing = files.map(\.name).filter { exists("\(folder)/\($0)") }
        guard existing.isEmpty || isReplacing else {
            throw Fault(
                .cannotCreate, at: .file(folder), "has \(existing.joined(separator: ", ")) already",
                remedy: "name another folder, or give --replace, which keeps the parameters that were edited")
        }
        let recordPath = "\(folder)/\(Self.recordName)"
        // Of files without a record nobody knows what was edited.
        let recorded = (try? String(contentsOfFile: recordPath, encoding: .utf8))?.split(separator: "\n").map(
            String.init)
        var record = ""
        for (name, text) in files {
            let path = "\(folder)/\(name)"
            var edited: [String: String] = [:]
            if let recorded, let old = try? String(contentsOfFile: path, encoding: .utf8) {
                edited = Self.parameterLines(old).filter { !recorded.contains("\(name): \($0.value)") }
            }
            let merged = Self.mapParameters(text) { parameter, line in
                record += "\(name): \(line)\n"
                return edited[parameter] ?? line
            }
            try Publication.write(
                merged.utf8, to: path, .init(replace: isReplacing), isExecutable: text.hasPrefix("#!"))
        }
        try Publication.write(record.utf8, to: recordPath, .init(replace: isReplacing))
    }

    /// What was written, and how to go on.
    var summary: String {
        let names = files.map(\.name).joined(separator: ", ")
        let next =
            switch format {
            case .table: ""
            case .condor: "./step remaining && condor_submit trials.sub"
            case .dag: "condor_submit_dag campaign.dag"
            case .slurm: "./submit"
            }
        return "written: \(names)\nnext, in that folder: \(next)\n"
    }

    static func absolute(_ path: String) -> String { path.isEmpty ? "" : URL(filePath: path).standardizedFileURL.path }
}
