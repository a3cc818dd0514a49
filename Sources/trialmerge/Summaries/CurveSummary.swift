import Console
import Diagnostics
import Inference
import Results

/// Sensitivity and discovery potential of the points of a curve, as text, as JSON and as comma-separated values.
struct CurveSummary {
    let quantities: [CurveQuantity]
    /// In the order of the curve; at least one.
    let points: [CurvePoint]

    /// Whether no point has any number.
    var isEmpty: Bool { points.allSatisfy { $0.signals.allSatisfy { (try? $0.get()) == nil } } }

    /// Sentences for whoever quotes the numbers: what there is not, and what comes from trials too far apart.
    var warnings: [String] {
        quantities.enumerated().flatMap { index, quantity in
            let lacking = points.compactMap { point -> String? in
                guard case .failure(let fault) = point.signals[index] else { return nil }
                return "\(point.description.title): \(fault)"
            }
            let coarse = points.flatMap { point in
                point.warnings[index].map { "\(point.description.title): \($0)" }
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

    var text: String {
        let (axes, configuration) = (axes, points[0].campaign.configuration)
        let datasets = "\(configuration.sample.name): \(configuration.datasets.joined(separator: ", "))"
        let title = points[0].description.title(leavingOut: axes)
        var sections = [title.isEmpty ? datasets : "\(datasets)\n\(title)"]
        for (index, quantity) in quantities.enumerated() {
            sections.append("\(quantity.explanation)\n\n\(table(index, axes).dropLast())")
        }
        let place = axes.contains(.energies) ? "\nat the middle, in lg E, of the true energies" : ""
        sections.append(
            """
            Phi0 in GeV^-1 cm^-2 s^-1 at \(points[0].campaign.referenceEnergyText), E^2 Phi in TeV cm^-2 s^-1\(place);
            up and down: ends of 68.27 % intervals, as differences of events and fluxes
            """)
        return sections.joined(separator: "\n\n")
    }

    private func table(_ quantity: Int, _ axes: Set<PointDescription.Axis>) -> String {
        let shown = axes.isEmpty ? [.declination] : axes
        var columns = PointDescription.columns(of: shown)
        columns += [
            .number("mu"), .number("up", unit: "%"), .number("down", unit: "%"), .number("Phi0"), .number("E^2 Phi"),
        ]
        var table = Table(columns)
        for point in points {
            let (signal, description) = (point.signals[quantity], point.description)
            var cells = description.cells(of: shown)
            if case .success(let signal) = signal {
                func percent(_ end: Double?) -> String {
                    end.map { NumberFormat.significant(100 * ($0 / signal.mu - 1).magnitude, 2) } ?? "inf"
                }
                cells += [
                    NumberFormat.significant(signal.mu, 3), percent(signal.muHigh), percent(signal.muLow),
                ]
                // Imported trials may come without a flux.
                cells +=
                    point.campaign.fluxPerEvent.isFinite
                    ? [NumberFormat.flux(point.flux(signal.mu)), NumberFormat.flux(point.energyFlux(signal.mu))]
                    : ["-", "-"]
            } else {
                cells += ["-", "-", "-", "-", "-"]
            }
            table.add(cells)
        }
        return table.text
    }

    /// Fluxes are normalisations at `e0` (GeV) in GeV⁻¹ cm⁻² s⁻¹; `e2_flux` is E² Phi in TeV cm⁻² s⁻¹ at `e2_energy`
    /// (GeV). What the trials do not give is null, with the reason.
    var json: JSONValue {
        let configuration = points[0].campaign.configuration
        return [
            "sample": .string(configuration.sample.name),
            "datasets": .array(configuration.datasets.map { .string($0) }),
            "e0": .number(configuration.settings.spectrum.referenceEnergy),
            "axes": .array(PointDescription.Axis.allCases.filter(axes.contains).map { .string($0.rawValue) }),
            "quantities": .array(quantities.map(\.json)),
            "points": .array(
                points.map { point in
                    .object(
                        point.description.members.filter { $0.key != "point" } + [
                            .init("fingerprint", .string(point.campaign.fingerprint)),
                            .init("files", .array(point.files.map { .string($0) })),
                            .init("flux_per_event", .number(point.campaign.fluxPerEvent)),
                            .init("e2_energy", .number(point.quotedEnergy)),
                            .init("n_background", .integer(point.backgroundTrials)),
                            .init("n_signal", .integer(point.signalTrials)),
                            .init("results", .array(point.signals.map { json(of: $0, at: point) })),
                        ])
                }),
        ]
    }

    private func json(of signal: Result<DetectableSignal, Fault>, at point: CurvePoint) -> JSONValue {
        var members = point.numbers(of: signal).map { name, value in
            JSONValue.Member(name, value.map { .number($0) } ?? .null)
        }
        switch signal {
        case .success(let signal):
            members.append(.init("threshold_method", .string(signal.threshold.method.rawValue)))
            members.append(.init("method", .string(signal.method)))
        case .failure(let fault):
            members.append(.init("reason", .string("\(fault)")))
        }
        return .object(members)
    }

    /// A heading, and a line for each quantity of each point (RFC 4180); names as in ``json``.
    var csv: String {
        let names = points[0].numbers(of: points[0].signals[0]).map(\.name)
        var lines = [
            ([
                "quantity", "sigma", "power", "name", "ra", "dec", "gamma", "energy_low", "energy_high", "e0",
                "e2_energy",
            ]
                + names + ["n_background", "n_signal"]).joined(separator: ",")
        ]
        func cell(_ value: Double?) -> String { value.map { NumberFormat.plain($0) } ?? "" }
        for point in points {
            let description = point.description
            for (quantity, signal) in zip(quantities, point.signals) {
                let cells = [
                    quantity.kind, cell(quantity.sigma), cell(quantity.criterion.power), Self.quoted(description.name),
                    cell(description.rightAscension), cell(description.declination), cell(description.gamma),
                    cell(description.energyRange?.lower), cell(description.energyRange?.upper),
                    cell(point.campaign.configuration.settings.spectrum.referenceEnergy), cell(point.quotedEnergy),
                ]
                let counts = [String(point.backgroundTrials), String(point.signalTrials)]
                lines.append((cells + point.numbers(of: signal).map { cell($0.value) } + counts).joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
