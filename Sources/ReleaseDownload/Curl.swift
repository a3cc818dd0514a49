import Diagnostics
import Foundation

/// Single attempts at HTTP requests, made by the program curl.
///
/// Proxies are taken from the environment: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy` (curl(1)).
struct Curl: Sendable {
    /// An attempt fails after this many seconds with less than ``slowestSpeed``.
    let stallTimeout: Int
    /// In bytes per second.
    static let slowestSpeed = 1000
    /// The file for the headers of a response.
    let headFile: String

    /// The result of an attempt.
    enum Outcome {
        case complete
        /// The server does not send parts of a file.
        case cannotResume
        /// The receiver ended the transfer.
        case stopped
        /// A temporary failure. `isReached` tells whether a server answered at all.
        case failed(String, retryAfter: Double?, isReached: Bool)
        /// A permanent failure.
        case refused(Refusal)
    }

    /// Why a request is not repeated.
    struct Refusal {
        /// The response's status; 0 if there was no response.
        let status: Int
        /// A clause such as "the server answered 404 (not found)".
        let problem: String
        let remedy: String
    }

    /// Requests a resource.
    ///
    /// - Parameters:
    ///   - start: the first byte to send.
    ///   - receive: receives the pieces as they arrive; false ends the transfer.
    /// - Throws: a `Fault` if curl is not installed; what `receive` throws.
    func get(
        _ url: String, from start: Int = 0, shouldStop: () -> Bool, receive: (ArraySlice<UInt8>) throws -> Bool
    ) throws -> Outcome {
        unlink(headFile)
        var isStopped = false
        let ending = try HelperProgram.curl.run(
            arguments(url, start),
            shouldStop: {
                if shouldStop() { isStopped = true }
                return isStopped
            },
            consume: { piece in
                if try !receive(piece) { isStopped = true }
                return !isStopped
            })
        if isStopped { return .stopped }
        let text = FileManager.default.contents(atPath: headFile).map {
            String(decoding: $0.prefix(1 << 16), as: UTF8.self)
        }
        return Self.outcome(ending, ResponseHead(parsing: text ?? ""), isResumed: start > 0)
    }

    private func arguments(_ url: String, _ start: Int) -> [String] {
        // A server reached by https must not redirect to plain http.
        let protocols = url.lowercased().hasPrefix("https:") ? "=https" : "=http,https"
        // Without --disable a ~/.curlrc could change the output.
        var arguments = [
            "--disable", "--silent", "--no-buffer", "--show-error", "--fail", "--globoff", "--proto", protocols,
            "--proto-redir",
            protocols, "--location", "--max-redirs", "10", "--connect-timeout", String(stallTimeout), "--speed-limit",
            String(Self.slowestSpeed), "--speed-time", String(stallTimeout), "--dump-header", headFile,
        ]
        if start > 0 { arguments += ["--continue-at", String(start)] }
        return arguments + ["--url", url]
    }

    /// Exit codes are those of curl(1).
    static func outcome(_ ending: HelperProgram.Ending, _ head: ResponseHead, isResumed: Bool) -> Outcome {
        let problem = ending.complaint.isEmpty ? "curl ended with \(ending.code)" : ending.complaint
        func refused(_ remedy: String) -> Outcome { .refused(Refusal(status: 0, problem: problem, remedy: remedy)) }
        switch ending.code {
        case 0 where head.status == 202:
            // The answer of Amazon's firewall to clients that it does not take for a browser.
            return .refused(
                Refusal(
                    status: 202, problem: "the server accepts only browsers (status 202)",
                    remedy: "download the dataset with a browser, as one zip file, and give it to --from"))
        // curl interprets "range not satisfiable" as nothing left to download.
        case 0 where head.status == 416: return .cannotResume
        case 0: return .complete
        case 22: return outcome(head, isResumed: isResumed)
        case 33: return .cannotResume
        case 5: return .failed("the proxy's name cannot be resolved", retryAfter: nil, isReached: false)
        case 6, 7: return .failed(problem, retryAfter: nil, isReached: false)
        case 1, 3:
            return refused("give --server as in https://dataverse.harvard.edu")
        case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91:
            // An interrupted key exchange has code 35 as well.
            if ending.code == 35 { return .failed(problem, retryAfter: nil, isReached: true) }
            return refused(
                "check the system's certificates (package ca-certificates) and those of your proxy (CURL_CA_BUNDLE)")
        case 47: return refused("check --server and your proxy")
        default: return .failed(problem, retryAfter: nil, isReached: true)
        }
    }

    private static func outcome(_ head: ResponseHead, isResumed: Bool) -> Outcome {
        let answered = "the server answered \(head.status)"
        func refused(_ meaning: String, _ remedy: String) -> Outcome {
            .refused(Refusal(status: head.status, problem: "\(answered) (\(meaning))", remedy: remedy))
        }
        switch head.status {
        case 408, 425, 429, 500, 502...599:
            return .failed(answered, retryAfter: head.retryAfter, isReached: true)
        case 416 where isResumed: return .cannotResume
        case 401, 403:
            return refused("access denied", "check that the dataset is public and that your proxy allows access")
        case 404, 410: return refused("not found", "check --server; the dataset may have moved")
        case 405, 501: return refused("not possible here", "check --server")
        case 407:
            return refused(
                "the proxy requires a password", "put it into https_proxy, as in http://user:password@host:port")
        default: return refused("not understood", "check --server and your proxy")
        }
    }
}
