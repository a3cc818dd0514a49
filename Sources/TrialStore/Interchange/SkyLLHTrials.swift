import Diagnostics
import Digests
import Files
import PointSource
import Settings

/// Converts trials saved by SkyLLH (`create_trial_data_file`, or `numpy.save` of the result of `do_trials`) into a
/// chunk that the statistics read.
///
/// Such a file contains seed, mean signal and result of each trial, but not source, spectrum and data: the user states
/// those. Trials are numbered in the order of the file for each seed and mean signal.
public enum SkyLLHTrials {
    /// The result of an import.
    public struct Imported: Sendable {
        public let coverage: Coverage
        /// Fields of the files that a chunk cannot store.
        public let leftOut: [String]
        /// Trials with TS other than 0 whose fit has the same numbers as an earlier one of the same mean signal.
        public let repeated: Int
    }

    /// Rows read at a time.
    private static let blockRows = 16_384

    /// Imports files into a new chunk.
    ///
    /// - Parameters:
    ///   - paths: numpy files.
    ///   - output: the chunk.
    ///   - replace: whether an existing output is replaced; otherwise it is refused. An input is never replaced.
    ///   - kept: other files that are never replaced.
    ///   - configuration: the settings of the analysis, as stated by the user.
    ///   - fluxPerEvent: the flux normalisation for which one signal event is expected, in GeV⁻¹ cm⁻² s⁻¹ at E0; NaN if
    ///     unknown, and the trials then give no fluxes.
    ///   - progress: receives the number of trials read, each time it increases.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for a catalogue search; ``Fault/Kind/badData`` for a file that does not contain SkyLLH's trials, a row with an
    ///   impossible value, or two files with trials of the same seed and mean signal; ``Fault/Kind/cannotCreate`` if
    ///   the output exists or cannot be created; ``Fault/Kind/inputOutput``.
    public static func read(
        _ paths: [String], into output: String, replace: Bool = false, keeping kept: [String] = [],
        configuration: Configuration, fluxPerEvent: Double, softwareVersion: String, provenance: [String: String] = [:],
        progress: (Int) -> Void = { _ in }
    ) throws(Fault) -> Imported {
        guard !configuration.search.fitsManyPlaces else {
            throw Fault(
                .usage, at: .field("search"),
                "SkyLLH's files of trials have one fit each, and none for each source or hemisphere",
                remedy: "leave out search: \(configuration.search.rawValue), and give the position of the source")
        }
        try Publication.check(output, .init(replace: replace), inputs: paths + kept)
        let files = try paths.map { path throws(Fault) in try File(path) }
        guard let probes = files.first?.probes else { throw Fault(.usage, "there is nothing to import") }
        if let other = files.first(where: { $0.probes != probes }) {
            throw Fault(
                .badData, at: .file(other.raw.path), "has other fields log_lambda@… than \(paths[0])",
                remedy: "import it into a separate file")
        }
        let fileDigests = try files.map { file throws(Fault) in try file.digest() }
        try refuseIdentical(paths, fileDigests)
        var digests: [String: String] = [:]
        for (index, digest) in fileDigests.enumerated() { digests["skyllh_trials_\(index + 1)"] = digest }
        let campaign = Campaign(
            configuration: configuration, fileDigests: digests, modelVersion: Campaign.importedModelVersion,
            fluxPerEvent: fluxPerEvent)
        let header = campaign.header(
            probes: probes, softwareVersion: softwareVersion,
            provenance: provenance.merging(["imported": paths.joined(separator: ", ")]) { $1 })
        var (repeated, known) = (0, Set<Int>())
        let coverage = try WholeChunk.write(output, header: header, replace: replace, inputs: paths + kept) {
            add throws(Fault) in
            var owners: [Hypothesis: String] = [:]
            for file in files {
                var numbers: [Hypothesis: Int64] = [:]
                try file.forEachBlock(rows: blockRows) { records throws(Fault) in
                    var numbered = records
                    for fit in records.lazy.compactMap(fitDigest) where !known.insert(fit).inserted { repeated += 1 }
                    for index in numbered.indices {
                        let hypothesis = numbered[index].hypothesis
                        numbered[index].trial = numbers[hypothesis, default: 0]
                        numbers[hypothesis, default: 0] += 1
                    }
                    try refuseRepeats(numbers.keys, file.raw.path, &owners)
                    try add(numbered)
                    progress(records.count)
                }
            }
        }
        return Imported(coverage: coverage, leftOut: Set(files.flatMap(\.leftOut)).sorted(), repeated: repeated)
    }

    /// A file given twice, under the same or another name, would count its trials twice.
    private static func refuseIdentical(_ paths: [String], _ digests: [String]) throws(Fault) {
        var owners: [String: String] = [:]
        for (path, digest) in zip(paths, digests) {
            if let owner = owners[digest] {
                throw Fault(
                    .badData, at: .file(path),
                    path == owner ? "is given twice" : "is identical to \(owner)",
                    remedy: "leave one of them out")
            }
            owners[digest] = path
        }
    }

    /// SkyLLH makes the same trials from the same seed, so two files with the same seed would count them twice.
    private static func refuseRepeats(
        _ hypotheses: some Sequence<Hypothesis>, _ path: String, _ owners: inout [Hypothesis: String]
    ) throws(Fault) {
        for hypothesis in hypotheses {
            if let owner = owners[hypothesis], owner != path {
                throw Fault(
                    .badData, at: .file(path),
                    "contains trials of \(hypothesis), and so does \(owner): SkyLLH makes the same trials from the same seed",
                    remedy: "leave one of them out")
            }
            owners[hypothesis] = path
        }
    }
}

extension SkyLLHTrials {
    /// A hash of the numbers of a fit: two trials with TS other than 0, which is continuous, agree only if one is a
    /// copy of the other. Nil at TS 0, where many trials are equal.
    private static func fitDigest(_ record: TrialRecord) -> Int? {
        if record.testStatistic == 0 { return nil }
        var hasher = Hasher()
        hasher.combine(record.meanSignal)
        for number in [record.testStatistic, record.signalEvents, record.gamma] + record.probes {
            hasher.combine(number.bitPattern)
        }
        hasher.combine(record.injected)
        return hasher.finalize()
    }

    /// A numpy file whose records are trials.
    private struct File {
        let raw: OpenFile
        let header: NumpyHeader
        let probes: [Probe]
        /// Names of fields that are not read.
        let leftOut: [String]
        private let seed, meanSignal, injected, meanSignal0, testStatistic, signalEvents, gamma: NumpyHeader.Field
        private let probeFields: [NumpyHeader.Field]

        init(_ path: String) throws(Fault) {
            raw = try OpenFile(path)
            let header = try NumpyHeader(of: raw)
            func field(_ name: String) throws(Fault) -> NumpyHeader.Field {
                if let field = header.fields.first(where: { $0.name == name }) { return field }
                let names = header.fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
                throw Fault(
                    .badData, at: .file(path), "lacks the field \"\(name)\"; it has \(names)",
                    remedy: "give a file of trials, as written by SkyLLH's create_trial_data_file")
            }
            seed = try field("seed")
            meanSignal = try field("mean_n_sig")
            injected = try field("n_sig")
            meanSignal0 = try field("mean_n_sig_0")
            testStatistic = try field("ts")
            signalEvents = try field("ns")
            gamma = try field("gamma")
            let named = header.fields.compactMap { field in Probe(fieldName: field.name).map { ($0, field) } }
            probes = named.map(\.0)
            probeFields = named.map(\.1)
            let known = Set(
                [seed, meanSignal, injected, meanSignal0, testStatistic, signalEvents, gamma].map(\.name)
                    + probeFields.map(\.name))
            leftOut = header.fields.map(\.name).filter { !known.contains($0) }
            self.header = header
        }

        /// SHA-256 of the whole file, in hexadecimal.
        func digest() throws(Fault) -> String {
            var (digest, offset) = (SHA256(), Int64(0))
            while true {
                let bytes = try raw.read(1 << 20, at: offset)
                if bytes.isEmpty { return digest.finalize().hexadecimal }
                digest.update(bytes)
                offset += Int64(bytes.count)
            }
        }

        /// Calls `body` with the trials, not yet numbered.
        func forEachBlock(rows: Int, _ body: ([TrialRecord]) throws(Fault) -> Void) throws(Fault) {
            var first = 0
            while first < header.count {
                let count = min(rows, header.count - first)
                let bytes = try raw.read(count * header.stride, at: Int64(header.start + first * header.stride))
                guard bytes.count == count * header.stride else {
                    throw Fault(.inputOutput, at: .file(raw.path), "became shorter while it was read")
                }
                let records = bytes.withUnsafeBytes { bytes in
                    Result { () throws(Fault) in
                        try (0..<count).map { index throws(Fault) in
                            try record(bytes, index * header.stride, row: first + index)
                        }
                    }
                }
                try body(records.get())
                first += count
            }
        }

        private func record(_ bytes: UnsafeRawBufferPointer, _ start: Int, row: Int) throws(Fault) -> TrialRecord {
            func fault(_ problem: String, _ remedy: String) -> Fault {
                Fault(.badData, at: .file(raw.path), "row \(row): \(problem)", remedy: remedy)
            }
            func number(_ field: NumpyHeader.Field) -> Double { header.double(field, bytes, start) }
            func integer(_ field: NumpyHeader.Field) throws(Fault) -> Int64 {
                if let value = header.int64(field, bytes, start) { return value }
                throw fault("\(field.name) is \(number(field)), which is not a whole number", "save the trials again")
            }
            let (mean, mean0, ts) = (number(meanSignal), number(meanSignal0), number(testStatistic))
            guard mean.isFinite, mean >= 0 else {
                throw fault("mean_n_sig is \(mean)", "remove trials without a mean number of signal events")
            }
            guard mean0 == 0 else {
                throw fault(
                    "mean_n_sig_0 is \(mean0): the null hypothesis of its TS contains signal",
                    "import only trials with mean_n_sig_0 = 0")
            }
            let injectedEvents = try integer(injected)
            guard injectedEvents >= 0 else {
                throw fault("n_sig is \(injectedEvents)", "remove trials without a number of injected events")
            }
            guard ts.isFinite else { throw fault("ts is \(ts)", "find out why this fit failed, and remove the trial") }
            return TrialRecord(
                trial: 0, seed: try integer(seed), meanSignal: mean, injected: injectedEvents,
                testStatistic: ts, signalEvents: number(signalEvents), gamma: number(gamma),
                probes: probeFields.map(number))
        }
    }
}
