import Console
import Diagnostics
import Results

extension ReportPage {
    /// Sensitivity and discovery potential of several campaigns.
    func curveSection() throws(Fault) -> HTML {
        var parts = [try drawn(report.curveFigures)]
        for curve in report.curves { parts += curve.quantities.indices.map { table(curve, $0).html } }
        parts.append(notes(report.curveWarnings))
        return section("Curves", "curves", parts)
    }

    private func table(_ curve: CurveFile, _ quantity: Int) -> HTMLTable {
        let title = curve.quantities[quantity].title
        var table = HTMLTable(
            "\(title.prefix(1).uppercased() + title.dropFirst()): Φ₀ at \(NumberFormat.plain(curve.referenceEnergy)) GeV in "
                + "\(Self.fluxUnit), E² Φ in TeV cm⁻² s⁻¹ at the energy E.",
            [
                .name("source"), .number("δ, degrees"), .number("γ"), .name("true energies"), .number("Φ₀"),
                .number("E² Φ"), .number("E, GeV"),
            ])
        for point in curve.points {
            let result = point.results[quantity]
            table.add([
                point.name, NumberFormat.plain(point.declination), NumberFormat.plain(point.gamma), point.energies,
                flux(result.flux, result.fluxLow, result.fluxHigh),
                flux(result.energyFlux, result.energyFluxLow, result.energyFluxHigh),
                NumberFormat.significant(point.quotedEnergy, 3),
            ])
        }
        return table
    }

    private func flux(_ value: Double?, _ low: Double?, _ high: Double?) -> String {
        value.map { NumberFormat.flux($0, low: low ?? 0, high: high ?? .infinity) } ?? "–"
    }
}
