import Diagnostics
import Files
import Foundation

/// A program of the system used for a part of the work.
struct HelperProgram: Sendable {
    let name: String

    /// For HTTP: TLS, proxies, redirections (https://curl.se).
    static let curl = HelperProgram(name: "curl")
    /// For zip archives (https://infozip.sourceforge.net).
    static let unzip = HelperProgram(name: "unzip")

    /// The result of a program.
    struct Ending {
        /// Its exit code; 128 and the number of the signal that ended it.
        let code: Int32
        /// The end of its standard error.
        let complaint: String
    }

    /// Runs the program to its end, passing on its standard output in pieces.
    ///
    /// - Parameters:
    ///   - consume: receives a piece; false ends the program.
    ///   - shouldStop: called several times a second; true ends the program.
    /// - Throws: a `Fault`: missingInput if the program is not installed, inputOutput if it cannot be started; what
    ///   `consume` throws, after the program has ended.
    func run(
        _ arguments: [String], shouldStop: () -> Bool = { false }, consume: (ArraySlice<UInt8>) throws -> Bool
    ) throws -> Ending {
        let (output, complaint) = (Pipe(), Pipe())
        let process = try ChildProcess(
            try path(), arguments, environment: Self.environment,
            output: output.fileHandleForWriting.fileDescriptor, error: complaint.fileHandleForWriting.fileDescriptor)
        // The output is read until the program, which has copies of the descriptors, closes it.
        for pipe in [output, complaint] { try pipe.fileHandleForWriting.close() }
        var tail: [UInt8] = []
        let isComplete: Bool
        do {
            isComplete = try Self.read(
                output.fileHandleForReading.fileDescriptor, complaint.fileHandleForReading.fileDescriptor
            ) { isOutput, piece in
                if shouldStop() { return false }
                if isOutput { return try consume(piece) }
                tail = Array((tail + piece).suffix(2000))
                return true
            }
        } catch {
            process.kill()
            _ = process.wait()
            throw error
        }
        if !isComplete { process.kill() }
        return Ending(code: process.wait(), complaint: Self.oneLine(tail))
    }

    /// The path of the program, from PATH.
    private func path() throws(Fault) -> String {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in folders.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw Fault(
            .missingInput, at: .file(name), "the program is not installed, or not in PATH",
            remedy: "install it, as in apt-get install \(name)")
    }

    /// Our environment, with messages in English and without variables that change the programs' behaviour.
    private static var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["LC_ALL"] = "C"
        for name in ["UNZIP", "UNZIPOPT", "ZIPINFO", "ZIPINFOOPT", "ZIPOPT"] { environment[name] = nil }
        return environment
    }

    /// - Returns: whether both were read to their ends; false if `consume` ended it.
    private static func read(
        _ output: Int32, _ complaint: Int32, _ consume: (_ isOutput: Bool, ArraySlice<UInt8>) throws -> Bool
    ) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var ends = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: complaint, events: Int16(POLLIN), revents: 0),
        ]
        while ends.contains(where: { $0.fd >= 0 }) {
            let ready = poll(&ends, nfds_t(ends.count), 200)
            // No data arrived: an empty piece lets the caller check the time.
            if ready <= 0, try !consume(false, []) { return false }
            for index in ends.indices where ready > 0 && ends[index].fd >= 0 && ends[index].revents != 0 {
                let count = Foundation.read(ends[index].fd, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 {
                    ends[index].fd = -1
                } else if try !consume(index == 0, buffer[..<count]) {
                    return false
                }
            }
        }
        return true
    }

    private static func oneLine(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
