import ArgumentParser
import Diagnostics
import Foundation

/// Runs a command and ends the process in the same way for every command.
///
/// - A `Fault` is printed on standard error as "error: " and its sentence; the exit code is that of its kind.
/// - A mistake on the command line is printed with the usage; the exit code is 64 (EX_USAGE).
/// - `--help` and `--version` go to standard output; the exit code is 0.
/// - Any other error is a defect of the program: exit code 70 (EX_SOFTWARE).
public enum CommandRunner {
    /// - Parameter arguments: the arguments after the program's name; nil for the process's own.
    public static func run(_ root: any ParsableCommand.Type, arguments: [String]? = nil) -> Never {
        prepareProcess()
        let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
        do {
            // Without arguments a default command has nothing to do.
            let isBare = arguments.isEmpty && !root.configuration.subcommands.isEmpty
            var command = try root.parseAsRoot(isBare ? ["--help"] : arguments)
            try command.run()
            exit(0)
        } catch {
            let ending = Ending(error, of: root, arguments: arguments)
            // Cleanup by libraries at exit (HDF5 writes what it still holds) cannot be trusted after a failed write:
            // leave at once. Our own output is already written, since neither stream is buffered.
            if ending.code == 0 {
                do {
                    try StandardOutput.print(ending.text)
                } catch {
                    StandardError.complain("\(error)")
                    _exit(Fault.Kind.inputOutput.rawValue)
                }
            } else if ending.text.hasPrefix("error: ") {
                StandardError.complain(String(ending.text.dropFirst("error: ".count)))
            } else if !ending.text.isEmpty {
                StandardError.write(ending.text + "\n")
            }
            _exit(ending.code)
        }
    }
}

extension CommandRunner {
    /// Establishes what the rest of the program assumes about the process.
    static func prepareProcess() {
        // With a standard descriptor closed, the next opened file would get its number and receive messages.
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // Opened for reading only, so that results that cannot be written are an error; messages may be lost.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
        // A write beyond the limit of the file size then fails with an error instead of a signal.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// The last message of a command and its exit code.
    struct Ending: Equatable {
        let text: String
        let code: Int32

        /// - Parameter arguments: the arguments after the program's name.
        init(_ error: any Error, of root: any ParsableCommand.Type, arguments: [String] = []) {
            if let fault = error as? Fault {
                self.init(text: "error: \(fault)", code: fault.kind.rawValue)
                return
            }
            let (code, text) = (root.exitCode(for: error), root.fullMessage(for: error))
            switch code {
            case .success:
                self.init(text: text, code: 0)
            case .validationFailure:
                if let fault = Self.unknownCommand(text, root, arguments) ?? Self.negativeNumber(text, arguments) {
                    self.init(text: "error: \(fault)", code: fault.kind.rawValue)
                    return
                }
                let hinted = Self.withoutFarSuggestion(text)
                let plain = hinted.hasPrefix("Error: ") ? "error: " + hinted.dropFirst("Error: ".count) : hinted
                self.init(text: plain, code: Fault.Kind.usage.rawValue)
            default:
                if let exit = error as? ExitCode {
                    self.init(text: "", code: exit.rawValue)
                } else {
                    self.init(text: "error: \(error). This should not happen: please report it.", code: EX_SOFTWARE)
                }
            }
        }

        /// The fault for a first word that is a mistyped command: the parser would treat it as an argument of the
        /// default command and report that.
        private static func unknownCommand(
            _ text: String, _ root: any ParsableCommand.Type, _ arguments: [String]
        ) -> Fault? {
            let names = root.configuration.subcommands.map { $0._commandName }
            guard let word = arguments.first, !word.hasPrefix("-"), !names.isEmpty, !names.contains(word) else {
                return nil
            }
            let guess = nearestName(to: word, in: names)
            guard guess != nil || text.contains("Unexpected argument '\(word)'") else { return nil }
            return Fault(
                .usage, "\"\(word)\" is not a command",
                remedy: "\(suggestion(guess))Commands are \(names.joined(separator: ", "))")
        }

        /// The parser's message without its suggestion if the suggested name has little in common with the mistyped
        /// one.
        private static func withoutFarSuggestion(_ text: String) -> String {
            let pattern = /(?<unknown>Unknown option '-*(?<name>[^']+)')\. Did you mean '-*(?<guess>[^']+)'\?/
            return text.replacing(pattern) { match in
                let isNear = nearestName(to: String(match.name), in: [String(match.guess)]) != nil
                return isNear ? String(match.output.0) : String(match.unknown)
            }
        }

        /// The fault for a negative number among the values of an option, which the parser would treat as an option.
        private static func negativeNumber(_ text: String, _ arguments: [String]) -> Fault? {
            var option: String?
            for argument in arguments {
                if argument.hasPrefix("--") { option = argument }
                guard let option, let number = Double(argument), number < 0 else { continue }
                guard text.contains("Missing value for '\(option) ") || text.contains("Unknown option '\(argument)'")
                else { continue }
                return Fault(
                    .usage, at: .field(option), "\"\(argument)\" is negative", remedy: "give numbers above 0")
            }
            return nil
        }

        private init(text: String, code: Int32) {
            self.text = text
            self.code = code
        }
    }
}
