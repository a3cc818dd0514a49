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
