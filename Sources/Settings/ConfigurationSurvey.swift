import Diagnostics

/// All that is wrong with a configuration file, where reading it for use ends at the first fault.
public struct ConfigurationSurvey: Sendable {
    /// In the order of the file's lines; none for a file that can be used.
    public let faults: [Fault]
    /// The settings that the file makes, but those whose values are of the wrong kind.
    public let keys: [ConfigurationKey]

    /// Reads a file and judges every setting.
    ///
    /// A faulty setting gives way to its default when the others are judged. That the source's position is left to
    /// options is no fault.
    ///
    /// - Throws: `Fault`: missing input for a file that is not there or cannot be read; bad data for one that is no
    ///   YAML, since nothing more can be said about it.
    public init(contentsOf file: String) throws {
        try self.init(try ConfigurationReader.text(of: file), file: file)
    }

    init(_ text: String, file: String) throws {
        var reader = ConfigurationReader(file: file)
        var layer = try reader.survey(text)
        var faults = reader.faults
        keys = ConfigurationKey.allCases.filter { layer.places[$0] != nil }
        while let fault = try ConfigurationSurvey.firstFault(of: layer) {
            do {
                try layer.locatingFaults { throw fault }
            } catch let located as Fault {
                faults.append(located)
            }
            let faulty = layer.keys(of: fault)
            if faulty.isEmpty { break }
            reader.ignoredKeys.formUnion(faulty)
            layer = try reader.survey(text)
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

extension ConfigurationLayer {
    /// These settings, and the origin of the sky in place of a source's coordinate that they leave out.
    func completingPosition() -> ConfigurationLayer {
        var layer = self
        layer.rightAscension = rightAscension ?? 0
        layer.declination = declination ?? 0
        return layer
    }

    /// The settings made here that a fault about a key ("source.dec", or "fit.ns" for what lies below) is about.
    fileprivate func keys(of fault: Fault) -> [ConfigurationKey] {
        guard case .field(let name)? = fault.place else { return [] }
        return places.keys.filter { $0.rawValue == name || $0.rawValue.hasPrefix(name + ".") }
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
