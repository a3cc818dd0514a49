import Diagnostics
import Foundation
import Numerics

/// The contents of all files of some datasets. Each is read once; several are read at the same time.
struct ReleaseFiles {
    /// A file to read, by its path relative to the release folder.
    private struct Order: Sendable {
        let file: String
        let read: @Sendable () throws -> Contents
    }

    /// The contents of a file, with the type of its reader.
    private typealias Contents = (value: any Sendable, digest: FileDigest)

    private let contents: [String: Contents]
    /// SHA-256 of all files, in their order.
    let digests: [(file: String, sha256: String)]

    /// Reads the files.
    ///
    /// - Parameter path: makes a full path from one relative to the release folder.
    /// - Throws: the `Fault` of the first file, in their order, that cannot be used.
    init(_ definitions: [DatasetDefinition], path: (String) -> String) throws {
        var orders: [Order] = []
        for definition in definitions {
            // Seasons with the same configuration share their responses.
            for order in Self.orders(definition, path: path) where !orders.contains(where: { $0.file == order.file }) {
                orders.append(order)
            }
        }
        let results = Slots<Result<Contents, any Error>?>(orders.map { _ in nil })
        let firstFailure = Slots<Int>([orders.count])
        performConcurrently(orders.count) { [orders] index in
            // Files after one that cannot be used are not needed.
            if firstFailure[0] < index { return }
            let result = Result { try orders[index].read() }
            if case .failure = result { firstFailure.update(0) { $0 = min($0, index) } }
            results.update(index) { $0 = result }
        }
        var contents: [String: Contents] = [:]
        for (order, result) in zip(orders, results.values) {
            if let result { contents[order.file] = try result.get() }
        }
        self.contents = contents
        digests = orders.compactMap { order in contents[order.file].map { (order.file, $0.digest.sha256) } }
    }

    private static func orders(_ definition: DatasetDefinition, path: (String) -> String) -> [Order] {
        var orders: [Order] = []
        func add<Value: Sendable>(
            _ file: String, _ read: @escaping @Sendable (_ path: String) throws -> (Value, FileDigest)
        ) {
            let path = path(file)
            orders.append(Order(file: file) { try read(path) })
        }
        for season in definition.seasonFiles {
            add(season.events) {
                try EventTable.read(
                    $0, season: season.name, columns: definition.columns, floor: definition.angularErrorFloorDegrees)
            }
            add(season.uptime) { try Uptime.read($0, season: season.name) }
        }
        let configuration = definition.configuration
        add(definition.effectiveAreaFile) { try EffectiveArea.read($0, configuration: configuration) }
        add(definition.smearingFile) { try SmearingMatrix.read($0, configuration: configuration) }
        return orders
    }

    /// The contents of one of the files.
    func contents<Value>(of file: String) throws(Fault) -> Value {
        guard let value = contents[file]?.value as? Value else {
            throw Fault(.missingInput, at: .file(file), "was not read", remedy: "report this: it should not happen")
        }
        return value
    }

    /// Unusual facts about a dataset's files.
    func warnings(of definition: DatasetDefinition) -> [String] {
        Release.files(of: [definition]).flatMap { contents[$0]?.digest.warnings ?? [] }
    }

    /// SHA-256 of a dataset's files.
    func digests(of definition: DatasetDefinition) -> [String: String] {
        Release.files(of: [definition]).reduce(into: [:]) { $0[$1] = contents[$1]?.digest.sha256 }
    }
}
