import Diagnostics
import PointSource
import TrialStore

/// Makes trials on one thread, in its own buffers.
protocol TrialMaker {
    /// - Throws: `Fault` (bad data) if no signal event passes the energy cut or ln Λ is not finite; `Fault` (usage) for
    ///   trials that it cannot make.
    mutating func record(_ number: Int64, of hypothesis: Hypothesis) throws -> TrialRecord
    /// The records of consecutive trials.
    mutating func records(_ numbers: ClosedRange<Int64>, of hypothesis: Hypothesis) throws -> [TrialRecord]
}

extension TrialMaker {
    mutating func records(_ numbers: ClosedRange<Int64>, of hypothesis: Hypothesis) throws -> [TrialRecord] {
        try numbers.map { try record($0, of: hypothesis) }
    }
}

/// Trials of one source, ordinary and weighted ones.
struct SourceTrialMaker: TrialMaker {
    private let analysis: PointSourceAnalysis
    private let probes: [Probe]
    private let weighted: WeightedBackground?
    private var workspace: TrialWorkspace

    init(_ analysis: PointSourceAnalysis, probes: [Probe], weighted: WeightedBackground?) {
        self.analysis = analysis
        self.probes = probes
        self.weighted = weighted
        workspace = analysis.makeWorkspace()
    }

    mutating func record(_ number: Int64, of hypothesis: Hypothesis) throws -> TrialRecord {
        guard let tail = hypothesis.tail else {
            let trial = try analysis.trial(
                UInt64(bitPattern: number), of: hypothesis, probes: probes, workspace: &workspace)
            return TrialRecord(number, hypothesis, trial, nullSignal: analysis.settings.nullSignal)
        }
        guard let weighted else { throw noMixture }
        let made = try analysis.weightedTrial(
            UInt64(bitPattern: number), of: hypothesis, background: weighted, probes: probes, workspace: &workspace)
        var record = TrialRecord(number, hypothesis, made.trial, nullSignal: 0)
        record.weight = TrialWeight(
            tail: tail, logWeight: made.logWeight, proposal: Int64(made.proposal), logRatios: made.heldOut)
        return record
    }
}

/// Sky trials of a list of sources, ordinary and weighted ones.
struct CatalogueTrialMaker: TrialMaker {
    private let analysis: CatalogueAnalysis
    private let storesFits: Bool
    private let weighted: WeightedCatalogue?
    private var workspace: SkyWorkspace

    init(_ analysis: CatalogueAnalysis, storesFits: Bool, weighted: WeightedCatalogue?) {
        self.analysis = analysis
        self.storesFits = storesFits
        self.weighted = weighted
        workspace = analysis.makeWorkspace()
    }

    mutating func record(_ number: Int64, of hypothesis: Hypothesis) throws -> TrialRecord {
        try records(number...number, of: hypothesis)[0]
    }

    mutating func records(_ numbers: ClosedRange<Int64>, of hypothesis: Hypothesis) throws -> [TrialRecord] {
        let numbers = numbers.map { UInt64(bitPattern: $0) }
        guard let tail = hypothesis.tail else {
            return try analysis.trials(numbers, of: hypothesis, workspace: &workspace).map { record($0, hypothesis) }
        }
        return try numbers.map { try weightedRecord($0, hypothesis, tail: tail) }
    }

    private mutating func weightedRecord(
        _ number: UInt64, _ hypothesis: Hypothesis, tail: Double
    ) throws -> TrialRecord {
        guard let weighted else { throw noMixture }
        let made = try analysis.weightedTrial(number, of: hypothesis, background: weighted, workspace: &workspace)
        var record = record(made.sky, hypothesis)
        record.weight = TrialWeight(
            tail: tail, logWeight: made.logWeight, proposal: Int64(made.proposal), logRatios: made.heldOut)
        return record
    }

    private func record(_ trial: SkyTrial, _ hypothesis: Hypothesis) -> TrialRecord {
        var record = TrialRecord(
            Int64(bitPattern: trial.number), hypothesis, injected: trial.injected, trial.fits[trial.hottest])
        record.sources = SourceFits(
            testStatistics: trial.fits.map(\.testStatistic),
            signalEvents: storesFits ? trial.fits.map(\.signalEvents) : [],
            gammas: storesFits ? trial.fits.map(\.gamma) : [])
        return record
    }
}

/// Searches of the whole sky.
struct SkyTrialMaker: TrialMaker {
    private let search: SkySearch
    private var workspace: SkySearchWorkspace

    init(_ search: SkySearch) {
        self.search = search
        workspace = search.makeWorkspace()
    }

    mutating func record(_ number: Int64, of hypothesis: Hypothesis) throws -> TrialRecord {
        let trial = try search.trial(UInt64(bitPattern: number), of: hypothesis, workspace: &workspace)
        let places = trial.hottest
        // The first of equals. There is at least one hemisphere.
        let hottest = places.max { $0.fit.testStatistic < $1.fit.testStatistic } ?? places[0]
        var record = TrialRecord(number, hypothesis, injected: trial.injected, hottest.fit)
        record.sources = SourceFits(
            testStatistics: places.map(\.fit.testStatistic), signalEvents: places.map(\.fit.signalEvents),
            gammas: places.map(\.fit.gamma), rightAscensions: places.map(\.position.rightAscension),
            declinations: places.map(\.position.declination))
        return record
    }
}

extension TrialMaker {
    fileprivate var noMixture: Fault {
        Fault(
            .usage, at: .field("tail"), "there is no mixture to draw weighted trials from",
            remedy: "make the runner for the hypothesis")
    }
}

extension TrialRecord {
    /// - Parameter nullSignal: `mean_n_sig_0`, the signal events of the null hypothesis.
    fileprivate init(_ number: Int64, _ hypothesis: Hypothesis, _ trial: Trial, nullSignal: Double) {
        self.init(
            number, hypothesis, injected: trial.injected, trial.fit, nullSignal: nullSignal, probes: trial.probes)
    }

    init(
        _ number: Int64, _ hypothesis: Hypothesis, injected: Int, _ fit: FitResult, nullSignal: Double = 0,
        probes: [Double] = []
    ) {
        self.init(
            trial: number, seed: hypothesis.seed, meanSignal: hypothesis.meanSignal, injected: Int64(injected),
            meanSignal0: nullSignal, testStatistic: fit.testStatistic, signalEvents: fit.signalEvents,
            gamma: fit.gamma, flags: TrialFlags(rawValue: fit.convergence.rawValue), probes: probes)
    }
}
