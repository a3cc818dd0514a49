import Diagnostics

/// How often the likelihood contour in (n_s, gamma) holds the truth.
///
/// With w = 2 (ln Λ_max − ln Λ(truth)) the contour of confidence c is w ≤ q(c), q the quantile of χ² with two degrees of
/// freedom (S. S. Wilks, Ann. Math. Stat. 9 (1938) 60), and it covers if the share c of trials lies within. Wilks' theorem
/// does not hold on the bounds of the fit: where the best n_s is 0 gamma has no meaning and ln Λ_max cannot rise as far
/// as it would, so that w is smaller and contours cover more. ``inside`` leaves such trials out.
public struct ContourCoverage: Sendable, Equatable {
    /// The share of trials within one contour.
    public struct Level: Sendable, Equatable {
        /// The confidence that the contour claims.
        public let confidence: Double
        /// The largest w within the contour.
        public let largest: Double
        /// Trials within it among all.
        public let all: BinomialProportion
        /// The same among the trials that are fitted off the bounds; nil where there is none.
        public let inside: BinomialProportion?
    }

    /// The confidences that are looked at: 50 %, 1 sigma, 90 %, 2 sigma.
    public static let confidences = [
        0.5, Significance.oneSigmaContent, 0.9, 1 - 2 * Significance.tailProbability(sigma: 2),
    ]

    /// The injected signal: its mean number of events and its spectral index.
    public let mu: Double
    public let gamma: Double
    public let levels: [Level]
    /// How many trials are fitted with n_s = 0 or gamma on a bound.
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
    ///   - bounds: those of the fit's gamma.
    /// - Throws: `Fault` of kind `badData` for arrays of other lengths than the trials, or a number that is not finite.
    public init(
        _ fits: FittedTrials, gamma: Double, ts: [Double], logLambda: [Double], bounds: ClosedRange<Double>
    ) throws {
        guard ts.count == fits.count, logLambda.count == fits.count else {
            throw Fault(
                .badData, "\(ts.count) TS and \(logLambda.count) ln Lambda are not those of \(fits.count) trials",
                remedy: "give as many of each as there are trials")
        }
        let w = zip(ts, logLambda).map { $0 - 2 * $1 }
        if let trial = w.firstIndex(where: { !$0.isFinite }) {
            throw Fault(
                .badData, "trial \(trial) with mu \(fits.mu) has TS \(ts[trial]) and ln Lambda \(logLambda[trial])",
                remedy: "find out why its fit failed with `trialgen inspect`")
        }
        let isInside = fits.signalEvents.indices.map { trial in
            fits.signalEvents[trial] > 0 && fits.gamma[trial] > bounds.lowerBound
                && fits.gamma[trial] < bounds.upperBound
        }
        let inside = isInside.count { $0 }
        mu = fits.mu
        self.gamma = gamma
        trialsOnBounds = fits.count - inside
        levels = Self.confidences.map { confidence in
            let largest = ChiSquare.quantile(confidence, freedom: 2)
            let all = w.count { $0 <= largest }
            let within = zip(w, isInside).count { $0 <= largest && $1 }
            return Level(
                confidence: confidence, largest: largest, all: BinomialProportion(unchecked: all, of: w.count),
                inside: inside > 0 ? BinomialProportion(unchecked: within, of: inside) : nil)
        }
    }
}
