import Diagnostics

/// All that is wrong with a configuration file, where reading it for use ends at the first fault.
public struct ConfigurationSurvey: Sendable {
    /// In the order of the file's lines; none for a file that can be used.
    public let faults: [Fault]
    /// The settings that the file makes, but those whose values are of the wrong kind.
    public let keys: [SettingKey]

    /// Reads a file and judges every setting.
    ///
    /// A faulty setting gives way to its default when the others are judged. That the source's position is left to
    /// options is no fault.
    ///
    /// - Throws: `Fault`: missing input for a file that is not there or cannot be read; bad data for one that is not
    ///   valid YAML, since nothing more can be said about it.
    public init(contentsOf file: String) throws {
        try self.init(try ConfigurationReader.text(of: file), file: file)
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
        do {
            _ = try layer.completingPosition().points()
        } catch let fault as Fault {
            faults.append(fault)
        }
        // A stable sort: those of one place stay in the order in which they were found.
        self.faults = faults.sorted { $0.position < $1.position }
    }

    /// What is wrong first with settings whose values are of the right kind, about a key.
    private static func firstFault(of layer: ConfigurationLayer) throws -> Fault? {
        do {
            _ = try Configuration(judging: layer.withoutLists().completingPosition())
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
