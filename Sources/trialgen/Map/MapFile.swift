import Diagnostics
import Files
import HDF5
import Results

/// Writes a map into a file.
enum MapFile {
    /// The formats, by the ending of the file's name.
    enum Format: String, CaseIterable { case h5, csv }

    /// The format of a file.
    ///
    /// - Throws: `Fault` (usage), about `--output`, for another ending.
    static func format(of path: String) throws(Fault) -> Format {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard path.contains("."), let format = Format(rawValue: ending) else {
            throw Fault(
                .usage, at: .field("--output"), "\"\(path)\" does not end in .h5 or .csv",
                remedy: "give a name such as map.h5 or map.csv")
        }
        return format
    }

    /// - Throws: `Fault`: cannot create for a file that must not be replaced, input/output.
    static func write(_ map: SkyMap, to path: String, replace: Bool, inputs: [String]) throws(Fault) {
        switch try format(of: path) {
        case .csv: try Publication.write(map.csv.utf8, to: path, .init(replace: replace), inputs: inputs)
        case .h5:
            try Publication.write(path, .init(replace: replace), inputs: inputs) { temporary throws(Fault) in
                try writeDatasets(map, temporary)
            }
        }
    }

    /// 1-D datasets `east` and `north`, and a 2-D dataset of each number with a row for each `north`.
    private static func writeDatasets(_ map: SkyMap, _ path: String) throws(Fault) {
        let file = try File.create(path)
        let root = try file.root
        try root.attributes.set("fingerprint", map.campaign.fingerprint)
        try root.attributes.set("campaign", map.campaign.text)
        for name in ["east", "north"] {
            try root.createTable(name, layout: .scalar(.float64), chunkRecords: map.grid.size)
                .append(bytes(map.grid.offsets))
        }
        for (name, values) in map.columns {
            let layout = try RecordLayout.rows(of: .float64, columns: map.grid.size)
            try root.createTable(name, layout: layout, chunkRecords: map.grid.size).append(bytes(values))
        }
        try file.close()
    }

    static func bytes(_ numbers: [Double]) -> [UInt8] {
        numbers.reduce(into: []) { $0.append(littleEndian: $1.bitPattern) }
    }
}
