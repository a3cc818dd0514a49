import Diagnostics
import Foundation
import PointSource
import TestSupport
import Testing

@testable import Files
@testable import Settings
@testable import TrialStore

/// System calls of which one, or all from one on, fail.
private final class FailingCalls: @unchecked Sendable {
    enum Extent: String, CaseIterable { case once, forever }

    private let lock = NSLock()
    private var made: [String] = []
    private let failing: Range<Int>
    private let code: Int32
    /// Bytes that a failing write writes before the failure.
    private let torn: Int

    init(_ call: Int = .max - 1, _ extent: Extent = .once, code: Int32 = EIO, torn: Int = 0) {
        failing = extent == .once ? call..<call + 1 : call..<Int.max
        self.code = code
        self.torn = torn
    }

    /// What was called, in turn.
    var names: [String] { lock.withLock { made } }

    private func pass(_ name: String) throws(SystemFailure) {
        let number = lock.withLock {
            made.append(name)
            return made.count - 1
        }
        if failing.contains(number) { throw SystemFailure(code: code) }
    }

    var operations: FileOperations {
        let system = FileOperations.system
        return FileOperations(
            open: { path, flags throws(SystemFailure) in
                try self.pass("open")
                return try system.open(path, flags)
            },
            write: { file, bytes, offset throws(SystemFailure) in
                do throws(SystemFailure) {
                    try self.pass("write")
                } catch {
                    if self.torn > 0 {
                        _ = try system.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(self.torn)), offset)
                    }
                    throw error
                }
                // Always a little at a time: a write need not take all.
                return try system.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(500)), offset)
            },
            synchronize: { file throws(SystemFailure) in
                try self.pass("synchronize")
                try system.synchronize(file)
            },
            truncate: { file, length throws(SystemFailure) in
                try self.pass("truncate")
                try system.truncate(file, length)
            },
            rename: { path, newPath throws(SystemFailure) in
                try self.pass("rename")
                try system.rename(path, newPath)
            },
            remove: { path throws(SystemFailure) in
                try self.pass("remove")
                try system.remove(path)
            })
    }
}

@Suite("System calls that fail")
struct FailingCallsTests {
    let folder: StoreFolder
    let path: String
    let hypothesis = Hypothesis(meanSignal: 0, seed: 1)
    private static let trialCount: Int64 = 20

    init() throws {
        folder = try StoreFolder()
        path = folder.file("chunk.h5")
    }

    /// Makes what the chunk lacks, in three blocks, and closes it.
    ///
    /// - Parameters:
    ///   - retries: whether a commit that fails is tried once more.
    ///   - acknowledged: the trials that were said to be safe, whatever came then.
    private func run(_ operations: FileOperations, retries: Bool = false, acknowledged: inout Int) throws {
        let chunk = try ChunkFile(path, StoreFolder.header(), operations)
        #expect(chunk.committedCount >= acknowledged)
        acknowledged = chunk.committedCount
        let whole = try #require(TrialRange(first: 0, last: Self.trialCount - 1))
        let missing = chunk.coverage[hypothesis].missing(in: whole).ranges.flatMap { $0.first..<$0.last + 1 }
        for part in 0..<3 {
            let block = missing[missing.count * part / 3..<missing.count * (part + 1) / 3]
            try chunk.append(block.map { StoreFolder.record($0) })
            if !retries || (try? chunk.commit()) == nil { try chunk.commit() }
            acknowledged = chunk.committedCount
        }
        try chunk.close()
    }

    /// A chunk of some trials with a journal of some more, whose last block is torn.
    private func begin() throws {
        try folder.chunk("chunk.h5", 0..<4)
        do {
            let chunk = try ChunkFile.open(path, header: StoreFolder.header())
            try chunk.append((4..<6).map { StoreFolder.record($0) })
            try chunk.commit()
        }
        let journal = try FileHandle(forWritingTo: URL(filePath: path + ".journal"))
        try journal.seekToEnd()
        try journal.write(contentsOf: Data("TGBLOCK\n torn".utf8))
        try journal.close()
    }

    private func clear() throws {
        for name in try folder.names { try FileManager.default.removeItem(atPath: folder.file(name)) }
    }

    private func expectFinished(_ comment: String) throws {
        let expected = try TrialTableLayout().encode((0..<Self.trialCount).map { StoreFolder.record($0) })
        #expect(try StoreFolder.rawRows(path) == expected, "\(comment)")
        #expect(try folder.names == ["chunk.h5"], "\(comment)")
    }

    @Test("Each call in turn, on a new chunk and on one that is continued", arguments: [false, true])
    func eachCall(continued: Bool) throws {
        if continued { try begin() }
        let counter = FailingCalls()
        var none = 0
        try run(counter.operations, acknowledged: &none)
        try expectFinished("no failure")
        #expect(counter.names.count > 15)

        for call in 0..<counter.names.count {
            for (code, torn) in [(ENOSPC, 0), (ENOSPC, 100), (EIO, 0)] {
                for extent in FailingCalls.Extent.allCases {
                    let comment = "call \(call) of \(counter.names.count) fails \(extent), errno \(code), torn \(torn)"
                    try clear()
                    if continued { try begin() }
                    var acknowledged = continued ? 6 : 0
                    let failing = FailingCalls(call, extent, code: code, torn: torn)
                    do {
                        try run(failing.operations, acknowledged: &acknowledged)
                    } catch let fault as Fault {
                        // A full disk and a failing one end with 74.
                        #expect(fault.kind == .inputOutput, "\(comment): \(fault)")
                        #expect(!fault.description.contains(".new"), "\(comment): \(fault)")
                    }
                    let made = try ChunkFile.open(path, header: StoreFolder.header()).committedCount
                    #expect(made >= acknowledged, "\(comment)")
                    try run(.system, acknowledged: &acknowledged)
                    try expectFinished(comment)
                }
            }
        }
    }

    @Test("A commit returns after its rows, and the name of a new journal, are on the device")
    func synchronization() throws {
        let calls = FailingCalls()
        let chunk = try ChunkFile(path, StoreFolder.header(), calls.operations)
        let opening = calls.names.count
        try chunk.append((0..<3).map { StoreFolder.record($0) })
        try chunk.commit()
        let first = calls.names.count
        #expect(
            calls.names[opening..<first].filter { $0 != "write" }
                == ["open", "open", "synchronize", "open", "synchronize", "rename", "open", "synchronize"])
        try chunk.append((3..<6).map { StoreFolder.record($0) })
        try chunk.commit()
        let second = calls.names.count
        #expect(calls.names[first..<second] == ["write", "synchronize"])
        try chunk.commit()
        #expect(calls.names.count == second, "nothing to commit costs nothing")
        try chunk.close()
        #expect(calls.names[second...] == ["open", "open", "synchronize", "rename", "open", "synchronize", "remove"])
        try ChunkFile(path, StoreFolder.header(), calls.operations).close()
        #expect(calls.names.filter { $0 == "rename" }.count == 2, "a chunk with nothing new is not written again")
    }

    @Test("An interrupted call is made again and nobody notices")
    func interruptedCalls() throws {
        let counter = FailingCalls()
        var none = 0
        try run(counter.operations, acknowledged: &none)
        for call in 2..<counter.names.count {
            try clear()
            var acknowledged = 0
            try run(FailingCalls(call, code: EINTR).operations, acknowledged: &acknowledged)
            try expectFinished("call \(call) is interrupted")
        }
    }

    @Test("A commit that failed may be tried again")
    func retriedCommits() throws {
        for call in 0..<30 {
            for torn in [0, 100] {
                try clear()
                var acknowledged = 0
                // Opening and closing may fail too, and are not tried again here.
                let operations = FailingCalls(call, code: ENOSPC, torn: torn).operations
                try? run(operations, retries: true, acknowledged: &acknowledged)
                try run(.system, acknowledged: &acknowledged)
                try expectFinished("call \(call)")
            }
        }
    }

    @Test("A full disk is told in one sentence, with what is safe and how to go on")
    func sentences() throws {
        let chunk = try ChunkFile.open(path, header: StoreFolder.header())
        try chunk.append((0..<7).map { StoreFolder.record($0) })
        try chunk.commit()
        try chunk.append((7..<9).map { StoreFolder.record($0) })
        // Something in the way stands for a disk that has no room for the new chunk.
        try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: false)
        expectFault(
            .inputOutput, "\(path): ", "its 9 trials are safe in \(path).journal", "un the same command again"
        ) { try chunk.close() }
        try chunk.close()
        try FileManager.default.removeItem(atPath: path + ".new")

        // The first write of a session that goes on with that journal.
        var call = 0
        while true {
            do {
                let failing = FailingCalls(call, .forever, code: ENOSPC)
                let chunk = try ChunkFile(path, StoreFolder.header(), failing.operations)
                try chunk.append([StoreFolder.record(9)])
                expectFault(
                    .inputOutput, "\(path).journal: cannot be written (No space left on device); the 9 trials",
                    "committed earlier are safe. Free space and run the same command again to continue."
                ) { try chunk.commit() }
                break
            } catch {
                call += 1
                try #require(call < 20)
            }
        }
        var acknowledged = 9
        try run(.system, acknowledged: &acknowledged)
        try expectFinished("after a full disk")
    }
}
