import Console
import Diagnostics
import Inference

/// Sensitivity and discovery potential of the points of a curve, also as comma-separated values.
public struct CurveSummary: CommandResult {
    let quantities: [CurveQuantity]
    /// In the order of the curve; at least one.
    let points: [CurvePoint]
    /// The probability content of the intervals.
    let confidence: Double

    public init(quantities: [CurveQuantity], points: [CurvePoint], confidence: Double) {
        self.quantities = quantities
        self.points = points
        self.confidence = confidence
    }

    /// Whether no point has any number.
    public var isEmpty: Bool { points.allSatisfy { $0.detections.allSatisfy { $0.found == nil } } }

    /// Missing numbers, and numbers from trials whose mu are too far apart.
    public var warnings: [String] {
        quantities.enumerated().flatMap { index, quantity in
            let lacking = points.compactMap { point -> String? in
                guard case .failure(let fault) = point.detections[index].signal else { return nil }
                return "\(point.description.title): \(fault)"
            }
            // One sentence for a point, since points are counted.
            let coarse = points.compactMap { point -> String? in
                let warnings = point.detections[index].warnings
                return warnings.isEmpty ? nil : "\(point.description.title): \(warnings.joined(separator: " "))"
            }
            return [("no answer for", lacking), ("a rough answer for", coarse)].compactMap { what, sentences in
                sentences.first.map {
                    "\(quantity.title): \(what) \(sentences.count) of \(points.count) points; the first is \($0)"
                }
            }
        }
    }

    /// The axes along which points differ.
    private var axes: Set<PointDescription.Axis> { PointDescription.axes(of: points.map(\.description)) }

    public var text: String {
        let (axes, configuration) = (axes, points[0].campaign.configuration)
        let datasets = "\(configuration.sample.name): \(configuration.datasets.joined(separator: ", "))"
        let title = points[0].description.title(leavingOut: axes)
        var sections = [Section(title.isEmpty ? datasets : "\(datasets)\n\(title)")]
        for (index, quantity) in quantities.enumerated() {
            sections.append(Section("\(quantity.title): \(quantity.criterion.explanation)\n", table(index, axes)))
        }
        let place = axes.contains(.energies) ? "\nat the middle, in lg E, of the true energies" : ""
        sections.append(
            Section(
                """
                Phi0 in GeV^-1 cm^-2 s^-1 at \(points[0].campaign.referenceEnergyText), E^2 Phi in TeV cm^-2 s^-1\(place);
                + and −: relative \(NumberFormat.percent(confidence)) % uncertainties
                """))
        return sections.text
    }

    private func table(_ quantity: Int, _ axes: Set<PointDescription.Axis>) -> Table {
        let shown = axes.isEmpty ? [.declination] : axes
        var columns = PointDescription.columns(of: shown)
        columns += [
            .number("mu"), .number("+", unit: "%"), .number("−", unit: "%"), .number("Phi0"), .number("E^2 Phi"),
        ]
        var table = Table(columns)
        for point in points {
            var cells = point.description.cells(of: shown)
            if let signal = point.detections[quantity].found {
                let errors = [signal.muHigh, signal.muLow].map { end in
                    end.map { NumberFormat.significant(100 * ($0 / signal.mu - 1).magnitude, 2) } ?? "inf"
                }
                let campaign = point.campaign
                let fluxes = [campaign.fluxPerEvent, campaign.energyFluxPerEvent(at: point.quotedEnergy)]
                cells += [NumberFormat.significant(signal.mu, 3)] + errors
                // Imported trials may lack a flux.
                cells += fluxes.map { $0.isFinite ? NumberFormat.flux(signal.mu * $0) : "-" }
            } else {
                cells += ["-", "-", "-", "-", "-"]
            }
            table.add(cells)
        }
        return table
    }

    /// Fluxes are normalisations at `e0` (GeV) in GeV⁻¹ cm⁻² s⁻¹; `e2_flux` is E² Phi in TeV cm⁻² s⁻¹ at `e2_energy`
    /// (GeV). A number that the trials do not determine is null, with the reason.
    public var members: [JSONValue.Member] {
        let configuration = points[0].campaign.configuration
        return [
            .init("sample", .string(configuration.sample.name)),
            .init("campaign", .string(points[0].campaign.text)),
            .init("datasets", .strings(configuration.datasets)),
            .init("e0", .number(configuration.settings.spectrum.referenceEnergy)),
            .init("ecut", .number(configuration.settings.spectrum.cutoffEnergy)),
            .init("confidence", .number(confidence)),
            .init("axes", .strings(PointDescription.Axis.allCases.filter(axes.contains).map(\.rawValue))),
            .init("quantities", .array(quantities.map(\.json))),
            .init("points", .array(points.map(json))),
        ]
    }

    private func json(_ point: CurvePoint) -> JSONValue {
        .object(
            point.description.members.filter { $0.key != "point" } + [
                .init("fingerprint", .string(point.campaign.fingerprint)),
                .init("files", .strings(point.files)),
                .init("flux_per_event", .number(point.campaign.fluxPerEvent)),
                .init("e2_energy", .number(point.quotedEnergy)),
                .init("n_background", .integer(point.backgroundTrials)),
                .init("n_signal", .integer(point.signalTrials)),
                .init("results", .array(point.detections.map { json(of: $0, at: point) })),
            ])
    }

    private func json(of detection: Detection, at point: CurvePoint) -> JSONValue {
        let numbers = point.numbers(of: detection)
        return switch detection.signal {
        case .success(let signal):
            .object(
                numbers + [
                    .init("threshold_method", .string(signal.threshold.method.rawValue)),
                    .init("method", .string(signal.method)),
                ])
        case .failure(let fault): .object(numbers + [.init("reason", .string("\(fault)"))])
        }
    }

    /// A heading, and a line for each quantity of each point (RFC 4180); names as in ``json``.
    public var csv: String {
        let names = points[0].numbers(of: points[0].detections[0]).map(\.key)
        let heading = [
            "quantity", "sigma", "power", "name", "ra", "dec", "gamma", "energy_low", "energy_high", "energy_low_asked",
            "energy_high_asked", "e0", "e2_energy",
        ]
        var lines = [(heading + names + ["n_background", "n_signal"]).joined(separator: ",")]
        func cell(_ value: Double?) -> String { value.flatMap { $0.isFinite ? NumberFormat.plain($0) : nil } ?? "" }
        for point in points {
            let description = point.description
            for (quantity, detection) in zip(quantities, point.detections) {
                let cells = [
                    quantity.kind, cell(quantity.sigma), cell(quantity.criterion.power), Self.quoted(description.name),
                    cell(description.rightAscension), cell(description.declination), cell(description.gamma),
                    cell(description.energyRange?.lower), cell(description.energyRange?.upper),
                    cell(description.askedRange?.lower), cell(description.askedRange?.upper),
                    cell(point.campaign.configuration.settings.spectrum.referenceEnergy), cell(point.quotedEnergy),
                ]
                let numbers = point.numbers(of: detection).map { member in
                    if case .number(let value) = member.value { cell(value) } else { "" }
                }
                let counts = [String(point.backgroundTrials), String(point.signalTrials)]
                lines.append((cells + numbers + counts).joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
