import Diagnostics
import Testing

/// Expects a fault of the given kind whose sentence contains all the given texts.
@discardableResult
public func expectFault(
    _ kind: Fault.Kind, _ texts: String..., at location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> Fault? {
    do {
        try body()
        Issue.record("no fault was thrown", sourceLocation: location)
    } catch let fault as Fault {
        #expect(fault.kind == kind, "\(fault)", sourceLocation: location)
        for text in texts { #expect(fault.description.contains(text), "\(fault)", sourceLocation: location) }
        return fault
    } catch {
        Issue.record("not a fault: \(error)", sourceLocation: location)
    }
    return nil
}
