import Foundation
import Testing

/// Chunks that HDF5 finds in order and that are not what they seem.
@Suite("trialmerge: chunks that lead elsewhere, are huge inside, or were left by a killed run", .serialized)
struct HostileChunkTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    @Test("External and soft links inside a file are not followed: 65", arguments: ["trials", "ranges", "provenance"])
    func links(name: String) throws {
        let victim = try folder.chunk("victim.h5", 0..<50)
        for other in [victim, nil, folder.file("absent.h5")] {
            try? FileManager.default.removeItem(atPath: folder.file("a.h5"))
            let path = try folder.chunk("a.h5", 0..<50)
            try EditedChunk(path: path).link(name, toFile: other)
            for command in [
                ["merge", "-o", folder.file("m.h5")], ["background"],
                ["export", "--format", "csv", "-o", folder.file("t.csv")],
            ] {
                let run = try BuiltTool.trialmerge.run([command[0], path] + command.dropFirst())
                #expect(run.code == 65, "\(command): \(run.error)")
                #expect(run.error.contains("\"\(name)\" is a link to another place or file"), "\(run.error)")
                #expect(!FileManager.default.fileExists(atPath: folder.file("m.h5")))
                #expect(!FileManager.default.fileExists(atPath: folder.file("t.csv")))
            }
            let verify = try BuiltTool.trialmerge.run(["verify", path])
            #expect(verify.code == 65 && !verify.output.contains("\ncomplete"), "\(verify.output)")
        }
    }

    @Test("HDF5 chunks of 2^20 rows: memory and time are bounded, however many files there are")
    func largeChunks() throws {
        // Each file unpacks to 73 MB of rows in one HDF5 chunk.
        let paths = try [Int64](0..<8).map { try folder.chunk("\($0).h5", $0 * 40..<($0 + 1) * 40, mu: [0, 3]) }
        let merged = try BuiltTool.trialmerge.run(["merge", "-o", folder.file("small.h5"), "--json"] + paths).object()
        for path in paths { try EditedChunk(path: path).repack(rows: 1 << 20) }
        // Kilobytes of address space; the program alone takes some 200 MB of it.
        let shell = "ulimit -v 900000; exec \"$@\""
        let run = try BuiltTool.trialmerge.run(
            ["merge", "-o", folder.file("large.h5"), "--json"] + paths, shell: shell)
        #expect(run.code == 0, "\(run.error)")
        #expect(try run.object()["table_sha256"] as? String == merged["table_sha256"] as? String)
        for command in [["background"], ["verify"], ["sensitivity"]] {
            let run = try BuiltTool.trialmerge.run(command + paths, shell: shell)
            #expect(run.code != 74 && run.code != 70 && run.code < 128, "\(command): \(run.code) \(run.error)")
        }
    }

    @Test("HDF5 chunks that no memory holds are refused: 65")
    func absurdChunks() throws {
        let path = try folder.chunk("a.h5", 0..<50)
        try EditedChunk(path: path).repack(rows: 1 << 23)
        let run = try BuiltTool.trialmerge.run(["background", path], shell: "ulimit -v 900000; exec \"$@\"")
        #expect(run.code == 65 && run.error.contains("declares chunks of 8388608 times"), "\(run.error)")
    }

    @Test("What a killed run left is never complete, without --config too: 75")
    func killed() throws {
        let toy = try ToyFolder.shared.get()
        let path = folder.file("killed.h5")
        // Killed as soon as some trials are safe.
        let run = try BuiltTool.trialgen.run(
            ["run", "--trials", "100000", "--commit-every", "20", "--output", path, "--threads", "1"]
                + toy.source,
            shell: """
                "$@" 2>"\(folder.path)/log" & pid=$!
                for i in $(seq 600); do
                    test -s "\(path).journal" && test "$(stat -c %s "\(path).journal")" -gt 20000 && break
                    sleep 0.05
                done
                kill -9 $pid; wait $pid
                """)
        #expect(run.code == 137)
        #expect(FileManager.default.fileExists(atPath: path + ".journal"))
        let sound = try folder.chunk("sound.h5", 0..<10)
        for files in [[path], [path, sound], [folder.path]] {
            let verify = try BuiltTool.trialmerge.run(["verify"] + files)
            #expect(verify.code == 75, "\(verify.code): \(verify.output)\(verify.error)")
            #expect(verify.output.contains("incomplete"), "\(verify.output)")
            let json = try BuiltTool.trialmerge.run(["verify", "--json"] + files)
            #expect(json.code == 75)
        }
        // The chunk alone, its journal lost; one that does not exist; one without a byte.
        let empty = folder.file("empty.h5")
        try Data().write(to: URL(filePath: empty))
        for (file, code) in [(folder.file("absent.h5"), 75), (empty, 65)] as [(String, Int32)] {
            let verify = try BuiltTool.trialmerge.run(["verify", file])
            #expect(verify.code == code && !verify.output.contains("\ncomplete"), "\(verify.code): \(verify.output)")
        }
    }
}
