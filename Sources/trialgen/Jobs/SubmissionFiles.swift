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
        var isWithin = false
        let isShell = template.hasPrefix("#!")
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            if line.hasPrefix("# >>> parameters") { isWithin = true }
            if line.hasPrefix("# <<< parameters") { isWithin = false }
            guard isWithin, !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return String(line) }
            let name = String(line[..<equals].filter { $0 != " " })
            guard let value = parameters[name] else { return String(line) }
            return isShell ? "\(name)=\(quoted(value))" : "\(name) = \(value)"
        }
        return lines.joined(separator: "\n")
    }

    /// A word of the shell.
    private static func quoted(_ value: String) -> String {
        let plain = value.unicodeScalars.allSatisfy {
            CharacterSet.alphanumerics.contains($0) || "/._-+:,@".unicodeScalars.contains($0)
        }
        return plain && !value.isEmpty ? value : "'" + value.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// Writes the files; scripts can be run.
    ///
    /// - Throws: `Fault` (cannot create, input/output).
    func write(to folder: String, replace: Bool = false) throws(Fault) {
        try OutputFolder.makeAll(folder)
        let collision = Publication.Collision(replace: replace)
        for (name, _) in files { try Publication.check("\(folder)/\(name)", collision) }
        for (name, text) in files {
            try Publication.write(
                text.utf8, to: "\(folder)/\(name)", collision, isExecutable: text.hasPrefix("#!"))
        }
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
