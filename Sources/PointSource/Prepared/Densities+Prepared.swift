import Numerics

extension BSpline: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(degree)
        writer.write(knots)
        writer.write(coefficients)
    }

    init(from reader: inout PreparedReader) throws {
        let degree = try reader.readInt()
        let (knots, coefficients) = (try reader.readNumbers(), try reader.readNumbers())
        self = try reader.sound { try BSpline(knots: knots, coefficients: coefficients, degree: degree) }
    }
}

/// The slopes are computed from the points.
extension MonotoneCubic: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(x)
        writer.write(y)
    }

    init(from reader: inout PreparedReader) throws {
        let (x, y) = (try reader.readNumbers(), try reader.readNumbers())
        self = try reader.sound { try MonotoneCubic(x: x, y: y) }
    }
}

extension Binning: Preparable {
    func write(to writer: inout PreparedWriter) { writer.write(edges) }

    init(from reader: inout PreparedReader) throws {
        let edges = try reader.readNumbers()
        guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy(<) else {
            throw reader.fault("edges of bins do not ascend")
        }
        self.init(edges: edges)
    }
}

extension BackgroundSpatialDensity: Preparable {
    func write(to writer: inout PreparedWriter) { writer.write(logarithm) }

    init(from reader: inout PreparedReader) throws { self.init(logarithm: try reader.read()) }
}

extension BackgroundEnergyDensity: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(sinDeclination)
        writer.write(log10Energy)
        writer.write(splines)
        writer.write(norms)
    }

    init(from reader: inout PreparedReader) throws {
        let (sinDeclination, log10Energy): (Binning, Binning) = (try reader.read(), try reader.read())
        let splines = try reader.readList(BSpline.self)
        let norms = try reader.readNumbers()
        guard splines.count == sinDeclination.count, norms.count == splines.count else {
            throw reader.fault("\(sinDeclination.count) bins of sin(dec) have \(splines.count) curves")
        }
        self.init(sinDeclination: sinDeclination, log10Energy: log10Energy, splines: splines, norms: norms)
    }
}

extension SignalEnergyDensity: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(curves)
        writer.write(norms)
    }

    init(from reader: inout PreparedReader) throws {
        let curves = try reader.readList(MonotoneCubic.self)
        let norms = try reader.readNumbers()
        guard norms.count == curves.count else { throw reader.fault("a signal density lacks its norm") }
        guard let first = curves.first, curves.allSatisfy({ $0.x == first.x }) else {
            throw reader.fault("the signal densities are not tabulated at the same energies")
        }
        self.init(curves: curves, norms: norms)
    }
}

extension SignalYield: Preparable {
    func write(to writer: inout PreparedWriter) { writer.write(logarithm) }

    init(from reader: inout PreparedReader) throws { self.init(logarithm: try reader.read()) }
}

extension SignalTable: Preparable {
    func write(to writer: inout PreparedWriter) {
        writer.write(gridCount)
        writer.write(values)
    }

    init(from reader: inout PreparedReader) throws {
        let gridCount = try reader.readInt()
        let values = try reader.readTable(of: Double.self)
        guard (3...4096).contains(gridCount), values.count.isMultiple(of: Self.stride(gridCount: gridCount)),
            values.isFinite
        else { throw reader.fault("the table of signal densities lacks complete rows of finite numbers") }
        self.init(gridCount: gridCount, values: values)
    }
}

extension FlatTable<Double> {
    /// Whether all numbers are finite.
    var isFinite: Bool {
        // A sum of zeros times the numbers: 0 unless one of them is infinite or NaN.
        var sum = 0.0
        for i in 0..<count { sum += 0 * self[i] }
        return sum == 0
    }
}
