import Diagnostics
import Digests
import Foundation
import HDF5
import PointSource

/// The mixture of a file's weighted trials, as stored in the file: attributes `mixture` and `mixture_sha256`.
extension ProposalMixture {
    private static let (textKey, digestKey) = ("mixture", "mixture_sha256")
    /// The rule of drawing in texts that name none.
    private static let unnamedDrawing = 1

    /// The mixture as JSON, with all digits: the same text for the same mixture.
    package var text: String {
        let points = points.map { "{\($0.placeText),\"share\":\(shortest($0.share))}" }
        let heldOut = heldOut.map { "{\($0.placeText)}" }
        let text =
            "{\"tail\":\(shortest(tail)),\"ordinary_share\":\(shortest(ordinaryShare)),"
            + "\"points\":[\(points.joined(separator: ","))],\"held_out\":[\(heldOut.joined(separator: ","))]}"
        // One level deeper, so that version 0.2.0, which does not know of rules, cannot read it.
        return drawing == Self.unnamedDrawing ? text : "{\"drawing\":\(drawing),\"mixture\":\(text)}"
    }

    /// SHA-256 of ``text``, in hexadecimal.
    package var digest: String { SHA256.hash(text.utf8).hexadecimal }

    /// The mixture that a text describes; nil for an invalid text.
    init?(text: String) {
        guard let (drawing, parsed) = Text.read(text), WeightedBackground.tailRange.contains(parsed.tail),
            parsed.isPossible
        else { return nil }
        self.init(
            drawing: drawing, tail: parsed.tail, ordinaryShare: parsed.ordinary_share,
            points: parsed.points.map(\.point),
            heldOut: parsed.held_out.map(\.point))
    }

    /// The mixture in a file; nil for one without weighted trials.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` for a text that was changed or that this program cannot read.
    init?(from root: Group, _ path: String) throws(Fault) {
        guard try root.attributes.contains(Self.textKey) else { return nil }
        let text = try root.attributes.string(Self.textKey)
        guard SHA256.hash(text.utf8).hexadecimal == (try root.attributes.string(Self.digestKey)) else {
            throw Fault(
                .badData, at: .file(path), "the mixture of weighted trials in its header was changed",
                remedy: "use an unchanged copy, or make its trials again")
        }
        guard let mixture = ProposalMixture(text: text) else {
            throw Fault(
                .badData, at: .file(path), "the mixture of weighted trials in its header cannot be read",
                remedy: "use the version of trialgen that wrote it, or a newer one")
        }
        self = mixture
    }

    func write(to root: Group) throws(Fault) {
        try root.attributes.set(Self.textKey, text)
        try root.attributes.set(Self.digestKey, digest)
    }

    /// What differs between two mixtures, as a clause; nil if they are equal.
    func difference(from other: ProposalMixture, here: String, there: String) -> String? {
        if drawing != other.drawing {
            return "weighted trials are drawn by rule \(drawing) in \(here) and by rule \(other.drawing) in \(there)"
        }
        if tail != other.tail {
            return
                "weighted trials are for up to \(shortest(tail)) sigma in \(here) and \(shortest(other.tail)) in \(there)"
        }
        for (name, own, others) in [("", points, other.points), ("held-out ", heldOut, other.heldOut)] {
            if own.count != others.count {
                return
                    "the mixture of weighted trials has \(own.count) \(name)points in \(here) and \(others.count) in "
                    + there
            }
            for (number, (point, otherPoint)) in zip(own, others).enumerated() where point != otherPoint {
                return
                    "\(name)point \(number + 1) of the mixture of weighted trials is {\(point.placeText)} in \(here) "
                    + "and {\(otherPoint.placeText)} in \(there)"
            }
        }
        return self == other ? nil : "the mixtures of weighted trials have other shares of ordinary trials"
    }

    /// The text's members.
    private struct Text: Decodable {
        let tail: Double
        let ordinary_share: Double
        let points: [Point]
        let held_out: [Point]

        /// Whether the shares are those of a mixture, and every point is one that a fit can have.
        var isPossible: Bool {
            let shares = points.map { $0.share ?? 0 } + [ordinary_share]
            return ordinary_share > 0 && shares.allSatisfy { $0 >= 0 } && abs(shares.reduce(0, +) - 1) < 1e-6
                && (points + held_out).allSatisfy {
                    $0.ns > 0 && $0.ns.isFinite && $0.constant.magnitude < 1e6
                        && ($0.source ?? 0) >= 0 && ($0.source == nil) == (points.first?.source == nil)
                }
        }

        /// The text with the number of its rule of drawing.
        private struct Drawn: Decodable {
            let drawing: Int
            let mixture: Text
        }

        static func read(_ text: String) -> (drawing: Int, Text)? {
            let (decoder, data) = (JSONDecoder(), Data(text.utf8))
            guard let drawn = try? decoder.decode(Drawn.self, from: data) else {
                return (try? decoder.decode(Text.self, from: data)).map { (ProposalMixture.unnamedDrawing, $0) }
            }
            let known = ProposalMixture.unnamedDrawing + 1...ProposalMixture.currentDrawing
            return known.contains(drawn.drawing) ? (drawn.drawing, drawn.mixture) : nil
        }

        struct Point: Decodable {
            let ns: Double
            let gamma: Double
            let constant: Double
            let share: Double?
            let source: Int?

            var point: ProposalMixture.Point {
                ProposalMixture.Point(
                    signalEvents: ns, gamma: gamma, share: share ?? 0, constant: constant, source: source)
            }
        }
    }
}

extension ProposalMixture.Point {
    fileprivate var placeText: String {
        (source.map { "\"source\":\($0)," } ?? "")
            + "\"ns\":\(shortest(signalEvents)),\"gamma\":\(shortest(gamma)),\"constant\":\(shortest(constant))"
    }
}
