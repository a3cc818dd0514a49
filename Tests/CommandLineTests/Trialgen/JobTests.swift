import Foundation
import PointSource
import Settings
import Testing
import TrialStore

/// Jobs that make slices of a campaign, and what plans, proves and merges them.
@Suite("Jobs")
struct JobTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch(
            campaign: """
                source: {name: toy, ra: 40.67, dec: -0.01}
                trials: [{mu: 0, count: 103}, {mu: 3, count: 11}]
                seed: 4
                jobs: 4
                """)
    }

    private func run(_ arguments: String..., environment: String = "") throws -> BuiltTool.Outcome {
        try run(arguments, environment: environment)
    }

    private func run(_ arguments: [String], environment: String = "") throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(arguments + ["--config", "c.yaml"], in: folder, shell: environment + " exec \"$@\"")
    }

    private func merge(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialmerge.run(arguments, in: folder)
    }

    private var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".h5") }.sorted()
        }
    }

    private func digest(_ outcome: BuiltTool.Outcome) throws -> String {
        try #require(try outcome.object()["table_sha256"] as? String)
    }

    @Test("All jobs together make the campaign; verify says what is missing, and a merge of all is that of one process")
    func campaign() throws {
        try #require(try run("run", "--output", "whole.h5").code == 0)
        let expected = try digest(try merge("merge", "whole.h5", "-o", "one.h5", "--config", "c.yaml", "--json"))
        for name in ["whole.h5", "one.h5"] { try FileManager.default.removeItem(atPath: folder + "/" + name) }

        #expect(try run("run", "--job", "0").code == 0)
        #expect(try run("run", "--job", "auto", "--job-offset", "1", environment: "SLURM_ARRAY_TASK_ID=2").code == 0)
        #expect(try names == ["trials.00000.h5", "trials.00003.h5"])
        let lacking = try merge(
            "verify", "trials.00000.h5", "trials.00001.h5", "trials.00003.h5", "--config", "c.yaml", "--json",
            "--resubmit-condor", "condor", "--resubmit-slurm", "slurm", "--max-array-size", "2")
        #expect(lacking.code == 75, "\(lacking.error)")
        #expect(try lacking.object()["jobs"] as? [Int] == [1, 2])
        #expect(try String(contentsOfFile: folder + "/condor", encoding: .utf8) == "1\n2\n")
        #expect(try String(contentsOfFile: folder + "/slurm", encoding: .utf8) == "0 1\n2 0\n")
        let partial = try merge("merge", "trials.00000.h5", "-o", "part.h5", "--config", "c.yaml")
        #expect(partial.code == 75)
        #expect(try TrialSet(folder + "/part.h5").missing?.count == 103 + 11 - 25 - 2)
        let statistics = try merge("background", "part.h5")
        #expect(statistics.error.contains("part.h5 is partial"))
        try FileManager.default.removeItem(atPath: folder + "/part.h5")

        for job in ["1", "2"] { #expect(try run("run", "--job", job).code == 0) }
        let chunks = try names
        let proof = try BuiltTool.trialmerge.run(["verify", "--config", "c.yaml", "--hosts"] + chunks, in: folder)
        #expect(proof.code == 0, "\(proof.error)")
        #expect(proof.output.contains("complete: all 114 trials are present"))
        #expect(proof.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let merged = try BuiltTool.trialmerge.run(
            ["merge", "-o", "m.h5", "--config", "c.yaml", "--json"] + chunks, in: folder)
        #expect(merged.code == 0)
        #expect(try digest(merged) == expected)
    }

    @Test("A finished job exits at once, without the data; parts go to chunks of their own")
    func finished() throws {
        #expect(try run("run", "--job", "2", "--part", "signal").code == 0)
        #expect(try names == ["trials-signal.00002.h5"])
        let again = try BuiltTool.trialgen.run(
            ["run", "--config", "c.yaml", "--data", "/no/such/folder", "--job", "2", "--part", "signal", "--json"],
            in: folder)
        #expect(again.code == 0, "\(again.error)")
        #expect(try again.number("made") == 0 && again.number("present") == 3)
        // With other settings the data are needed, and the chunk is not that of this campaign.
        #expect(try run("run", "--job", "2", "--part", "signal", "--gamma", "3").code == 65)
    }

    @Test("A damaged chunk: 65, and its job is named")
    func damage() throws {
        for job in ["0", "1", "2", "3"] { #expect(try run("run", "--job", job, "--output", "./").code == 0) }
        let file = URL(filePath: folder + "/trials.00002.h5")
        var bytes = try Data(contentsOf: file)
        let row = try #require(bytes.indices.dropFirst(bytes.count - 600).first)
        for offset in 0..<200 { bytes[row + offset] ^= 0x10 }
        try bytes.write(to: file)
        let outcome = try BuiltTool.trialmerge.run(["verify", "--config", "c.yaml"] + (try names), in: folder)
        #expect(outcome.code == 65)
        #expect(outcome.output.contains("trials.00002.h5: "))
        #expect(outcome.output.contains("--array=2\n"))
    }

    @Test("Numbers of jobs without meaning: 64")
    func badNumbers() throws {
        let cases: [([String], String)] = [
            (["--job", "4"], "there is no job 4: the campaign has 4"),
            (["--job", "-1"], "\"-1\" is not a valid job number"),
            (["--job", "3", "--job-offset", "1"], "3 + 1"),
            (["--job-offset", "1"], "--job-offset: has no effect without --job"),
            (["--jobs", "3"], "--jobs: has no effect without --job"),
            (["--job", "auto"], "SLURM_ARRAY_TASK_ID"), (["--job", "0", "--jobs", "0"], "--jobs: 0 is"),
            (["--job", "0", "--jobs", "104"], "104 jobs are more than the 103 trials"),
            (["--checkpoint-exit-code", "0", "--job", "0"], "--checkpoint-exit-code"),
            (["--checkpoint-every", "0", "--job", "0"], "--checkpoint-every"), (["--part", "noise"], "--part"),
        ]
        for (arguments, text) in cases {
            let outcome = try BuiltTool.trialgen.run(
                ["run", "--config", "c.yaml"] + arguments, in: folder, shell: "unset SLURM_ARRAY_TASK_ID; exec \"$@\"")
            #expect(outcome.code == 64 && outcome.error.contains(text), "\(arguments): \(outcome.error)")
        }
        let threads = try run("run", "--job", "0", environment: "SLURM_CPUS_PER_TASK=many")
        #expect(threads.code == 64 && threads.error.contains("SLURM_CPUS_PER_TASK"))
    }

    @Test("Threads follow what the scheduler granted")
    func threads() throws {
        func count(_ environment: String, _ options: String...) throws -> Double {
            let outcome = try BuiltTool.trialgen.run(
                ["run", "--config", "c.yaml", "--job", "0", "--json"] + options, in: folder,
                shell: "unset SLURM_CPUS_PER_TASK OMP_NUM_THREADS; \(environment) exec \"$@\"")
            return try outcome.number("threads")
        }
        #expect(try count("SLURM_CPUS_PER_TASK=3 OMP_NUM_THREADS=5") == 3)
        #expect(try count("OMP_NUM_THREADS=5,2") == 5)
        #expect(try count("SLURM_CPUS_ON_NODE=4") == 4)
        #expect(try count("SLURM_CPUS_ON_NODE=4 OMP_NUM_THREADS=5") == 5)
        #expect(try count("OMP_NUM_THREADS=5", "--threads", "2") == 2)
        #expect(try count("") == Double(ProcessInfo.processInfo.activeProcessorCount))
    }

    @Test("A plan shows the slices, and fills in the scripts of a scheduler", arguments: ["condor", "dag", "slurm"])
    func plan(format: String) throws {
        let table = try run("plan", "--trials-per-job", "30")
        #expect(table.code == 0 && table.output.contains("114 trials in 4 jobs"), "\(table.error)")
        #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let json = try run("plan", "--jobs", "5", "--json").object()
        #expect((json["slices"] as? [Any])?.count == 5)

        let written = try run("plan", "--jobs", "3", "--format", format, "--output-folder", "out", "--threads", "2")
        #expect(written.code == 0, "\(written.error)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/out").sorted()
        let expected = [
            "condor": ["campaign.yaml", "run-job", "step", "trials.sub"],
            "dag": ["campaign.dag", "campaign.yaml", "run-job", "step", "step.sub", "trials.sub"],
            "slurm": ["campaign.yaml", "merge.slurm", "submit", "trials.slurm"],
        ]
        #expect(names == expected[format])
        for name in names {
            let text = try String(contentsOfFile: folder + "/out/" + name, encoding: .utf8)
            guard text.contains("# >>> parameters"), name != "step.sub" else { continue }
            let assignments = text.split(separator: "\n").map { $0.filter { $0 != " " } }
            #expect(assignments.contains("jobs=3"), "\(name)")
            #expect(assignments.contains("campaign=campaign.yaml"), "\(name)")
        }
        // The campaign that the jobs get is the same, though it names every setting.
        #expect(try run("run", "--job", "1", "--jobs", "3", "--output", "a.h5").code == 0)
        let job = try BuiltTool.trialgen.run(
            ["run", "--config", "out/campaign.yaml", "--job", "1", "--output", "b.h5"], in: folder)
        #expect(job.code == 0, "\(job.error)")
        let merged = try merge("verify", "a.00001.h5", "b.00001.h5", "--json").object()
        #expect((merged["files"] as? [[String: Any]])?.compactMap { $0["state"] as? String } == ["sound", "sound"])
    }

    @Test("Inputs of jobs that do not exist are refused, and a bundle of a program that needs libraries")
    func planWithoutInputs() throws {
        let plan = ["plan", "--format", "condor", "--output-folder", "none", "--jobs", "3"]
        for (arguments, code, says) in [
            (["--bundle", "nowhere.tar.gz"], 66, "there is no file nowhere.tar.gz"),
            (["--bundle", "auto"], 64, "needs shared libraries"),
            (["--prepared", "nowhere.prepared"], 66, "nowhere.prepared"),
        ] {
            let outcome = try run(plan + arguments)
            #expect(outcome.code == Int32(code) && outcome.error.contains(says), "\(outcome.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/none"))
    }

    @Test("A plan tells disk and core-hours, and asks for what a job needs")
    func planNeeds() throws {
        let plan = try run("plan", "--jobs", "3")
        #expect(plan.output.contains("of disk for chunks and merged file"))
        let measured = try run(
            "plan", "--hours", "1", "--json", "--format", "condor", "--output-folder", "needs")
        #expect(measured.code == 0, "\(measured.error)")
        #expect(try measured.number("core_hours") > 0)
        let text = try String(contentsOfFile: folder + "/needs/trials.sub", encoding: .utf8)
        func value(_ name: String) -> Int? {
            text.split(separator: "\n").first { $0.hasPrefix("\(name) = ") }.flatMap {
                Int($0.dropFirst(name.count + 3))
            }
        }
        let (memory, disk) = (try #require(value("memory_mb")), try #require(value("disk_mb")))
        #expect((200..<2000).contains(memory) && (100..<1000).contains(disk), "\(memory), \(disk)")
        #expect(text.contains("requirements = (TARGET.Microarch") && text.contains("{64, 65, 66, 69}"))
    }

    @Test("submit on a machine without Slurm is a sentence")
    func submitWithoutSlurm() throws {
        #expect(try run("plan", "--jobs", "3", "--format", "slurm", "--output-folder", "alone").code == 0)
        let outcome = try BuiltTool.trialgen.run(
            [],
            shell:
                "PATH=\(folder)/alone:/usr/bin:/bin; command -v sbatch >/dev/null || exec \(folder)/alone/submit; exit 69"
        )
        #expect(outcome.code == 69)
        #expect(outcome.error.isEmpty || outcome.error.contains("Slurm is not installed on this machine"))
    }

    private func plan(_ format: String, _ more: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(
            ["plan", "--config", "c.yaml", "--jobs", "3", "--format", format, "--output-folder", "out"] + more,
            in: folder)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/out/" + name, encoding: .utf8)
    }

    @Test("A plan replaces nothing unasked, and with --replace keeps what a person edited")
    func replacing() throws {
        try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: false)
        try "mine".write(toFile: folder + "/out/step", atomically: false, encoding: .utf8)
        for more in [[], ["--replace"]] {
            let refused = try BuiltTool.trialgen.run(
                ["plan", "--config", "c.yaml", "--format", "condor", "--output-folder", "out"] + more, in: folder)
            #expect(refused.code == 73 && refused.error.contains("holds other files"), "\(refused.error)")
        }
        #expect(try text("step") == "mine")
        try FileManager.default.removeItem(atPath: folder + "/out/step")

        #expect(try plan("condor", "--threads", "2").code == 0)
        let edited = try text("trials.sub").replacing(/disk_mb = \d+/, with: "disk_mb = 77")
            .replacing("memory_mb = 2000", with: "memory_mb = 555")
        try edited.write(toFile: folder + "/out/trials.sub", atomically: false, encoding: .utf8)
        let again = try plan("condor")
        #expect(again.code == 73 && again.error.contains("--replace"), "\(again.error)")
        #expect(try text("trials.sub") == edited)
        #expect(try plan("condor", "--replace", "--memory", "444").code == 0)
        let lines = try text("trials.sub").split(separator: "\n")
        for line in ["disk_mb = 77", "memory_mb = 444", "cpus = 2", "jobs = 3"] { #expect(lines.contains("\(line)")) }
    }

    @Test(
        "A data folder's name is a value in every language, or refused",
        arguments: ["new\nexecutable = x", "two words", "a,b", "$(job)", "it's", "a\"b"])
    func quoting(name: String) throws {
        let data = "\(folder)/\(name)"
        let condor = try plan("condor", "--data", data)
        #expect(condor.code == 64 && condor.error.contains("--data"), "\(condor.error)")
        #expect(condor.error.split(separator: "\n").count == 1)
        let slurm = try plan("slurm", "--data", data)
        if name.contains("\n") {
            #expect(slurm.code == 64 && slurm.error.contains("--data"), "\(slurm.error)")
            return
        }
        try #require(slurm.code == 0, "\(slurm.error)")
        // As `submit` reads it, which is a script of bash.
        let script = """
            exec bash -c 'eval "$(sed -n "/^# >>> parameters/,/^# <<< parameters/p" out/submit)"; printf %s "$data"'
            """
        #expect(try BuiltTool.trialgen.run([], in: folder, shell: script).output == data)
        let show = try BuiltTool.trialgen.run(
            ["config", "--show", "--json", "--config", "out/campaign.yaml"], in: folder)
        let settings = try #require(try show.object()["settings"] as? [[String: Any]])
        #expect(settings.first { $0["key"] as? String == "data" }?["value"] as? String == data)
    }

    @Test("The scripts name chunks as ChunkName does", arguments: [CampaignPart.all, .background, .signal])
    func chunkNames(part: CampaignPart) throws {
        #expect(try plan("condor").code == 0)
        let chunk = ChunkName.chunk(of: 2, part, output: "chunks/trials")
        #expect(try run("run", "--job", "2", "--part", part.rawValue, "--jobs", "3", "--output", "x.h5").code == 0)
        let made = ChunkName.chunk(of: 2, part, output: "x.h5")
        try FileManager.default.createDirectory(atPath: folder + "/out/chunks", withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: "\(folder)/\(made)", toPath: "\(folder)/out/\(chunk)")
        let step = try BuiltTool.trialgen.run([], in: folder + "/out", shell: "./step remaining \(part.rawValue)")
        #expect(step.code == 0, "\(step.error)")
        let list = part == .all ? "jobs.list" : "jobs-\(part.rawValue).list"
        #expect(try text(list) == "0 \n1 \n", "job 2 is complete under the name \(chunk)")
        #expect(try text("logs/chunks.list") == chunk + "\n")
    }

    @Test("submit: an answer ID;CLUSTER is an id; a refused array is said, with what is queued")
    func submit() throws {
        #expect(try plan("slurm").code == 0)
        let bin = folder + "/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: false)
        let programs = [
            "squeue": "exit 0", "scontrol": "echo 'MaxArraySize = 2'",
            "sbatch":
                "echo \"$*\" >>../sent; n=$(wc -l <../sent); [ \"$n\" != \"$REFUSED\" ] || exit 1; echo \"$n;grid\"",
        ]
        for (name, body) in programs {
            try "#!/bin/sh\n\(body)\n".write(toFile: "\(bin)/\(name)", atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/\(name)")
        }
        func submit(refusing number: String) throws -> (BuiltTool.Outcome, sent: String) {
            try? FileManager.default.removeItem(atPath: folder + "/sent")
            let outcome = try BuiltTool.trialgen.run(
                [], in: folder + "/out", shell: "PATH=../bin:$PATH REFUSED=\(number) exec ./submit")
            return (outcome, try String(contentsOfFile: folder + "/sent", encoding: .utf8))
        }
        let (all, sent) = try submit(refusing: "0")
        #expect(all.code == 0 && all.output.contains("then 3: merged.h5"), "\(all.error)")
        #expect(sent.contains("--dependency afterany:1:2 "))
        let (partly, _) = try submit(refusing: "2")
        #expect(partly.code == 75, "\(partly.error)")
        #expect(
            partly.error.contains("queued: 1\n") && partly.error.contains("./submit sends the jobs that are missing"))
    }

    @Test("A plan by hours measures the speed first")
    func planByHours() throws {
        let outcome = try run("plan", "--hours", "1", "--json")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(try outcome.number("jobs") == 1)
        #expect(try outcome.number("seconds_per_job") > 0)
        let short = try run("plan", "--hours", "1e-9")
        #expect(short.code == 64 && short.error.contains("Increase --hours"))
    }
}
