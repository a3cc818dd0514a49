import Diagnostics
import Files
import Foundation

/// Downloads single files with repeated attempts, each continuing the last one.
struct Downloader: Sendable {
    let curl: Curl
    let retry: RetryPolicy
    let observer: DownloadObserver
    /// The remedy if no server can be reached.
    let offlineRemedy: String

    /// Attempts if no server can be reached; most often there is no network.
    static let unreachableAttempts = 3

    /// A file to download.
    struct Order {
        let url: String
        /// The name in messages.
        let name: String
        /// The file for the bytes; existing bytes are not requested again.
        let part: String
        /// The expected number of bytes, if known; `check` decides.
        let byteCount: Int?
        /// The largest accepted number of bytes.
        let limit: Int

        /// The number of new bytes that restarts the count of attempts; otherwise a server that sends a few bytes a connection
        /// would be tried for ever. A thousandth of the file, at least 64 kB; for a small file a tenth.
        var progress: Int { min(max(1 << 16, (byteCount ?? 0) / 1000), max(1, (byteCount ?? 1 << 20) / 10)) }
        /// What is wrong with the downloaded file, in a clause; nil if it is correct.
        let check: (_ part: String) throws -> String?
    }

    /// Consecutive failed attempts.
    private struct Attempts {
        /// Since the file last grew by ``Order/progress``.
        private(set) var failures = 0
        /// The most bytes that the file ever had.
        private(set) var most: Int
        /// The bytes that it had when the count began.
        private var start: Int

        init(from position: Int) { (most, start) = (position, position) }

        mutating func note(_ position: Int, progress: Int) {
            failures += 1
            most = max(most, position)
            if most - start >= progress { (failures, start) = (1, most) }
        }
    }

    /// The server does not send this resource; the caller may have an alternative.
    struct NotServed: Error {
        let fault: Fault
    }

    /// Downloads a file.
    ///
    /// - Throws: `NotServed` for the status 404, 405 or 501; else a `Fault`: temporary if the server cannot be reached,
    ///   keeps failing or the observer ends the download; badData if the file is wrong; inputOutput for a full disk;
    ///   missingInput if the server refuses.
    func fetch(_ order: Order) throws {
        let file = try OpenFile(order.part, .appending)
        var (attempts, wrong) = (Attempts(from: Int(file.position)), 0)
        while true {
            try checkStop(order)
            var received = 0
            let isWhole = Int(file.position) > 0 && Int(file.position) == order.byteCount
            let outcome = isWhole ? .complete : try attempt(order, file, &received)
            switch outcome {
            case .complete:
                guard let problem = try order.check(order.part) else { return try file.synchronize() }
                if let byteCount = order.byteCount, Int(file.position) < byteCount, Int(file.position) > attempts.most {
                    // A server may end early without having stated the length.
                    try retry(order, file, "the connection ended early", nil, true, &attempts)
                    continue
                }
                wrong += 1
                try restart(file, received)
                guard wrong < 2 else {
                    throw Fault(
                        .badData, at: .file(order.url), "\(order.name) \(problem), twice in a row",
                        remedy: "try again later; if it fails again, tell the dataset's authors")
                }
                observer.note("\(order.name) \(problem); it is downloaded again")
            case .cannotResume where Int(file.position) > 0: try restart(file, received)
            case .cannotResume: try retry(order, file, "the server does not send this part", nil, true, &attempts)
            case .stopped:
                try checkStop(order)
                try restart(file, received)
                throw Fault(
                    .badData, at: .file(order.url), "\(order.name) has more than \(order.limit) bytes",
                    remedy: "check --server; this is not the file that the dataset lists")
            case .failed(let reason, let retryAfter, let isReached):
                try retry(order, file, reason, retryAfter, isReached, &attempts)
            case .refused(let refusal):
                let fault = Fault(
                    .missingInput, at: .file(order.url), "\(order.name): \(refusal.problem)", remedy: refusal.remedy)
                throw [404, 405, 501].contains(refusal.status) ? NotServed(fault: fault) as any Error : fault
            }
        }
    }

    private func attempt(_ order: Order, _ file: OpenFile, _ received: inout Int) throws -> Curl.Outcome {
        try curl.get(order.url, from: Int(file.position), shouldStop: observer.shouldStop) { piece in
            guard Int(file.position) + piece.count <= order.limit else { return false }
            try file.append(piece)
            received += piece.count
            observer.advance(piece.count)
            return true
        }
    }

    private func restart(_ file: OpenFile, _ received: Int) throws {
        observer.advance(-received)
        try file.truncate(to: 0)
    }

    /// Waits before the next attempt.
    ///
    /// - Throws: a `Fault` of kind temporary if there is no further attempt.
    private func retry(
        _ order: Order, _ file: OpenFile, _ reason: String, _ retryAfter: Double?, _ isReached: Bool,
        _ attempts: inout Attempts
    ) throws {
        attempts.note(Int(file.position), progress: order.progress)
        let failures = attempts.failures
        guard isReached || failures < Self.unreachableAttempts else {
            throw Fault(.temporary, at: .file(order.url), "cannot be reached (\(reason))", remedy: offlineRemedy)
        }
        guard let delay = retry.delay(failures: failures, retryAfter: retryAfter) else {
            let giveUp =
                retryAfter.map { "; it asks to wait \(shortest($0)) s" }
                ?? "; gave up after \(failures) attempts that brought less than \(order.progress) bytes"
            throw Fault(
                .temporary, at: .file(order.url), "\(order.name): \(reason)\(giveUp)",
                remedy:
                    "run the same command again later: \(Int(file.position)) bytes of this file and all finished files are kept"
            )
        }
        let amount = Int(file.position) > 0 ? " after \(Int(file.position)) bytes" : ""
        observer.note("\(order.name): \(reason)\(amount); trying again in \(shortest(delay)) s")
        try wait(delay, order)
    }

    private func wait(_ seconds: Double, _ order: Order) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while case let left = (end - ContinuousClock.now) / .seconds(1), left > 0 {
            try checkStop(order)
            Thread.sleep(forTimeInterval: min(left, 0.2))
        }
    }

    private func checkStop(_ order: Order) throws {
        if observer.shouldStop() { throw Fault.stopped(order.name) }
    }
}

extension Fault {
    static func stopped(_ name: String) -> Fault {
        Fault(
            .temporary, at: .file(name), "the download was stopped",
            remedy: "run the same command again to continue: downloaded bytes are kept")
    }
}
