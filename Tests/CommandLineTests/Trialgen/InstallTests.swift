import Foundation
import Testing

/// What `make install` asks of the programs.
@Suite("Installation")
struct InstallTests {
    @Test("Completions for each shell; bash reads its own", arguments: [BuiltTool.trialgen, .trialmerge])
    func completions(tool: BuiltTool) throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try tool.run("--generate-completion-script", shell)
            #expect(script.code == 0 && script.output.contains(tool.name) && script.error.isEmpty, "\(shell)")
        }
        let check = try tool.run(
            ["--generate-completion-script", "bash"], shell: "\"$@\" | bash -n && echo sound")
        #expect(check.output == "sound\n", "\(check.error)")
    }

    @Test("Bash completes file names, and the values of options")
    func completedValues() throws {
        func complete(_ tool: BuiltTool, _ words: String...) throws -> [String] {
            let line = words.map { "'\($0)'" }.joined(separator: " ")
            let script = """
                eval "$("$1" --generate-completion-script bash)"
                COMP_WORDS=(\(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9
                "_\(tool.name)" \(tool.name) "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try tool.run([], shell: "bash -c '\(script.replacing("'", with: "'\\''"))' bash \"$1\"")
                .output.split(separator: "\n").map(String.init)
        }
        #expect(
            try complete(.trialgen, "trialgen", "run", "--sample", "").starts(with: [
                "IceTracks-DR1", "IceTracks-DR2-v1",
            ]))
        #expect(try complete(.trialgen, "trialgen", "run", "--datasets", "IC7").contains("IC79"))
        #expect(try complete(.trialgen, "trialgen", "run", "--config", "/etc/passw").contains("/etc/passwd"))
        #expect(try complete(.trialmerge, "trialmerge", "merge", "/etc/passw").contains("/etc/passwd"))
        #expect(try complete(.trialmerge, "trialmerge", "sensitivity", "--interpolation", "").count >= 2)
    }

    @Test(
        "The help that manual pages are made of names every subcommand", arguments: [BuiltTool.trialgen, .trialmerge])
    func help(tool: BuiltTool) throws {
        let help = try tool.run("--experimental-dump-help").object()
        let command = try #require(help["command"] as? [String: Any])
        let subcommands = try #require(command["subcommands"] as? [[String: Any]])
        let names = subcommands.compactMap { $0["commandName"] as? String }
        #expect(Set(names).isSuperset(of: tool.name == "trialgen" ? ["run", "config"] : ["merge", "sensitivity"]))
        #expect(subcommands.allSatisfy { ($0["abstract"] as? String)?.isEmpty == false })
    }
}
