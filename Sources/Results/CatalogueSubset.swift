import Diagnostics
import PointSource
import Settings

/// The sources of a catalogue that a search looks at.
public struct CatalogueSubset: Sendable {
    /// "all", "north", "south" or "chosen".
    public let title: String
    /// Their positions in the campaign's list, ascending.
    public let indices: [Int]

    /// - Parameter text: "north" (declination −5° and above), "south", or the names of sources separated by commas; nil
    ///   for all.
    /// - Throws: `Fault` (usage) for an unknown or repeated name, and for a part of the sky without sources.
    public init(_ text: String?, of sources: [ListedSource], option: String) throws(Fault) {
        guard let text else {
            (title, indices) = ("all", Array(sources.indices))
            return
        }
        if let hemisphere = SkyGrid.Hemisphere(rawValue: text) {
            title = text
            indices = sources.indices.filter {
                SkyGrid.Hemisphere(declination: sources[$0].declinationDegrees) == hemisphere
            }
            guard !indices.isEmpty else {
                throw Fault(
                    .usage, at: .field(option), "no source of the catalogue lies in the \(text)",
                    remedy: "leave \(option) out, or name sources")
            }
            return
        }
        let names = sources.map(\.source.name)
        // The name of a source may contain a comma.
        let wanted =
            names.contains(text)
            ? [text]
            : text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
        var chosen = Set<Int>()
        for name in wanted {
            guard let index = names.firstIndex(of: name) else {
                let hint = suggestion(nearestName(to: name, in: names + ["north", "south"]))
                throw Fault(
                    .usage, at: .field(option), "\"\(name)\" is not a source of the catalogue",
                    remedy: "\(hint)Give north, south, or names of sources separated by commas")
            }
            guard chosen.insert(index).inserted else {
                throw Fault(.usage, at: .field(option), "\"\(name)\" is given twice", remedy: "name each source once")
            }
        }
        (title, indices) = ("chosen", chosen.sorted())
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let front = drop { $0 == " " }
        return String(front.reversed().drop { $0 == " " }.reversed())
    }
}
