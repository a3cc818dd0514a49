import Diagnostics
import TestSupport
import Testing

@testable import IceTracks
@testable import ReleaseDownload

/// What becomes of a request, without a network.
@Suite("Requests and retries")
struct RequestTests {
    @Test("Delays double up to a minute; a server's own wish counts, within reason")
    func delays() throws {
        let policy = try RetryPolicy(attempts: 9, firstDelay: 1)
        #expect((1...9).map { policy.delay(failures: $0) } == [1, 2, 4, 8, 16, 32, 60, 60, nil])
        #expect(policy.delay(failures: 1, retryAfter: 30) == 30)
        #expect(policy.delay(failures: 6, retryAfter: 5) == 32)
        #expect(policy.delay(failures: 1, retryAfter: 3600) == nil)
        #expect(policy.delay(failures: 9, retryAfter: 1) == nil)
        #expect(try RetryPolicy(attempts: 1000, firstDelay: 0).delay(failures: 999) == 0)
    }

    @Test("The head of the last response counts")
    func heads() {
        let text = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 302 Found\r\nRetry-After: 7\r\n\r\n"
        #expect(ResponseHead(parsing: text).retryAfter == 7)
        let last = ResponseHead(parsing: text + "HTTP/2 429 \r\nretry-after:  12 \r\nContent-Length: 5\r\n\r\n")
        #expect(last.status == 429 && last.retryAfter == 12)
        #expect(
            ResponseHead(parsing: text + "HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 2027\r\n").retryAfter == nil)
        #expect(ResponseHead(parsing: "").status == 0)
        #expect(ResponseHead(parsing: "HTTP/\r\n:\r\nHTTP/1.1 x").status == 0)
    }

    private enum Kind { case complete, cannotResume, failed, refused }

    private func kind(_ code: Int32, status: Int = 0, isResumed: Bool = false) -> Kind {
        let head = ResponseHead(parsing: status == 0 ? "" : "HTTP/1.1 \(status) x\r\n")
        switch Curl.outcome(HelperProgram.Ending(code: code, complaint: ""), head, isResumed: isResumed) {
        case .complete: return .complete
        case .cannotResume: return .cannotResume
        case .failed: return .failed
        case .refused: return .refused
        case .stopped:
            Issue.record("nobody stopped it")
            return .refused
        }
    }

    @Test("What may pass is tried again, what will not is said at once")
    func outcomes() {
        #expect(kind(0, status: 200) == .complete && kind(0, status: 206, isResumed: true) == .complete)
        #expect(kind(0, status: 202) == .refused)
        for status in [408, 429, 500, 502, 503, 504] { #expect(kind(22, status: status) == .failed) }
        for status in [400, 401, 403, 404, 405, 407, 410, 501] {
            #expect(kind(22, status: status) == .refused, "\(status)")
        }
        #expect(kind(22, status: 416, isResumed: true) == .cannotResume && kind(22, status: 416) == .refused)
        #expect(kind(33) == .cannotResume && kind(0, status: 416, isResumed: true) == .cannotResume)
        for code in [5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92] as [Int32] { #expect(kind(code) == .failed, "\(code)") }
        for code in [1, 3, 47, 51, 60, 77] as [Int32] { #expect(kind(code) == .refused, "\(code)") }
    }

    @Test("A record of checksums reads back as it was written")
    func records() throws {
        let sums = Checksum.Algorithm.allCases.compactMap {
            Checksum($0, String(repeating: "0a", count: $0.digitCount / 2))
        }
        try #require(sums.count == 4)
        let entries = try sums.enumerated().map {
            ReleaseRecord.Entry(
                path: try ReleasePath("events/file (\($0.offset)) = x", from: ""), checksum: $0.element,
                sha256: $0.offset < 2 ? sums[2].value : nil)
        }
        for patterns in [[], ["irfs/*", "a b"]] {
            let record = ReleaseRecord(origin: "IceTracks-DR2, version 2.0", patterns: patterns, entries: entries)
            #expect(try ReleaseRecord(parsing: record.text, file: "x") == record)
            // A carriage return and a line feed are one character.
            let copied = record.text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
            #expect(try ReleaseRecord(parsing: copied, file: "x") == record)
        }
        let toy = ReleaseRecord(maker: .toy, origin: "IceTracks-DR2, synthetic", entries: entries)
        #expect(try ReleaseRecord(parsing: toy.text, file: "x") == toy)
        #expect(throws: Fault.self) { try ReleaseRecord(parsing: "MD5 (../x) = \(sums[0].value)", file: "x") }
        #expect(throws: Fault.self) { try ReleaseRecord(parsing: "MD5 (x) = \(sums[1].value)", file: "x") }
        #expect(throws: Fault.self) { try ReleaseRecord(parsing: ") = (MD5 (", file: "x") }
    }

    @Test("Published checksums (RFC 1321 §A.5, FIPS 180)")
    func checksums() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("abc", to: "abc")
        let published: [(Checksum.Algorithm, String)] = [
            (.md5, "900150983cd24fb0d6963f7d28e17f72"), (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ]
        for (algorithm, value) in published { #expect(try Checksum.hexadecimal(of: file, algorithm) == value) }
        #expect(Checksum(.md5, "900150983CD24FB0D6963F7D28E17F72")?.value == published[0].1)
        #expect(Checksum(.md5, "900150983cd24fb0d6963f7d28e17f7g") == nil && Checksum(.md5, "9001") == nil)
    }

    @Test("The cache: the variable, else the home folder")
    func cache() {
        #expect(ReleaseCache.folder(["TRIALGEN_CACHE": "/a", "HOME": "/h"]) == "/a")
        #expect(ReleaseCache.folder(["TRIALGEN_CACHE": "", "HOME": "/h"]) == "/h/.cache/trialgen")
        #expect(ReleaseCache.folder([:]) == nil)
    }
}
