import Diagnostics
import Foundation

/// Another program, started by this one, which waits for its end.
///
/// (Foundation's `Process` waits through a connection to 127.0.0.1, so it waits forever where that is unreachable.)
package struct ChildProcess {
    private let identifier: pid_t

    /// Starts a program, with nothing on standard input.
    ///
    /// - Parameters:
    ///   - path: the program's file.
    ///   - output: the descriptor that becomes standard output.
    ///   - error: the descriptor that becomes standard error.
    /// - Throws: a `Fault` of kind inputOutput if it cannot be started.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String], output: Int32, error: Int32
    ) throws(Fault) {
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        // A separate process group: Ctrl-C reaches only this program, which then decides. No signal stays blocked or
        // ignored.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGUSR1, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, path, &actions, &attributes, &words, &variables)
        guard code == 0 else {
            throw Fault(
                .inputOutput, at: .file(path), "cannot be started (\(SystemFailure(code: code).reason))",
                remedy: "check the program, or try again")
        }
        self.identifier = identifier
    }

    /// Kills the program.
    package func kill() { _ = Foundation.kill(identifier, SIGKILL) }

    /// Waits for the program's end, once, and asks it to stop (SIGTERM) when `shouldStop` first returns true.
    ///
    /// - Parameter shouldStop: called about 20 times a second.
    /// - Returns: as ``wait()``.
    package func wait(stoppingWhen shouldStop: () -> Bool) -> Int32 {
        var (status, isAsked): (Int32, Bool) = (0, false)
        while waitpid(identifier, &status, WNOHANG) == 0 {
            if !isAsked, shouldStop() {
                _ = Foundation.kill(identifier, SIGTERM)
                isAsked = true
            }
            usleep(50_000)
        }
        return Self.code(status)
    }

    /// Waits for the program's end, once.
    ///
    /// - Returns: its exit code; 128 and the number of the signal that ended it.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
        return Self.code(status)
    }

    private static func code(_ status: Int32) -> Int32 {
        status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
