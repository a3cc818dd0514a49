import ArgumentParser
import Console
import Diagnostics
import Inference
import StrictYAML

/// `--cut`: the TS above which the background's tail is fitted.
public struct CutOption: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Fit the tail of the background above this TS if trials are too few to count a threshold; above the TS that 20 \
            % exceed, rounded up, if more than half of the trials lie above this one.
            """,
            valueName: "ts"))
    public var cut = TruncatedGamma.defaultCut

    public init() {}

    /// - Throws: `Fault` (usage) for a cut that is not above 0.
    public func validCut() throws(Fault) -> Double {
        guard cut > 0, cut.isFinite else {
            throw Fault(
                .usage, at: .field("--cut"), "\(NumberFormat.plain(cut)) is not a valid cut on TS",
                remedy: "give a number above 0, such as 3")
        }
        return cut
    }
}

/// `--confidence`: the probability content of intervals.
public struct ConfidenceOption: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Probability content of the quoted intervals.", valueName: "p"))
    public var confidence = Significance.oneSigmaContent

    public init() {}

    /// - Throws: `Fault` (usage) for a number that is not between 0 and 1.
    public func validConfidence() throws(Fault) -> Double {
        try checkShare(confidence, "--confidence", "probability content of an interval", example: "0.95")
        return confidence
    }
}

/// How the detectable signal is found: `--interpolation`, `--confidence`, `--cut`.
public struct SearchOptions: ParsableArguments {
    @OptionGroup public var cut: CutOption

    @Option(
        help: """
            How to find mu between the simulated values: monotone (fewest assumptions), linear (straight lines), \
            probit (a smooth curve) or poisson (exact, from the numbers of injected events).
            """)
    public var interpolation = DetectionPower.Interpolation.monotone

    @OptionGroup public var confidence: ConfidenceOption

    public init() {}

    /// - Throws: `Fault` (usage) for an option out of range.
    public func settings() throws(Fault) -> SearchSettings {
        SearchSettings(
            interpolation: interpolation, cut: try cut.validCut(), confidence: try confidence.validConfidence())
    }
}

extension DetectionPower.Interpolation: ExpressibleByArgument {}

/// `--sigma`: the significances of discovery potentials.
public struct SigmaOption: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "One-sided significances of the discovery potentials; several values, or several times.",
            valueName: "sigma"), transform: SigmaOrFile.init(argument:))
    var sigma: [SigmaOrFile] = []

    public init() {}

    /// - Parameter standard: the significances if none is given.
    /// - Throws: `Fault` (usage) for a significance outside (0, 37].
    public func values(default standard: [Double]) throws(Fault) -> [Double] {
        let values = try SigmaOrFile.sigmas(sigma, "--sigma")
        return values.isEmpty ? standard : values
    }

    /// Files that follow the significances.
    public var files: [String] { SigmaOrFile.files(sigma) }
}

/// A significance, or a file after it: an option with several values also receives the files that follow them.
public enum SigmaOrFile: Sendable {
    case sigma(Double)
    case file(String)

    /// - Throws: `ValidationError` for a word that is neither.
    @Sendable
    public init(argument: String) throws {
        if let value = decimalNumber(argument) {
            self = .sigma(value)
        } else if argument.contains(where: { $0 == "." || $0 == "/" }), Double(argument) == nil {
            self = .file(argument)
        } else {
            throw ValidationError("give a significance in decimal digits, such as 5")
        }
    }

    /// - Throws: `Fault` (usage) for a significance outside (0, 37].
    public static func sigmas(_ words: [SigmaOrFile], _ option: String) throws(Fault) -> [Double] {
        let values = words.compactMap { if case .sigma(let value) = $0 { value } else { nil } }
        for value in values { try checkSigma(value, option) }
        return values
    }

    public static func files(_ words: [SigmaOrFile]) -> [String] {
        words.compactMap { if case .file(let path) = $0 { path } else { nil } }
    }
}

/// - Throws: `Fault` (usage) for a significance outside (0, 37]: beyond 37 the tail probability is not a normal
///   floating-point number.
func checkSigma(_ sigma: Double, _ option: String) throws(Fault) {
    guard sigma > 0, sigma <= 37 else {
        throw Fault(
            .usage, at: .field(option), "\(NumberFormat.plain(sigma)) is not a valid significance",
            remedy: "give a number above 0 and up to 37, such as 5")
    }
}

/// - Throws: `Fault` (usage) for a number that is not between 0 and 1.
public func checkShare(_ value: Double, _ option: String, _ what: String, example: String) throws(Fault) {
    guard value > 0, value < 1 else {
        throw Fault(
            .usage, at: .field(option), "\(NumberFormat.plain(value)) is not a valid \(what)",
            remedy: "give a number between 0 and 1, such as \(example)")
    }
}
