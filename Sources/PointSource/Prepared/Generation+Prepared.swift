import Numerics

extension TrueEnergyDistribution: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(cumulative)
        writer.write(log10Energies)
    }

    init(from reader: inout PreparedReader) throws {
        let (cumulative, log10Energies) = (try reader.readNumbers(), try reader.readNumbers())
        guard cumulative.count >= 2, cumulative.count == log10Energies.count else {
            throw reader.fault("the distribution of true energies has \(cumulative.count) points")
        }
        self.init(cumulative: cumulative, log10Energies: log10Energies)
    }
}

extension Marginals: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(binCount)
        writer.write(cumulative)
        writer.write(edges)
    }

    init(from reader: inout PreparedReader) throws {
        let binCount = try reader.readInt()
        let (cumulative, edges) = (try reader.readTable(of: Double.self), try reader.readTable(of: Double.self))
        guard binCount > 0, binCount <= cumulative.count, cumulative.count.isMultiple(of: binCount),
            edges.count == cumulative.count + cumulative.count / binCount
        else {
            throw reader.fault("histograms of \(binCount) bins have \(cumulative.count) sums and \(edges.count) edges")
        }
        self.init(binCount: binCount, cumulative: cumulative, edges: edges)
        guard isSound else { throw reader.fault("edges or sums of a histogram do not ascend") }
    }

    var rowCount: Int { cumulative.count / binCount }

    private var isSound: Bool {
        for row in 0..<rowCount {
            let (first, edge) = (row * binCount, row * (binCount + 1))
            let total = cumulative[first + binCount - 1]
            // Angles in radians and logarithms of energies: all numbers are small.
            guard total.isFinite, cumulative[first] >= 0, edges[edge] >= -1000, edges[edge + binCount] <= 1000 else {
                return false
            }
            var ascends = edges[edge] <= edges[edge + 1]
            for bin in 1..<max(1, binCount) {
                ascends =
                    ascends && cumulative[first + bin - 1] <= cumulative[first + bin]
                    && edges[edge + bin] <= edges[edge + bin + 1]
            }
            if !ascends { return false }
        }
        return true
    }
}

extension SmearingSampler: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(log10TrueEnergy)
        writer.write(energies)
        writer.write(openingAngles)
        writer.write(angularErrors)
    }

    init(from reader: inout PreparedReader) throws {
        self.init(
            log10TrueEnergy: try reader.read(), energies: try reader.read(), openingAngles: try reader.read(),
            angularErrors: try reader.read())
        guard energies.rowCount == log10TrueEnergy.count, openingAngles.rowCount == energies.cumulative.count,
            angularErrors.rowCount == openingAngles.cumulative.count
        else { throw reader.fault("the histograms of the smearing matrix are inconsistent") }
    }
}

extension EnergyCut: Preparable {
    func write(to writer: inout PreparedWriter) { writer.write(curve) }

    init(from reader: inout PreparedReader) throws { self.init(curve: try reader.read()) }
}

extension BackgroundGenerator {
    func write(to writer: inout PreparedWriter) {
        writer.write(candidates)
        writer.write(groups.map(\.first))
        writer.write(groups.map(\.halfWidth))
        writer.write(negligibleRatios)
    }

    /// - Parameters:
    ///   - signal: the table of signal densities.
    ///   - eventCount: events of the dataset.
    init(
        from reader: inout PreparedReader, dataset: Int, placement: SourcePlacement, signal: SignalTable,
        eventCount: Int
    ) throws {
        let candidates = try reader.readTable(of: Candidate.self)
        let (starts, halfWidths) = (try reader.readIntegers(), try reader.readNumbers())
        guard Self.areSound(candidates, energyCount: signal.count, eventCount: eventCount) else {
            throw reader.fault("an event is invalid")
        }
        let bounds = zip(starts, starts.dropFirst() + [candidates.count])
        guard starts.count == halfWidths.count, starts.first ?? candidates.count == 0, bounds.allSatisfy({ $0 < $1 }),
            halfWidths.allSatisfy({ $0 > 0 && $0 <= Double.pi }), zip(halfWidths, halfWidths.dropFirst()).allSatisfy(>=)
        else { throw reader.fault("the groups of events are inconsistent with the events") }
        var groups: [Group] = []
        for ((first, end), halfWidth) in zip(bounds, halfWidths) {
            groups.append(Group(first: first, end: end, halfWidth: halfWidth, after: groups.last))
        }
        let negligible = try reader.readTable(of: SIMD8<Double>.self)
        // 0 unless one of them is infinite or NaN.
        let isFinite = (0..<negligible.count).allSatisfy { (0 * negligible[$0]).total == 0 }
        guard negligible.count == signal.stride / 8, isFinite else {
            throw reader.fault("the sums over negligible events are inconsistent with the table of signal densities")
        }
        self.init(
            dataset: dataset, placement: placement, candidates: candidates, groups: groups,
            negligibleRatios: negligible)
    }

    private static func areSound(_ candidates: FlatTable<Candidate>, energyCount: Int, eventCount: Int) -> Bool {
        guard energyCount <= Int32.max, candidates.count <= eventCount else { return false }
        var (sum, outside) = (0.0, 0)
        for i in 0..<candidates.count {
            let candidate = candidates[i]
            // 0 unless one of them is infinite or NaN.
            sum += 0 * candidate.halfSine + 0 * candidate.halfInverseVariance + 0 * candidate.scale
            outside += candidate.energy >= 0 && candidate.energy < energyCount ? 0 : 1
            outside += candidate.event >= 0 && candidate.event < eventCount ? 0 : 1
        }
        return sum == 0 && outside == 0
    }
}
