import Foundation
import IceTracks
import Numerics
import Testing

@testable import PointSource

/// A part that a reference lacks.
struct MissingPart: Error, Equatable { let name: String }

/// Our numbers against SkyLLH's for one analysis.
struct ReferenceComparison {
    let name: String
    let reference: Reference
    let analysis: PointSourceAnalysis
    /// The events of each dataset.
    let data: [EventTable]
    private(set) var deviations = Deviations()

    init(file: URL, release: (Reference) throws -> [Dataset]) throws {
        name = file.deletingPathExtension().lastPathComponent
        reference = try Reference(file: file)
        let datasets = try release(reference)
        data = datasets.map(\.events)
        analysis = try PointSourceAnalysis(
            datasets: datasets, source: reference.source(), settings: reference.settings())
        try compareFlux()
        try compareLogLambda()
        try compareIngredients()
    }

    /// A part of the reference. Only analyses with an injection range, or also those with a cutoff, may lack it: they
    /// repeat what the others compare.
    private func part<Value>(_ part: Value?, _ name: String, optionalWithCutoff: Bool = false) throws -> Value? {
        let isOptional = reference.args.energy_range != nil || (optionalWithCutoff && reference.args.Ec != nil)
        guard part != nil || isOptional else { throw MissingPart(name: name) }
        return part
    }

    private mutating func compareFlux() throws {
        deviations.relative("flux", analysis.flux(forEvents: 1), reference.mu2flux_1)
        deviations.relative("flux", analysis.events(forFlux: Reference.flux), reference.flux2mu)
        for (gamma, flux) in try part(reference.flux_per_event, "flux_per_event") ?? [:] {
            deviations.relative("flux", Double(gamma).map { analysis.fluxPerEvent(gamma: $0) } ?? .nan, flux)
        }
        try #require(reference.livetime_days.count == analysis.livetimesDays.count)
        for (ours, theirs) in zip(analysis.livetimesDays, reference.livetime_days) {
            deviations.relative("livetime", ours, theirs)
        }
    }

    private mutating func compareLogLambda() throws {
        guard let points = try part(reference.log_lambda, "log_lambda") else { return }
        try #require(!points.isEmpty)
        let values = try analysis.logLambda(of: data, at: points.map { Probe(signalEvents: $0[0], gamma: $0[1]) })
        for (ours, point) in zip(values, points) { deviations.absolute("ln Lambda", ours, point[2]) }
    }

    private mutating func compareIngredients() throws {
        guard let grid = try part(reference.grid, "grid", optionalWithCutoff: true),
            let ingredients = try part(reference.ingredients, "ingredients", optionalWithCutoff: true)
        else { return }
        try #require(ingredients.count == analysis.models.count)
        for theirs in ingredients {
            let index = try #require(analysis.models.firstIndex { $0.name == theirs.name })
            let model = analysis.models[index]
            for (column, gamma) in grid.gamma.enumerated() {
                let point = analysis.grid.nearest(to: gamma).index
                // γ = 1 and 4 are the first and last cells' own grid points, so the nearest point is γ itself.
                for (energy, value) in zip(grid.log10_energy, theirs.signal_energy_density[column]) {
                    deviations.relative(
                        "signal energy density", model.energySignal.value(log10Energy: energy, gridIndex: point), value)
                }
                deviations.relative(
                    "yield", analysis.weights.yields[index].value(parameter: gamma), theirs.yield_per_unit_flux[column])
            }
            for (row, sine) in grid.sin_dec.enumerated() {
                // On a bin's edge SkyLLH returns a mixture of the bins on either side (docs/model.md, section 4).
                let isOnEdge = model.energyBackground.sinDeclination.edges.contains { abs($0 - sine) < 1e-9 }
                for (energy, value) in zip(grid.log10_energy, theirs.background_energy_density[row]) where !isOnEdge {
                    deviations.relative(
                        "background energy density",
                        model.energyBackground.value(log10Energy: energy, sinDeclination: sine), value)
                }
                deviations.relative(
                    "background spatial density", model.spatialBackground.value(sinDeclination: sine),
                    theirs.background_spatial_density_per_sr[row])
                deviations.relative(
                    "cut curve", model.signal.cut.log10Energy(sinDeclination: sine),
                    theirs.signal_energy_cut_log10e[row])
            }
            try compareEvents(theirs.first_selected_events, events: data[index], model: model)
        }
    }

    private mutating func compareEvents(_ theirs: Reference.Events, events: EventTable, model: DatasetModel) throws {
        let box = analysis.box
        let selected = (0..<events.count).lazy.filter {
            box.contains(declination: events.declination[$0])
                && box.contains(rightAscensionDifference: box.difference(rightAscension: events.rightAscension[$0]))
        }.prefix(theirs.psi_deg.count)
        try #require(selected.count == theirs.psi_deg.count)
        for (i, event) in selected.enumerated() {
            let (declination, sigma) = (events.declination[event], events.angularError[event])
            deviations.relative("event columns", Angle.degrees(fromRadians: declination), theirs.dec_deg[i])
            deviations.relative(
                "event columns", Angle.degrees(fromRadians: events.rightAscension[event]), theirs.ra_deg[i])
            deviations.relative("event columns", Angle.degrees(fromRadians: sigma), theirs.ang_err_deg[i])
            deviations.relative("event columns", events.log10Energy[event], theirs.log10_energy[i])
            let h = SpatialSignalDensity.haversine(
                declinationDifference: declination - analysis.source.declination,
                cosineProduct: Portable.cos(declination) * Portable.cos(analysis.source.declination),
                rightAscensionDifference: box.difference(rightAscension: events.rightAscension[event]))
            deviations.relative(
                "psi", Angle.degrees(fromRadians: SpatialSignalDensity.openingAngle(haversine: h)), theirs.psi_deg[i])
            let sine = Portable.sin(declination)
            deviations.relative(
                "spatial ratio",
                SpatialSignalDensity.value(haversine: h, sigma: sigma)
                    / model.spatialBackground.value(sinDeclination: sine), theirs.spatial_ratio[i])
            let background = model.energyBackground.divisor(
                log10Energy: events.log10Energy[event], bin: model.energyBackground.sinDeclination.index(of: sine))
            let ratios = model.energySignal.values(log10Energy: events.log10Energy[event]).map { $0 / background }
            for (gamma, values) in theirs.energy_ratio {
                let (cell, t) = analysis.grid.nearest(to: try #require(Double(gamma)))
                let ratio = Parabola(ratios[cell - 1], ratios[cell], ratios[cell + 1], step: 0.1)
                deviations.relative("energy ratio", ratio.value(at: t), values[i])
            }
        }
    }
}

extension ReferenceComparison {
    /// The limits of the project's promise of parity (issue 2): relative, but for ln Λ.
    private func limit(_ quantity: String) -> Double {
        switch quantity {
        case "ln Lambda": 1e-8
        case "flux", "livetime": reference.args.Ec == nil ? 1e-10 : 1e-7
        case "cut curve": 1e-7
        default: reference.args.Ec == nil ? 1e-9 : 1e-7
        }
    }

    /// Records an issue for each quantity that deviates by more than its limit, and prints the deviations for
    /// docs/parity.md.
    func check() throws {
        #expect(analysis.datasetNames == reference.datasets)
        #expect(analysis.eventCounts == reference.n_events)
        #expect(analysis.selectedCounts(of: data) == reference.n_selected)
        for (quantity, value, count) in deviations.largest {
            #expect(value <= limit(quantity), "\(name): \(quantity)")
            print(
                "parity \(name): \(quantity) deviates by at most \(value) (\(count) numbers, limit \(limit(quantity)))")
        }
        try checkFit()
    }

    /// Ours is the larger maximum; where both are the same one, TS agrees.
    private func checkFit() throws {
        let (ours, theirs) = (try analysis.fitData(data), reference.unblind)
        #expect(ours.convergence == .converged)
        #expect(ours.logLambda >= theirs.ts / 2 - 1e-9, "\(name)")
        let isSame =
            abs(ours.signalEvents - theirs.ns) < 0.001 * max(1, theirs.ns)
            && (theirs.ns == 0 || abs(ours.gamma - theirs.gamma) < 0.001)
        if isSame { #expect(abs(ours.testStatistic - theirs.ts) < 1e-5, "\(name)") }
        print(
            "parity \(name): TS \(ours.testStatistic) ns \(ours.signalEvents) gamma \(ours.gamma); SkyLLH \(theirs.ts) "
                + "\(theirs.ns) \(theirs.gamma); \(isSame ? "same maximum" : "another maximum")")
    }
}
