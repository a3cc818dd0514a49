import Diagnostics
import Numerics

/// The time for which trials are made, if it is not that of the data: the same detector, selection and background for
/// longer or shorter (docs/model.md, section 11).
public enum Exposure: Sendable, Equatable {
    /// A multiple of the livetime of the data.
    case scale(Double)
    /// Years of livetime of all datasets together, of 365.25 days; the datasets keep their shares of it.
    case years(Double)

    /// The valid multiples.
    public static let scales = 0.001...1000.0
    /// The valid numbers of years.
    public static let years = 0.001...100_000.0
    private static let daysPerYear = 365.25

    /// The multiple of the livetime of the data.
    ///
    /// - Parameter livetimeDays: the livetime of all datasets.
    /// - Throws: `Fault` (usage) for a multiple outside ``scales``.
    func scale(livetimeDays: Double) throws(Fault) -> Double {
        switch self {
        case .scale(let scale): return scale
        case .years(let years):
            let scale = years * Self.daysPerYear / livetimeDays
            guard Self.scales.contains(scale) else {
                throw Fault(
                    .usage, at: .field("exposure.years"),
                    "\(shortest(years)) years are \(shortest(scale)) times the livetime of the data",
                    remedy: "give at least \(shortest(Self.scales.lowerBound)) and at most "
                        + "\(shortest(Self.scales.upperBound)) times \(shortest(livetimeDays / Self.daysPerYear)) years"
                )
            }
            return scale
        }
    }
}

extension AnalysisSettings {
    /// The multiple of the livetime of the data for which trials are made.
    ///
    /// - Parameter livetimeDays: the livetime of all datasets.
    /// - Throws: `Fault` (usage) as ``Exposure/scale(livetimeDays:)``.
    func exposureScale(livetimeDays: Double) throws(Fault) -> Double {
        try exposure?.scale(livetimeDays: livetimeDays) ?? 1
    }

    /// - Throws: `Fault` (usage) if trials are for another exposure than that of the data, which then cannot be fitted.
    public func checkExposureOfData() throws(Fault) {
        guard let exposure, exposure != .scale(1) else { return }
        let text =
            switch exposure {
            case .scale(let scale): "\(shortest(scale)) times the livetime of the data"
            case .years(let years): "\(shortest(years)) years"
            }
        throw Fault(
            .usage, at: .field("exposure"), "the data cannot be fitted for an exposure of \(text)",
            remedy: "leave the exposure out: it is for trials only")
    }
}

/// The copies of one dataset's background events for an exposure.
struct BackgroundCopies: Sendable {
    /// Complete copies of each event, and the probability of one more.
    let complete: Int
    let probability: Double
    /// The expected contribution of events that are not drawn (``BackgroundGenerator/negligibleRatios``).
    let negligibleRatios: FlatTable<SIMD8<Double>>

    /// - Parameter scale: in ``Exposure/scales``.
    init(scale: Double, of generator: BackgroundGenerator) {
        complete = Int(scale.rounded(.down))
        probability = scale - scale.rounded(.down)
        let ratios = generator.negligibleRatios
        negligibleRatios = FlatTable((0..<ratios.count).map { scale * ratios[$0] })
    }
}
