import Diagnostics
import PointSource
import StrictYAML

extension Probe {
    /// Reads "NS:GAMMA", such as "5:2" or "12.5:2.7".
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` for anything but two finite numbers with a colon between.
    public init(parsing text: String) throws(Fault) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { decimalNumber($0) }
        guard parts.count == 2, let signalEvents = parts[0], let gamma = parts[1]
        else {
            throw Fault(
                .usage, at: .field("--probe"), "\"\(text)\" is not a point NS:GAMMA",
                remedy: "write two numbers with a colon between, as in 5:2")
        }
        self.init(signalEvents: signalEvents, gamma: gamma)
    }

    /// The field of the trial table that holds ln Λ at this point, such as "log_lambda@5:2".
    public var fieldName: String { Probe.fieldPrefix + description }

    package static let fieldPrefix = "log_lambda@"

    /// The probe that a field of a trial table belongs to, nil for any other field.
    package init?(fieldName: String) {
        guard fieldName.hasPrefix(Probe.fieldPrefix) else { return nil }
        guard let probe = try? Probe(parsing: String(fieldName.dropFirst(Probe.fieldPrefix.count))) else { return nil }
        self = probe
    }
}

extension Probe: CustomStringConvertible {
    /// "NS:GAMMA", each number in its shortest form.
    public var description: String { "\(shortest(signalEvents)):\(shortest(gamma))" }
}
