import Diagnostics
import StrictYAML

extension YAMLNode {
    /// Two energies in GeV.
    func energyRange() throws(Fault) -> [Double] {
        guard case .sequence(let items) = node, items.count == 2 else {
            throw wrongKind("two energies in GeV, as in [1000, 1e6]")
        }
        return [try with(items[0]).number(), try with(items[1]).number()]
    }
}
