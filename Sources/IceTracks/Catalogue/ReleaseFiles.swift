import Diagnostics
import Foundation
import Numerics

/// The contents of all files that some datasets need. Each is read once; several are read at the same time.
struct ReleaseFiles {
    private enum Contents: Sendable {
        case events(EventFile)
        case uptime(Uptime)
        case effectiveArea(EffectiveArea)
        case smearing(SmearingMatrix)
    }

    /// A file to be read, by its path relative to the release folder.
    private struct Order: Sendable {
        let file: String
        let read: @Sendable () throws -> (Contents, FileDigest)
    }

    private let contents: [String: (contents: Contents, digest: FileDigest)]

    /// Reads the files.
    ///
    /// - Parameter path: the path of a file that is given relative to the release folder.
    /// - Throws: the `Fault` of the first of the files, in their order, that cannot be used.
    init(_ definitions: [DatasetDefinition], path: (String) -> String) throws {
        var orders: [Order] = []
        for definition in definitions {
            // Single seasons of one configuration share their responses.
            for order in Self.orders(definition, path: path) where !orders.contains(where: { $0.file == order.file }) {
                orders.append(order)
            }
        }
        let results = Slots<Result<(Contents, FileDigest), any Error>?>(orders.map { _ in nil })
        let firstFailure = Slots<Int>([orders.count])
        DispatchQueue.concurrentPerform(iterations: orders.count) { [orders] index in
            // What comes after a file that cannot be used is not needed any more.
            if firstFailure[0] < index { return }
            let result = Result { try orders[index].read() }
            if case .failure = result { firstFailure.update(0) { $0 = min($0, index) } }
            results.update(index) { $0 = result }
        }
        var contents: [String: (contents: Contents, digest: FileDigest)] = [:]
        for (order, result) in zip(orders, results.values) {
            if let result { contents[order.file] = try result.get() }
        }
        self.contents = contents
    }

    private static func orders(_ definition: DatasetDefinition, path: (String) -> String) -> [Order] {
        var orders: [Order] = []
        func add(_ file: String, _ read: @escaping @Sendable (_ path: String) throws -> (Contents, FileDigest)) {
            let path = path(file)
            orders.append(Order(file: file) { try read(path) })
        }
        for season in definition.seasons {
            add(Season.eventFile(of: season)) { path in
                let (events, digest) = try EventTable.read(path, season: season)
                return (.events(events), digest)
            }
            add(Season.uptimeFile(of: season)) { path in
                let (uptime, digest) = try Uptime.read(path, season: season)
                return (.uptime(uptime), digest)
            }
        }
        let configuration = definition.configuration
        add(definition.effectiveAreaFile) { path in
            let (area, digest) = try EffectiveArea.read(path, configuration: configuration)
            return (.effectiveArea(area), digest)
        }
        add(definition.smearingFile) { path in
            let (smearing, digest) = try SmearingMatrix.read(path, configuration: configuration)
            return (.smearing(smearing), digest)
        }
        return orders
    }

    func events(_ file: String) throws -> EventFile {
        guard case .events(let events)? = contents[file]?.contents else { throw Self.notRead(file) }
        return events
    }

    func uptime(_ file: String) throws -> Uptime {
        guard case .uptime(let uptime)? = contents[file]?.contents else { throw Self.notRead(file) }
        return uptime
    }

    func effectiveArea(_ file: String) throws -> EffectiveArea {
        guard case .effectiveArea(let area)? = contents[file]?.contents else { throw Self.notRead(file) }
        return area
    }

    func smearing(_ file: String) throws -> SmearingMatrix {
        guard case .smearing(let smearing)? = contents[file]?.contents else { throw Self.notRead(file) }
        return smearing
    }

    /// What is unusual about a dataset's files.
    func warnings(of definition: DatasetDefinition) -> [String] {
        Release.files(of: [definition]).flatMap { contents[$0]?.digest.warnings ?? [] }
    }

    /// SHA-256 of a dataset's files.
    func digests(of definition: DatasetDefinition) -> [String: String] {
        Release.files(of: [definition]).reduce(into: [:]) { $0[$1] = contents[$1]?.digest.sha256 }
    }

    private static func notRead(_ file: String) -> Fault {
        Fault(.missingInput, at: .file(file), "was not read", remedy: "report this: it should not happen")
    }
}
