import CLibFuzzer
import Diagnostics
import Foundation

/// `Fuzz TARGET [libFuzzer's options and folders]` feeds a reader with bytes that libFuzzer makes up;
/// `Fuzz seeds FOLDER` writes sound files to begin with, in a folder for each target.
///
/// A reader may refuse bytes with a `Fault`; anything else (a trap, an address error, a leak, endless work) is a finding.
@main
enum Fuzz {
    /// What is fed; set once, before libFuzzer starts.
    nonisolated(unsafe) private static var target = FuzzTarget.configuration

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "seeds" { return try Seeds(folder: arguments[2]).write() }
        guard arguments.count > 1, let chosen = FuzzTarget(rawValue: arguments[1]) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " | ")
            FileHandle.standardError.write(
                Data("usage: Fuzz \(names) [libFuzzer's options and folders]\n       Fuzz seeds FOLDER\n".utf8))
            exit(64)
        }
        target = chosen
        // libFuzzer keeps the arguments as long as the process lives.
        let rest = [arguments[0]] + arguments.dropFirst(2)
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: rest.count + 1)
        for (place, argument) in rest.enumerated() { pointers[place] = strdup(argument) }
        pointers[rest.count] = nil
        var count = CInt(rest.count)
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = pointers
        exit(
            LLVMFuzzerRunDriver(&count, &list) { bytes, size in
                Fuzz.feed(UnsafeRawBufferPointer(start: bytes, count: size))
                return 0
            })
    }

    private static func feed(_ bytes: UnsafeRawBufferPointer) {
        do {
            try target.feed(bytes)
        } catch let fault as Fault {
            // Refused; the sentence must come to its end, too.
            _ = fault.description
        } catch {
            fatalError("not a Fault: \(error)")
        }
    }
}
