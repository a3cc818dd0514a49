import Diagnostics
import PointSource

/// Settings from one place, a configuration file or the command line; what is nil was not said there.
///
/// Values are as the user wrote them (angles in degrees, energies in GeV) and not yet judged; ``Configuration`` does
/// that.
public struct ConfigurationLayer: Sendable, Equatable {
    public var sample: String?
    /// The release's folder, or the one that holds it.
    public var data: String?
    public var datasets: [String]?
    public var sourceName: String?
    /// Degrees.
    public var rightAscension: Double?
    /// Degrees.
    public var declination: Double?
    /// GeV⁻¹ cm⁻² s⁻¹.
    public var phi0: Double?
    /// GeV.
    public var referenceEnergy: Double?
    public var gamma: Double?
    /// GeV.
    public var cutoffEnergy: Double?
    public var signalEventsSeed: Double?
    public var signalEventsMinimum: Double?
    public var signalEventsMaximum: Double?
    public var gammaSeed: Double?
    public var gammaMinimum: Double?
    public var gammaMaximum: Double?
    /// Degrees.
    public var boxHalfWidth: Double?
    public var negligibleRatio: Double?
    /// Two energies in GeV.
    public var energyRange: [Double]?
    public var poisson: Bool?
    public var compatibility: String?
    public var trials: [TrialOrder]?
    public var seed: Int64?
    public var output: String?
    public var probes: [Probe]?
    /// Into how many jobs the trials of each point are cut.
    public var jobs: Int64?
    /// The sources, spectral indices and energy ranges of a campaign that lists several: layers that say nothing else.
    public var sources: [ConfigurationLayer]?
    public var gammas: [ConfigurationLayer]?
    public var energyRanges: [ConfigurationLayer]?

    /// Where each setting was found: a place in a file, a flag, or a variable of the environment ("$NAME").
    public private(set) var places: [ConfigurationKey: Fault.Place] = [:]

    public init() {}

    /// Notes a setting.
    ///
    /// - Parameters:
    ///   - value: nothing happens if it is nil.
    ///   - place: where it was found; nil for the key's flag.
    public mutating func set<Value>(
        _ path: WritableKeyPath<ConfigurationLayer, Value?>, _ value: Value?, as key: ConfigurationKey,
        at place: Fault.Place? = nil
    ) {
        guard let value else { return }
        self[keyPath: path] = value
        places[key] = place ?? .field(key.flag)
    }

    /// These settings, but those of another layer where that says something. A single value there takes the place of a
    /// list here.
    public func overridden(by other: ConfigurationLayer) -> ConfigurationLayer {
        var all = self
        for axis in CampaignAxis.allCases where axis.keys.contains(where: { other.places[$0] != nil }) {
            all[keyPath: axis.list] = nil
            all.places[axis.listKey] = nil
        }
        func take<Value>(_ path: WritableKeyPath<ConfigurationLayer, Value?>) {
            if let value = other[keyPath: path] { all[keyPath: path] = value }
        }
        take(\.sample)
        take(\.data)
        take(\.datasets)
        take(\.sourceName)
        take(\.rightAscension)
        take(\.declination)
        take(\.phi0)
        take(\.referenceEnergy)
        take(\.gamma)
        take(\.cutoffEnergy)
        take(\.signalEventsSeed)
        take(\.signalEventsMinimum)
        take(\.signalEventsMaximum)
        take(\.gammaSeed)
        take(\.gammaMinimum)
        take(\.gammaMaximum)
        take(\.boxHalfWidth)
        take(\.negligibleRatio)
        take(\.energyRange)
        take(\.poisson)
        take(\.compatibility)
        take(\.trials)
        take(\.seed)
        take(\.output)
        take(\.probes)
        take(\.jobs)
        take(\.sources)
        take(\.gammas)
        take(\.energyRanges)
        all.places.merge(other.places) { _, new in new }
        return all
    }

    /// Runs `body`; a fault that it throws about a key ("source.dec", or "fit.ns" for what lies below) is thrown on as
    /// one about the place where that setting was found.
    package func locatingFaults<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault {
            guard case .field(let name)? = fault.place, let place = place(of: name) else { throw fault }
            let problem = if case .field = place { fault.problem } else { "\(name): \(fault.problem)" }
            throw Fault(fault.kind, at: place, problem, remedy: fault.remedy)
        }
    }

    private func place(of name: String) -> Fault.Place? {
        if let key = ConfigurationKey(rawValue: name), let place = places[key] { return place }
        return ConfigurationKey.allCases.first { $0.rawValue.hasPrefix(name + ".") && places[$0] != nil }
            .flatMap { places[$0] }
    }
}

/// How many trials are wanted of one mean signal.
public struct TrialOrder: Sendable, Equatable {
    /// Mean number of injected events, mu.
    public let meanSignal: Double
    public let count: Int64

    public init(meanSignal: Double, count: Int64) {
        self.meanSignal = meanSignal
        self.count = count
    }

    /// More than the greatest number of events anyone will look for, and few enough to be made.
    public static let largestMeanSignal = 1e6

    /// - Throws: `Fault` (usage), about `--mu` or `--trials`, for a mean or a count without meaning.
    public func check() throws(Fault) {
        guard meanSignal >= 0, meanSignal <= TrialOrder.largestMeanSignal else {
            throw Fault(
                .usage, at: .field("--mu"), "\"\(shortest(meanSignal))\" is no mean number of signal events",
                remedy: "give a number from 0 to 1000000")
        }
        guard count >= 1, count < .max else {
            throw Fault(
                .usage, at: .field("--trials"), "\"\(count)\" is no number of trials",
                remedy: "give a whole number from 1")
        }
    }
}
