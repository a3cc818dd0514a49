import ArgumentParser
import Diagnostics
import Results
import Settings

/// The spectrum of the signal.
struct SpectrumOptions: ParsableArguments {
    @Option(
        help: .setting(\.spectrumShape, "name"),
        completion: .list(["power-law", "cutoff", "log-parabola", "broken-power-law", "table"]))
    var shape: String?

    @Option(parsing: .unconditional, help: .setting(\.gamma, "index"), transform: decimal)
    var gamma: Double?

    @Option(parsing: .unconditional, help: .setting(\.referenceEnergy, "GeV"), transform: decimal)
    var e0: Double?

    @Option(parsing: .unconditional, help: .setting(\.cutoffEnergy, "GeV"), transform: decimalOrInfinity)
    var ecut: Double?

    @Option(parsing: .unconditional, help: .setting(\.alpha, "index"), transform: decimal)
    var alpha: Double?

    @Option(parsing: .unconditional, help: .setting(\.beta, "b"), transform: decimal)
    var beta: Double?

    @Option(
        name: .customLong("gamma1"), parsing: .unconditional, help: .setting(\.lowIndex, "index"), transform: decimal)
    var lowIndex: Double?

    @Option(
        name: .customLong("gamma2"), parsing: .unconditional, help: .setting(\.highIndex, "index"), transform: decimal)
    var highIndex: Double?

    @Option(parsing: .unconditional, help: .setting(\.breakEnergy, "GeV"), transform: decimal)
    var ebreak: Double?

    @Option(parsing: .unconditional, help: .setting(\.smoothness, "d"), transform: decimal)
    var smoothness: Double?

    @Option(help: .setting(\.spectrumFile, "file"), completion: .file())
    var spectrum: String?

    @Option(parsing: .unconditional, help: .setting(\.peak, "lg(E/GeV)"), transform: decimal)
    var peak: Double?

    @Option(parsing: .unconditional, help: .setting(\.phi0, "flux"), transform: decimal)
    var phi0: Double?

    func add(to layer: inout ConfigurationLayer) {
        layer.set(\.gamma, gamma)
        layer.set(\.referenceEnergy, e0)
        layer.set(\.cutoffEnergy, ecut)
        layer.set(\.spectrumShape, shape)
        layer.set(\.alpha, alpha)
        layer.set(\.beta, beta)
        layer.set(\.lowIndex, lowIndex)
        layer.set(\.highIndex, highIndex)
        layer.set(\.breakEnergy, ebreak)
        layer.set(\.smoothness, smoothness)
        layer.set(\.spectrumFile, spectrum)
        layer.set(\.peak, peak)
        layer.set(\.phi0, phi0)
    }
}

/// The fit and its box.
struct FitOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: .setting(\.signalEventsMinimum, "n"), transform: decimal)
    var nsMin: Double?

    @Option(parsing: .unconditional, help: .setting(\.signalEventsMaximum, "n"), transform: decimal)
    var nsMax: Double?

    @Option(parsing: .unconditional, help: .setting(\.signalEventsSeed, "n"), transform: decimal)
    var nsSeed: Double?

    @Option(parsing: .unconditional, help: .setting(\.gammaFixed, "index"), transform: decimal)
    var gammaFixed: Double?

    @Option(parsing: .unconditional, help: .setting(\.gammaMinimum, "index"), transform: decimal)
    var gammaMin: Double?

    @Option(parsing: .unconditional, help: .setting(\.gammaMaximum, "index"), transform: decimal)
    var gammaMax: Double?

    @Option(parsing: .unconditional, help: .setting(\.gammaSeed, "index"), transform: decimal)
    var gammaSeed: Double?

    @Option(help: .setting(\.fitShape, "name"), completion: .list(["power-law", "table"]))
    var fitShape: String?

    @Option(help: .setting(\.fitFile, "file"), completion: .file())
    var fitSpectrum: String?

    @Option(parsing: .unconditional, help: .setting(\.peakFixed, "lg(E/GeV)"), transform: decimal)
    var peakFixed: Double?

    @Option(parsing: .unconditional, help: .setting(\.peakMinimum, "lg(E/GeV)"), transform: decimal)
    var peakMin: Double?

    @Option(parsing: .unconditional, help: .setting(\.peakMaximum, "lg(E/GeV)"), transform: decimal)
    var peakMax: Double?

    @Option(parsing: .unconditional, help: .setting(\.peakSeed, "lg(E/GeV)"), transform: decimal)
    var peakSeed: Double?

    @Option(
        name: .customLong("mean-n-sig-0"), parsing: .unconditional, help: .setting(\.nullSignal, "n"),
        transform: decimal)
    var nullSignal: Double?

    @Option(parsing: .unconditional, help: .setting(\.boxHalfWidth, "deg"), transform: decimal)
    var boxHalfWidth: Double?

    @Option(parsing: .unconditional, help: .setting(\.negligibleRatio, "e"), transform: decimal)
    var negligibleRatio: Double?

    @Option(help: .setting(\.compatibility, "name"))
    var compat: String?

    func add(to layer: inout ConfigurationLayer) {
        layer.set(\.signalEventsMinimum, nsMin)
        layer.set(\.signalEventsMaximum, nsMax)
        layer.set(\.signalEventsSeed, nsSeed)
        layer.set(\.gammaFixed, gammaFixed)
        layer.set(\.gammaMinimum, gammaMin)
        layer.set(\.gammaMaximum, gammaMax)
        layer.set(\.gammaSeed, gammaSeed)
        layer.set(\.nullSignal, nullSignal)
        layer.set(\.fitShape, fitShape)
        layer.set(\.fitFile, fitSpectrum)
        layer.set(\.peakFixed, peakFixed)
        layer.set(\.peakMinimum, peakMin)
        layer.set(\.peakMaximum, peakMax)
        layer.set(\.peakSeed, peakSeed)
        layer.set(\.boxHalfWidth, boxHalfWidth)
        layer.set(\.negligibleRatio, negligibleRatio)
        layer.set(\.compatibility, compat)
    }
}

/// What is injected, and where.
struct InjectionOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: .setting(\.energyRange, "lo hi"), transform: decimal)
    var energyRange: [Double] = []

    @Flag(help: .setting(\.poisson))
    var noPoisson = false

    @Option(help: .setting(\.injectionSource, "name"))
    var injectAt: String?

    @Option(parsing: .unconditional, help: .setting(\.exposureScale, "s"), transform: decimal)
    var exposure: Double?

    @Option(parsing: .unconditional, help: .setting(\.exposureYears, "y"), transform: decimal)
    var exposureYears: Double?

    func add(to layer: inout ConfigurationLayer) {
        layer.set(\.energyRange, energyRange.isEmpty ? nil : energyRange)
        layer.set(\.poisson, noPoisson ? false : nil)
        layer.set(\.injectionSource, injectAt)
        layer.set(\.exposureScale, exposure)
        layer.set(\.exposureYears, exposureYears)
    }
}
