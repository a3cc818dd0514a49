import Diagnostics
import Files
import Foundation

/// A scheduler's files: the templates in Templates/ with their parameters filled in, and the campaign.
struct SubmissionFiles {
    static let campaignName = "campaign.yaml"

    private let format: PlanCommand.Format
    private let parameters: [String: String]
    private var files: [(name: String, text: String)]
    /// The marks before and after the parameters of a file, which users may edit.
    private static let (begin, end) = ("# >>> parameters", "# <<< parameters")
    /// HTCondor's expression for the number of a job's point.
    static let pointMacro = "$INT(point,%04d)"

    /// - Parameters:
    ///   - parameters: the values of parameters, by name. Parameters that a template lacks are ignored; parameters of a
    ///     template without a value here keep the template's value.
    ///   - computed: values computed from the campaign, used if neither `parameters` nor an earlier plan has one.
    ///   - campaign: the text of the campaign's file.
    /// - Throws: `Fault` (usage) for a value that a file's syntax cannot represent.
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

    /// Replaces values between the lines "# >>> parameters" and "# <<< parameters": "name = value" for HTCondor,
    /// "name=value" for the shell.
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

    /// Whether a value consists of letters, digits and the few signs that have no special meaning in these files.
    private static func isPlain(_ value: String) -> Bool {
        value.unicodeScalars.allSatisfy {
            CharacterSet.alphanumerics.contains($0) || "/._-+:@".unicodeScalars.contains($0)
        }
    }

    /// A shell word, on one line.
    private static func shellWord(_ value: String, _ name: String) throws(Fault) -> String {
        if isPlain(value), !value.isEmpty { return value }
        guard !value.unicodeScalars.contains(where: CharacterSet.newlines.union(.controlCharacters).contains) else {
            throw refusal(of: value, name, "a job file cannot contain a control character or a newline")
        }
        return "'" + value.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// A value in a submit file of HTCondor. It becomes an argument and part of a list of files, separated by blanks
    /// and commas, and HTCondor replaces $() in it: not all of these can be quoted.
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

    /// Writes the files and makes scripts executable.
    ///
    /// - Parameter replaces: whether an earlier plan in the folder is replaced. Its parameter lines are kept, except
    ///   parameters to which this plan assigns a value.
    /// - Throws: `Fault` (cannot create, input/output), also if the folder holds other files, or an earlier plan and
    ///   `replaces` is false.
    func write(to folder: String, replaces: Bool) throws(Fault) {
        try OutputFolder.makeAll(folder)
        let isEmpty = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [""]).isEmpty
        let earlier = files.filter { SubmissionFiles.contents("\(folder)/\($0.name)")?.contains(Self.begin) == true }
        guard isEmpty || replaces && !earlier.isEmpty else {
            throw Fault(
                .cannotCreate, at: .file(folder), earlier.isEmpty ? "holds other files" : "holds an earlier plan",
                remedy: earlier.isEmpty
                    ? "choose another folder" : "choose another folder, or replace the plan with --replace")
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

    /// The text of an earlier file; nil if there is none or it is not text.
    private static func contents(_ path: String) -> String? {
        (try? OpenFile.contents(of: path, atMost: 1 << 24, "a plan")).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The names of the files, and the command to run next.
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
