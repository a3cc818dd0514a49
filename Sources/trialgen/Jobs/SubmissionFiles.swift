import Diagnostics
import Files
import Foundation

/// What a scheduler is given: the templates in Templates/ with their parameters filled in, and the campaign.
struct SubmissionFiles {
    static let campaignName = "campaign.yaml"

    private let format: PlanCommand.Format
    private let parameters: [String: String]
    private var files: [(name: String, text: String)]
    /// What stands before and after the parameters of a file, which a person may edit.
    private static let (begin, end) = ("# >>> parameters", "# <<< parameters")
    /// Stands for the number of a job's point, in HTCondor's language.
    static let pointMacro = "$INT(point,%04d)"

    /// - Parameters:
    ///   - parameters: the values of parameters, by name. One that a template does not have is left out, and one of a
    ///     template that has no value here keeps its own.
    ///   - computed: values that follow from the campaign, where neither `parameters` nor an earlier plan has one.
    ///   - campaign: the campaign's file.
    /// - Throws: `Fault` (usage) for a value that cannot be written in the language of a file.
    init(
        _ format: PlanCommand.Format, _ parameters: [String: String], computed: [String: String] = [:], campaign: String
    ) throws(Fault) {
        self.format = format
        self.parameters = parameters
        files = [(SubmissionFiles.campaignName, campaign)]
        for (name, bytes) in SubmissionFiles.templates(format) {
            let values = computed.merging(parameters) { $1 }
            files.append((name, try SubmissionFiles.fill(String(decoding: bytes, as: UTF8.self), values)))
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
    static func fill(_ template: String, _ parameters: [String: String]) throws(Fault) -> String {
        let isShell = template.hasPrefix("#!")
        return try replacingParameters(of: template) { name, line throws(Fault) in
            guard let value = parameters[name] else { return line }
            return isShell ? "\(name)=\(try shellWord(value, name))" : "\(name) = \(try condorValue(value, name))"
        }
    }

    /// - Parameter replacement: the line for a parameter's name and line.
    private static func replacingParameters(
        of text: String, _ replacement: (_ name: String, _ line: String) throws(Fault) -> String
    ) throws(Fault) -> String {
        var (isWithin, lines) = (false, [String]())
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(begin) { isWithin = true }
            if line.hasPrefix(end) { isWithin = false }
            guard isWithin, !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else {
                lines.append(String(line))
                continue
            }
            lines.append(try replacement(String(line[..<equals].filter { $0 != " " }), String(line)))
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a value has letters, digits and a few signs only, which have no meaning in any of the languages.
    private static func isPlain(_ value: String) -> Bool {
        value.unicodeScalars.allSatisfy {
            CharacterSet.alphanumerics.contains($0) || "/._-+:@".unicodeScalars.contains($0)
        }
    }

    /// A word of the shell, on one line.
    private static func shellWord(_ value: String, _ name: String) throws(Fault) -> String {
        if isPlain(value), !value.isEmpty { return value }
        guard !value.unicodeScalars.contains(where: CharacterSet.newlines.union(.controlCharacters).contains) else {
            throw refusal(of: value, name, "a control character or a new line cannot stand in a job file")
        }
        return "'" + value.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// A value of a submit file of HTCondor. It becomes an argument and a part of a list of files, separated by blanks and
    /// commas, and HTCondor replaces $() in it: there is no way to quote all of these.
    private static func condorValue(_ value: String, _ name: String) throws(Fault) -> String {
        guard isPlain(value.replacingOccurrences(of: pointMacro, with: "")) else {
            throw refusal(of: value, name, "HTCondor's files allow letters, digits and / . _ - + : @ only")
        }
        return value
    }

    private static func refusal(of value: String, _ name: String, _ problem: String) -> Fault {
        let shown = value.unicodeScalars.map { $0.value < 32 ? $0.escaped(asASCII: true) : String($0) }.joined()
        return Fault(.usage, at: .field("--\(name)"), "\"\(shown)\": \(problem)", remedy: "rename it, or use a link")
    }

    /// Writes the files; scripts can be run.
    ///
    /// - Parameter replaces: whether an earlier plan in the folder is replaced. The lines of its parameters are kept but
    ///   for those that this plan was given a value of.
    /// - Throws: `Fault` (cannot create, input/output), also for a folder that holds other files, or an earlier plan
    ///   that is not to be replaced.
    func write(to folder: String, replaces: Bool) throws(Fault) {
        try OutputFolder.makeAll(folder)
        let isEmpty = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [""]).isEmpty
        let earlier = files.filter { SubmissionFiles.contents("\(folder)/\($0.name)")?.contains(Self.begin) == true }
        guard isEmpty || replaces && !earlier.isEmpty else {
            throw Fault(
                .cannotCreate, at: .file(folder), earlier.isEmpty ? "holds other files" : "holds an earlier plan",
                remedy: earlier.isEmpty
                    ? "name another folder" : "name another folder, or replace the plan with --replace")
        }
        for (name, new) in files {
            var text = new
            if let old = SubmissionFiles.contents("\(folder)/\(name)") {
                var kept: [String: String] = [:]
                _ = try SubmissionFiles.replacingParameters(of: old) { name, line in
                    kept[name] = line
                    return line
                }
                text = try SubmissionFiles.replacingParameters(of: new) { name, line in
                    parameters[name] == nil ? kept[name] ?? line : line
                }
            }
            try Publication.write(
                text.utf8, to: "\(folder)/\(name)", .init(replace: replaces), isExecutable: text.hasPrefix("#!"))
        }
    }

    /// The text of an earlier file; nil if there is none, or something else.
    private static func contents(_ path: String) -> String? {
        (try? OpenFile.contents(of: path, atMost: 1 << 24, "a plan")).flatMap { String(validating: $0, as: UTF8.self) }
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
