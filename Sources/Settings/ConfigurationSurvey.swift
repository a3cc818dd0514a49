import Diagnostics
import StrictYAML

/// All faults of a configuration file; other readers stop at the first one.
public struct ConfigurationSurvey: Sendable {
    /// In the order of the file's lines; empty for a valid file.
    public private(set) var faults: [Fault]
    /// The settings in the file, except those whose values are of the wrong kind.
    public let keys: [SettingKey]
    /// The settings of a file without faults.
    private let layer: ConfigurationLayer

    /// Reads a file and checks every setting.
    ///
    /// An invalid setting is replaced by its default to check the others. A missing source position is not a fault,
    /// since options can give it.
    ///
    /// - Throws: `Fault`: missing input for a file that does not exist or cannot be read; bad data for invalid YAML,
    ///   which prevents further checks.
    public init(contentsOf file: String) throws {
        try self.init(try YAMLDocument.text(of: file), file: file)
    }

    init(_ text: String, file: String) throws {
        var reader = ConfigurationReader(file: file)
        var layer = try reader.survey(text)
        var faults = reader.faults
        keys = layer.keys
        while let fault = try ConfigurationSurvey.firstFault(of: layer) {
            do {
                try layer.locatingFaults { throw fault }
            } catch let located as Fault {
                faults.append(located)
            }
            guard case .field(let name)? = fault.place else { break }
            let faulty = layer.keys(atOrBelow: name)
            if faulty.isEmpty { break }
            for key in faulty { layer[key] = nil }
        }
        // A list that could not be read is not a missing one.
        if !reader.faults.isEmpty, layer.sources == nil { layer = layer.withoutListSearch() }
        do {
            for point in try layer.completingPosition().points() { _ = try point.configuration() }
        } catch let fault as Fault {
            faults.append(fault)
        }
        self.layer = layer
        // The sort is stable: faults at one place keep the order in which they were found.
        self.faults = faults.sorted { $0.position < $1.position }
    }

    /// Adds the first fault that the comparison of the listed energy ranges with a release finds; of a file with other
    /// faults or without a list, nothing is compared.
    ///
    /// - Parameter compare: compares the range of one point; throws `Fault` about a setting.
    public mutating func compareEnergyRanges(with compare: (Configuration) throws -> Void) throws {
        guard faults.isEmpty, layer.energyRanges != nil else { return }
        do {
            for point in try layer.completingPosition().points() {
                let configuration = try point.configuration()
                try layer.locatingFaults { try compare(configuration) }
            }
        } catch let fault as Fault {
            faults.append(fault)
        }
    }

    /// The first fault about a key among settings whose values are of the right kind.
    private static func firstFault(of layer: ConfigurationLayer) throws -> Fault? {
        do {
            _ = try Configuration(judging: layer.withoutListSearch().withoutLists().completingPosition())
            return nil
        } catch let fault as Fault {
            return fault
        }
    }
}

extension Fault {
    /// Line and column, 0 where there is none.
    fileprivate var position: (line: Int, column: Int) {
        switch place {
        case .line(_, let line)?: (line, 0)
        case .column(_, let line, let column)?: (line, column)
        case .file?, .field?, nil: (0, 0)
        }
    }
}
