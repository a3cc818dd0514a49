import Diagnostics
import Foundation

/// One of the searches in a campaign with lists: one source, one injected spectrum, one range of energies.
///
/// A point is an ordinary campaign: it has its own fingerprint, chunks and merged file, and its trials are those of a
/// campaign without lists. A campaign without lists has one point, without a number.
public struct CampaignPoint: Sendable, Equatable {
    /// Its position in the product of the lists, from 0; nil if there are no lists.
    public let number: Int?
    /// Its settings, without lists.
    public let layer: ConfigurationLayer
    /// The settings, if they were checked when the points were made.
    private let judged: Configuration?

    /// The largest number of points of a campaign.
    public static let largestCount = 10_000

    /// The settings, complete and checked.
    ///
    /// - Throws: `Fault` as `Configuration`.
    public func configuration() throws -> Configuration { try judged ?? Configuration(layer) }

    init(number: Int?, layer: ConfigurationLayer, judged: Configuration? = nil) {
        (self.number, self.layer, self.judged) = (number, layer, judged)
    }

    /// The point's own file for a path of the campaign: the number is inserted before the extension, so that
    /// "merged.h5" becomes "merged-p0007.h5" for point 7. Without a number, the path itself.
    public func path(_ path: String) -> String {
        guard let number else { return path }
        return Self.path(path, digits: number.digits(atLeast: 4))
    }

    /// The file of the point whose number has these four digits.
    public static func path(_ path: String, digits: String) -> String {
        let name = path as NSString
        let stem = name.deletingPathExtension + "-p" + digits
        return name.pathExtension.isEmpty ? stem : "\(stem).\(name.pathExtension)"
    }
}

extension ConfigurationLayer {
    /// The points of the campaign: every combination of the listed sources, gammas and energy ranges. The last of these
    /// varies fastest.
    ///
    /// - Throws: `Fault` (usage): for a list together with a single value of the same setting, an empty list, too many
    ///   points, or the same point twice; as `Configuration` for a setting of a point.
    public func points() throws -> [CampaignPoint] {
        guard !lists.isEmpty else { return [CampaignPoint(number: nil, layer: self)] }
        var layers = [withoutLists()]
        for list in lists {
            let value = self[list]?.value
            let values = (value as? SourceList)?.items.map(\.layer) ?? value as? [ConfigurationLayer] ?? []
            try checkList(list, count: values.count)
            guard layers.count <= CampaignPoint.largestCount / values.count else {
                throw fault(
                    list, "makes more than \(CampaignPoint.largestCount) points together with the other lists",
                    remedy: "shorten a list, or split it into several campaigns")
            }
            layers = layers.flatMap { layer in values.map { layer.overridden(by: $0) } }
        }
        let points = try layers.enumerated().map { CampaignPoint(number: $0, layer: $1, judged: try Configuration($1)) }
        var known: [String: Int] = [:]
        for (number, point) in points.enumerated() {
            if let twin = known.updateValue(number, forKey: try point.configuration().canonicalYAML) {
                throw fault(
                    lists[0], "makes the points \(twin) and \(number) identical",
                    remedy: "remove the repeated values from the lists")
            }
        }
        return points
    }

    /// - Throws: `Fault` (usage) for an empty list, and for one together with a single value of the same setting.
    func checkList(_ list: SettingKey, count: Int) throws(Fault) {
        guard count > 0 else {
            throw fault(list, "is an empty list", remedy: "list at least one, or remove the key")
        }
        if let single = singleKey(of: list) {
            throw fault(list, "and \(single.name) are both given", remedy: "keep one of them")
        }
    }

    private func fault(_ list: SettingKey, _ problem: String, remedy: String) -> Fault {
        Fault(.usage, at: place(of: list) ?? .field(list.name), "\(list.name) \(problem)", remedy: remedy)
    }
}
