/// The valid name that a mistyped one most likely means, or nil if none is near.
///
/// Distances count inserted, deleted, replaced and swapped neighbouring characters (optimal string alignment,
/// a restricted Damerau–Levenshtein distance) and ignore case. A name is near when it differs in at most a third
/// of the longer name's characters, and at least one difference is always forgiven; of several equally near
/// ones the first in `candidates` is returned.
///
/// Complexity: O(n · m) per candidate.
public func nearestName(to name: String, in candidates: [String]) -> String? {
    let wanted = Array(name.lowercased())
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased())
        let forgiven = max(1, max(wanted.count, letters.count) / 3)
        // At least this many letters must be added or removed; and a name from a file may be as long as the file.
        guard abs(wanted.count - letters.count) <= forgiven else { continue }
        let distance = alignmentDistance(wanted, letters)
        guard distance <= forgiven, distance < (best?.distance ?? .max) else { continue }
        best = (candidate, distance)
    }
    return best?.name
}

/// Optimal string alignment distance, with three rows of the table.
private func alignmentDistance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: second.count + 1)
    var previous = Array(0...second.count)
    for i in first.indices {
        var current = [i + 1]
        current.reserveCapacity(second.count + 1)
        for j in second.indices {
            let replaced = previous[j] + (first[i] == second[j] ? 0 : 1)
            var distance = min(replaced, previous[j + 1] + 1, current[j] + 1)
            if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                distance = min(distance, beforePrevious[j - 1] + 1)
            }
            current.append(distance)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[second.count]
}
