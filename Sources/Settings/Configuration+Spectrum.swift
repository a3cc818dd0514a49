import Diagnostics
import Numerics
import PointSource

/// The words for shapes of spectra, and the keys below `flux` that belong to each.
enum ShapeWord: String, CaseIterable {
    case powerLaw = "power-law"
    case cutoff
    case logParabola = "log-parabola"
    case brokenPowerLaw = "broken-power-law"
    case table

    var keys: [String] {
        switch self {
        case .powerLaw: ["gamma"]
        case .cutoff: ["gamma", "ecut"]
        case .logParabola: ["alpha", "beta"]
        case .brokenPowerLaw: ["gamma1", "gamma2", "ebreak", "smoothness"]
        case .table: ["file", "table", "peak"]
        }
    }

    /// An example for messages.
    var example: String {
        switch self {
        case .powerLaw: "flux: {shape: power-law, gamma: 2}"
        case .cutoff: "flux: {shape: cutoff, gamma: 2, ecut: 1e5}"
        case .logParabola: "flux: {shape: log-parabola, alpha: 2, beta: 0.2}"
        case .brokenPowerLaw: "flux: {shape: broken-power-law, gamma1: 2, gamma2: 3, ebreak: 1e5}"
        case .table: "flux: {shape: table, file: spectrum.txt}"
        }
    }

    /// The keys of all shapes.
    static let allKeys = Set(allCases.flatMap(\.keys))

    /// - Throws: `Fault` (usage), about the key, for an unknown word.
    init(_ word: String, key: SettingKey, among words: [ShapeWord] = allCases) throws(Fault) {
        guard let shape = ShapeWord(rawValue: word), words.contains(shape) else {
            throw Fault(unknown: word, "shape", among: words.map(\.rawValue), at: key.name)
        }
        self = shape
    }
}

extension SpectrumShape {
    /// The word for a shape that is not a power law.
    var word: String? {
        switch self {
        case .powerLaw: nil
        case .logParabola: ShapeWord.logParabola.rawValue
        case .brokenPowerLaw: ShapeWord.brokenPowerLaw.rawValue
        case .table: ShapeWord.table.rawValue
        }
    }

    var brokenPowerLaw: BrokenPowerLaw? { if case .brokenPowerLaw(let law) = self { law } else { nil } }
    var logParabola: (alpha: Double, beta: Double)? {
        if case .logParabola(let alpha, let beta) = self { (alpha, beta) } else { nil }
    }
    var table: (table: SpectrumTable, peak: Double)? {
        if case .table(let table, let peak) = self { (table, peak) } else { nil }
    }
}

extension SpectrumFamily {
    var table: SpectrumTable? { if case .table(let table) = self { table } else { nil } }
}

extension Configuration {
    /// The injected spectrum.
    ///
    /// - Throws: `Fault`: usage, about a key, for keys that do not fit the shape; as ``SpectrumFile`` for its file.
    static func spectrum(_ layer: ConfigurationLayer) throws(Fault) -> EnergySpectrum {
        let shape = try shape(of: layer)
        try check(layer, shape)
        var spectrum = EnergySpectrum(gamma: layer.gamma ?? 2)
        if let cutoff = layer.cutoffEnergy { spectrum.cutoffEnergy = cutoff }
        switch shape {
        case nil, .powerLaw: break
        case .cutoff: _ = try required(\.cutoffEnergy, layer, .cutoff)
        case .logParabola:
            spectrum.shape = .logParabola(
                alpha: try required(\.alpha, layer, .logParabola), beta: try required(\.beta, layer, .logParabola))
        case .brokenPowerLaw:
            spectrum.shape = .brokenPowerLaw(
                BrokenPowerLaw(
                    lowIndex: try required(\.lowIndex, layer, .brokenPowerLaw),
                    highIndex: try required(\.highIndex, layer, .brokenPowerLaw),
                    breakEnergy: try required(\.breakEnergy, layer, .brokenPowerLaw),
                    smoothness: layer.smoothness ?? 0))
        case .table:
            guard let table = try table(layer.spectrumTable, layer.spectrumFile) else {
                throw missing(SettingTable.standard.spectrumFile.key, .table)
            }
            spectrum.shape = .table(table, peak: layer.peak ?? Portable.log10(table.peakEnergy))
        }
        if let energy = layer.referenceEnergy { spectrum.referenceEnergy = energy }
        return spectrum
    }

    /// The fitted family.
    ///
    /// - Parameter injected: its table is fitted if the fit has none of its own.
    /// - Throws: as ``spectrum(_:)``.
    static func family(_ layer: ConfigurationLayer, injected: EnergySpectrum) throws(Fault) -> SpectrumFamily {
        let own = try table(layer.fitTable, layer.fitFile)
        let key = SettingTable.standard.fitShape.key
        let shape = try layer.fitShape.map { word throws(Fault) in
            try ShapeWord(word, key: key, among: [.powerLaw, .table])
        }
        guard (shape ?? (own == nil ? .powerLaw : .table)) == .table else {
            if let stray = layer.keys.first(where: {
                $0.isAtOrBelow("fit.peak") || $0.name == "fit.file" || $0.name == "fit.table"
            }) {
                throw Fault(
                    .usage, at: .field(stray.name), "belongs to the shape table, but the fit is of a power law",
                    remedy: "give fit: {shape: table, file: spectrum.txt}, or leave it out")
            }
            return .powerLaw
        }
        if let stray = layer.keys.first(where: { $0.isAtOrBelow("fit.gamma") }) {
            throw Fault(
                .usage, at: .field(stray.name), "belongs to the shape power-law, but the fit is of a table",
                remedy: "give the bounds of the peak, as in fit: {peak: {min: 3, max: 7}}, or leave it out")
        }
        guard let table = own ?? injected.shape.table?.table else {
            throw Fault(
                .usage, at: .field(key.name), "the shape table needs \(SettingTable.standard.fitFile.key.name)",
                remedy: "add it, as in fit: {shape: table, file: spectrum.txt}")
        }
        return .table(table)
    }

    private static func shape(of layer: ConfigurationLayer) throws(Fault) -> ShapeWord? {
        if let word = layer.spectrumShape { return try ShapeWord(word, key: SettingTable.standard.spectrumShape.key) }
        return layer.spectrumFile != nil || layer.spectrumTable != nil ? .table : nil
    }

    /// - Throws: `Fault` (usage) for a key of another shape.
    private static func check(_ layer: ConfigurationLayer, _ shape: ShapeWord?) throws(Fault) {
        let allowed = Set(shape?.keys ?? ShapeWord.cutoff.keys)
        for key in layer.keys where key.isAtOrBelow("flux") {
            let name = String(key.name.dropFirst("flux.".count))
            guard ShapeWord.allKeys.contains(name), !allowed.contains(name) else { continue }
            if name == "ecut", layer.cutoffEnergy == .infinity { continue }
            let owners = ShapeWord.allCases.filter { $0.keys.contains(name) }.map(\.rawValue)
            throw Fault(
                .usage, at: .field(key.name),
                "belongs to the shape \(owners.joined(separator: " or ")), but the spectrum is a "
                    + (shape ?? .powerLaw).rawValue,
                remedy: "leave it out, or give flux.shape (--shape)")
        }
    }

    private static func required(
        _ path: KeyPath<SettingTable, Setting<Double>>, _ layer: ConfigurationLayer, _ shape: ShapeWord
    ) throws(Fault) -> Double {
        let setting = SettingTable.standard[keyPath: path]
        guard let value = layer[setting] else { throw missing(setting.key, shape) }
        return value
    }

    private static func missing(_ key: SettingKey, _ shape: ShapeWord) -> Fault {
        Fault(
            .usage, at: .field(SettingTable.standard.spectrumShape.key.name),
            "the shape \(shape.rawValue) needs \(key.name)", remedy: "add it, as in \(shape.example)")
    }

    private static func table(_ table: SpectrumTable?, _ file: String?) throws(Fault) -> SpectrumTable? {
        if let table { return table }
        return try file.map { path throws(Fault) in try SpectrumFile.table(of: path) }
    }
}

extension SettingKind<SpectrumTable> {
    /// A list of pairs of an energy in GeV and E² dN/dE.
    static let spectrum = SettingKind(
        read: { node throws(Fault) in
            let example = "a list of energies with E^2 dN/dE, as in [[1e3, 1e-9], [1e5, 3e-9], [1e7, 1e-9]]"
            let rows = try node.items(example) { item throws(Fault) in
                guard case .sequence(let numbers) = item.node, numbers.count == 2 else {
                    throw item.wrongKind("a pair")
                }
                return [try item.with(numbers[0]).number(), try item.with(numbers[1]).number()]
            }
            do throws(Fault) {
                return try SpectrumTable(energies: rows.map { $0[0] }, energyFluxes: rows.map { $0[1] })
            } catch {
                throw node.fault("\(node.path): \(error.problem)", remedy: error.remedy)
            }
        },
        show: { table in
            .list(zip(table.energies, table.energyFluxes).map { .list([.number($0), .number($1)]) })
        })
}
