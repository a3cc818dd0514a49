import Diagnostics
import Files
import HDF5
import PointSource
import Results

/// Writes a map of the whole sky into a file.
enum AllSkyMapFile {
    /// The number that healpy has for pixels without a value.
    private static let unseen = -1.6375e30

    /// - Throws: `Fault`: cannot create for a file that must not be replaced, input/output.
    static func write(_ map: AllSkyMap, to path: String, replace: Bool, inputs: [String]) throws(Fault) {
        switch try MapFile.format(of: path) {
        case .csv: try Publication.write(map.csv.utf8, to: path, .init(replace: replace), inputs: inputs)
        case .h5:
            try Publication.write(path, .init(replace: replace), inputs: inputs) { temporary throws(Fault) in
                try writeDatasets(map, temporary)
            }
        }
    }

    /// A 1-D dataset of each number with a value for every pixel of the sphere, and the group `fine` with those of finer
    /// pixels, their sides and numbers.
    private static func writeDatasets(_ map: AllSkyMap, _ path: String) throws(Fault) {
        let file = try File.create(path)
        let root = try file.root
        try root.attributes.set("fingerprint", map.campaign.fingerprint)
        try root.attributes.set("campaign", map.campaign.text)
        try root.attributes.set("nside", Int64(map.grid.coarse.side))
        try describe(root)
        let first = map.grid.range(of: map.grid.coarse).lowerBound
        for (name, values) in map.columns(of: map.map.coarse) {
            var all = [Double](repeating: unseen, count: map.grid.coarse.pixelCount)
            all.replaceSubrange(first..<first + values.count, with: values)
            try root.createTable(name, layout: .scalar(.float64), chunkRecords: 4096).append(MapFile.bytes(all))
        }
        let fine = try root.createGroup("fine")
        try describe(fine)
        let places = map.map.fine
        for (name, values) in [("nside", places.map(\.side)), ("pixel", places.map(\.pixel))] {
            var bytes: [UInt8] = []
            for value in values { bytes.append(littleEndian: Int64(value)) }
            try fine.createTable(name, layout: .scalar(.int64), chunkRecords: 4096).append(bytes)
        }
        let positions = [
            ("ra", places.map(\.position.rightAscension)), ("dec", places.map(\.position.declination)),
        ]
        for (name, values) in positions + map.columns(of: places) {
            try fine.createTable(name, layout: .scalar(.float64), chunkRecords: 4096).append(MapFile.bytes(values))
        }
        try file.close()
    }

    private static func describe(_ group: Group) throws(Fault) {
        try group.attributes.set("ordering", "RING")
        try group.attributes.set("coordsys", "C")
    }
}
