import Diagnostics

/// How often the likelihood contour in (n_s, gamma) contains the truth; in n_s alone if gamma is fixed.
///
/// With w = 2 (ln Λ_max − ln Λ(truth)) the contour of confidence c is w ≤ q(c), where q is the quantile of χ² with one
/// degree of freedom for each fitted parameter (S. S. Wilks, Ann. Math. Stat. 9 (1938) 60), and its coverage is right if the fraction c of
/// trials lies within. Wilks' theorem does not hold on the bounds of the fit: if the best n_s is 0, gamma is undefined
/// and ln Λ_max is smaller than it would be without the bound, so that w is smaller and contours cover more. ``inside``
/// excludes such trials.
public struct ContourCoverage: Sendable, Equatable {
    /// The fraction of trials within one contour.
    public struct Level: Sendable, Equatable {
        /// The nominal confidence of the contour.
        public let confidence: Double
        /// The largest w inside the contour.
        public let largest: Double
        /// Trials inside the contour among all.
        public let all: BinomialProportion
        /// The same among the trials whose fit is not on a bound; nil if there are none.
        public let inside: BinomialProportion?
    }

    /// The tested confidences: 50 %, 1 sigma, 90 %, 2 sigma.
    public static let confidences = [
        0.5, Significance.oneSigmaContent, 0.9, 1 - 2 * Significance.tailProbability(sigma: 2),
    ]

    /// The injected signal: its mean number of events and its spectral index.
    public let mu: Double
    public let gamma: Double
    /// The number of fitted parameters.
    public let freedom: Int
    public let levels: [Level]
    /// The number of trials fitted with n_s = 0 or gamma on a bound.
    public let trialsOnBounds: Int

    /// The number of trials.
    public var trials: Int { levels.first?.all.tries ?? 0 }

    /// Counts trials by contour.
    ///
    /// - Parameters:
    ///   - fits: the trials.
    ///   - gamma: the injected spectral index.
    ///   - ts: TS of each trial, 2 ln Λ_max.
    ///   - logLambda: ln Λ at (mu, gamma) of each trial.
    ///   - bounds: the bounds of the fit's gamma; nil if it is fixed.
    /// - Throws: `Fault` of kind `badData` if the arrays do not match the number of trials, or a number is not finite.
    public init(
        _ fits: FittedTrials, gamma: Double, ts: [Double], logLambda: [Double], bounds: ClosedRange<Double>?
    ) throws {
        guard ts.count == fits.count, logLambda.count == fits.count else {
            throw Fault(
                .badData, "\(ts.count) TS and \(logLambda.count) ln Lambda do not match \(fits.count) trials",
                remedy: "give as many of each as there are trials")
        }
        let w = zip(ts, logLambda).map { $0 - 2 * $1 }
        if let trial = w.firstIndex(where: { !$0.isFinite }) {
            throw Fault(
                .badData, "trial \(trial) with mu \(fits.mu) has TS \(ts[trial]) and ln Lambda \(logLambda[trial])",
                remedy: "find out why its fit failed with `trialgen inspect`")
        }
        let isInside = fits.signalEvents.indices.map { trial in
            guard fits.signalEvents[trial] > 0, let bounds else { return fits.signalEvents[trial] > 0 }
            return fits.gamma[trial] > bounds.lowerBound && fits.gamma[trial] < bounds.upperBound
        }
        let inside = isInside.count { $0 }
        mu = fits.mu
        self.gamma = gamma
        trialsOnBounds = fits.count - inside
        let freedom = bounds == nil ? 1 : 2
        self.freedom = freedom
        levels = Self.confidences.map { confidence in
            let largest = ChiSquare.quantile(confidence, freedom: Double(freedom))
            let all = w.count { $0 <= largest }
            let within = zip(w, isInside).count { $0 <= largest && $1 }
            return Level(
                confidence: confidence, largest: largest, all: BinomialProportion(unchecked: all, of: w.count),
                inside: inside > 0 ? BinomialProportion(unchecked: within, of: inside) : nil)
        }
    }
}
