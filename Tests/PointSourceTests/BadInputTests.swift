import Diagnostics
import IceTracks
import PointSource
import Testing

@Suite struct BadInputTests {
    func fault(_ body: () throws -> Void) -> Fault? {
        do {
            try body()
            return nil
        } catch let fault as Fault {
            return fault
        } catch {
            Issue.record("not a Fault: \(error)")
            return nil
        }
    }

    @Test func sourceOutsideTheSky() {
        let declination = fault { _ = try Source(rightAscensionDegrees: 0, declinationDegrees: 95) }
        #expect(declination?.kind == .usage)
        #expect(declination?.description.contains("95") == true)
        #expect(
            fault { _ = try Source(rightAscensionDegrees: 360, declinationDegrees: 0) }?.place == .field("source.ra"))
        #expect(fault { _ = try Source(rightAscensionDegrees: 1, declinationDegrees: .nan) }?.kind == .usage)
    }

    @Test func settingsWithoutMeaning() {
        let cases: [(field: String, change: (inout AnalysisSettings) -> Void)] = [
            ("fit.gamma", { $0.gamma = .init(name: "fit.gamma", start: 3, minimum: 4, maximum: 1) }),
            ("fit.ns.seed", { $0.signalEvents = .init(name: "fit.ns", start: -1, minimum: 0, maximum: 10) }),
            ("fit.ns.min", { $0.signalEvents = .init(name: "fit.ns", start: 1, minimum: -2, maximum: 10) }),
            ("flux.e0", { $0.spectrum.referenceEnergy = 0 }),
            ("flux.ecut", { $0.spectrum.cutoffEnergy = -1 }),
            ("flux.gamma", { $0.spectrum.gamma = 7 }),
            ("box.delta_angle", { $0.boxHalfWidth = 0 }),
            ("box.negligible_ratio", { $0.negligibleRatio = 1 }),
        ]
        for (field, change) in cases {
            var settings = AnalysisSettings()
            change(&settings)
            let found = fault { try settings.check() }
            #expect(found?.kind == .usage)
            #expect(found?.place == .field(field))
        }
    }

    @Test func emptySinDeclinationBin() throws {
        let dataset = try #require(try ToyAnalysis.datasets().first)
        var events = EventTable()
        for i in 0..<dataset.events.count where dataset.events.declination[i] < 1 {
            events.append(
                modifiedJulianDate: dataset.events.modifiedJulianDate[i], log10Energy: dataset.events.log10Energy[i],
                angularError: dataset.events.angularError[i], rightAscension: dataset.events.rightAscension[i],
                declination: dataset.events.declination[i])
        }
        let season = Season(name: "IC40", events: events, uptime: dataset.uptime)
        let holed = Dataset(
            definition: dataset.definition, seasons: [season], effectiveArea: dataset.effectiveArea,
            smearing: dataset.smearing)
        let found = fault {
            _ = try PointSourceAnalysis(
                datasets: [holed], source: try Source(rightAscensionDegrees: 0, declinationDegrees: 0),
                settings: AnalysisSettings())
        }
        #expect(found?.kind == .badData)
        #expect(found?.description.contains("IC40") == true)
        #expect(found?.description.contains("sin(dec) bin 0.9") == true)
    }

    @Test func injectionRangeOutsideTheMatrix() {
        let found = fault { _ = try ToyAnalysis.make { $0.injectionRange = try .init(lower: 1, upper: 1e3) } }
        #expect(found?.kind == .usage)
        #expect(fault { _ = try AnalysisSettings.EnergyRange(lower: 10, upper: 10) }?.kind == .usage)
    }

    /// Data of another number of datasets or events than the analysis was made from.
    @Test func otherData() throws {
        let analysis = try ToyAnalysis.make()
        let data = try ToyAnalysis.datasets().map(\.events)
        let probe = Probe(signalEvents: 1, gamma: 2)
        for wrong in [Array(data.dropLast()), data + [EventTable()], data.reversed()] {
            for found in [
                fault { _ = try analysis.fitData(wrong) },
                fault { _ = try analysis.logLambda(of: wrong, at: [probe]) },
                fault {
                    var workspace = analysis.makeWorkspace()
                    _ = try analysis.inspect(
                        0, of: Hypothesis(meanSignal: 0, seed: 1), data: wrong, workspace: &workspace)
                },
            ] {
                #expect(found?.kind == .usage)
                #expect(found?.description.contains("IC40") == true)
            }
        }
    }

    @Test func noDataset() {
        let found = fault {
            _ = try PointSourceAnalysis(
                datasets: [], source: try Source(rightAscensionDegrees: 0, declinationDegrees: 0),
                settings: AnalysisSettings())
        }
        #expect(found?.kind == .usage)
    }
}
