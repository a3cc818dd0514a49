import Console
import Foundation
import Results

extension FuzzTarget {
    static func readResult(_ bytes: UnsafeRawBufferPointer) throws {
        guard let kind = bytes.first else { return }
        let rest = Data(bytes.dropFirst())
        // What was read is written so that it reads the same.
        switch kind % 4 {
        case 0:
            let result = try UnblindResult.parse(rest)
            let text = JSONValue.object(result.allMembers).description
            precondition((try? UnblindResult.parse(Data(text.utf8))) == result)
        case 1:
            let result = try ScanResult.parse(rest)
            precondition((try? ScanResult.parse(Data(result.json.description.utf8))) == result)
            _ = try LikelihoodScan(result).maximum
        case 2:
            let curves = try CurveFile.parse(rest)
            for axis in curves.drawnAxes { _ = curves.series(along: axis) }
        default:
            let list = try ListResult.parse(rest)
            _ = try list.testStatistics(of: [], file: "list.json")
        }
    }
}
