import Foundation
import PackagePlugin

/// Writes the commit that the package is checked out at into a source file of the target.
@main
struct SourceCommitPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
        let package = context.package.directoryURL
        let output = context.pluginWorkDirectoryURL.appending(path: "GeneratedCommit.swift")
        let git = Self.gitFolder(of: package)
        // Git adds a line to logs/HEAD with every commit, checkout and reset: then the command runs again.
        let log = git.map { $0.appending(path: "logs/HEAD") }.filter { FileManager.default.fileExists(atPath: $0.path) }
        let script = """
            commit=$([ -z "$3" ] || git -C "$1" rev-parse --short=10 HEAD 2>/dev/null)
            echo "let generatedCommit = \\"$commit\\"" >"$2"
            """
        return [
            .buildCommand(
                displayName: "Commit of the sources", executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", script, "sh", package.path, output.path, git.first?.path ?? ""],
                inputFiles: log, outputFiles: [output])
        ]
    }

    /// The folder that git keeps a checkout's state in: `.git`, or where a file of that name (of a worktree) points;
    /// none in an unpacked archive.
    private static func gitFolder(of package: URL) -> [URL] {
        let folder = package.appending(path: ".git")
        guard let text = try? String(contentsOf: folder, encoding: .utf8) else {
            return FileManager.default.fileExists(atPath: folder.path) ? [folder] : []
        }
        let path = text.dropFirst("gitdir: ".count).trimmingCharacters(in: .whitespacesAndNewlines)
        return [URL(filePath: path, relativeTo: package).absoluteURL]
    }
}
