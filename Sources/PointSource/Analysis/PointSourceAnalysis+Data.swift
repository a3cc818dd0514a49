import Diagnostics
import IceTracks
import Numerics

extension PointSourceAnalysis {
    /// Fits the data.
    ///
    /// - Parameter data: the events of each dataset, in the order of ``datasetNames``: those from which the analysis
    ///   was made.
    /// - Throws: `Fault`: usage if the numbers of datasets or events differ from those of the analysis; bad data if ln
    ///   Λ is not finite.
    public func fitData(_ data: [EventTable]) throws -> FitResult {
        var workspace = makeWorkspace()
        try load(data, &workspace)
        return try maximumOfData(&workspace)
    }

    /// The fit of the data in a workspace.
    ///
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    func maximumOfData(_ workspace: inout TrialWorkspace) throws(Fault) -> FitResult {
        try maximum(limit: .infinity, workspace: &workspace, of: "the data")
    }

    /// ln Λ of the data at each of a list of points: the logarithm of the likelihood divided by that without signal, so
    /// 0 at n_s = 0, and −∞ if a dataset would have more signal than events.
    ///
    /// - Parameters:
    ///   - data: as in ``fitData(_:)``.
    ///   - points: γ in the fit's range, n_s ≥ 0; n_s may exceed the fit's bounds.
    /// - Throws: as ``fitData(_:)``.
    public func logLambda(of data: [EventTable], at points: [Probe]) throws -> [Double] {
        var workspace = makeWorkspace()
        try load(data, &workspace)
        workspace.fit.likelihood.load(workspace.events, limit: .infinity)
        return points.map { logLambda(at: $0, workspace: &workspace) }
    }

    /// Checks whether data can be those from which the analysis was made.
    ///
    /// - Throws: as ``fitData(_:)``.
    func check(_ data: [EventTable]) throws(Fault) {
        let counts = data.map(\.count)
        guard counts == eventCounts else {
            throw Fault(
                .usage, at: .field("data"),
                "the data have \(counts) events in their datasets, but the analysis was made from \(eventCounts)",
                remedy: "give the events of the datasets \(datasetNames.joined(separator: ", ")), in this order")
        }
        for (name, events) in zip(datasetNames, data) { try events.check(dataset: name) }
    }

    /// Fills a workspace with all data events of the box, at their true right ascensions.
    ///
    /// - Throws: as ``fitData(_:)``.
    func load(_ data: [EventTable], _ workspace: inout TrialWorkspace) throws(Fault) {
        try settings.checkExposureOfData()
        try check(data)
        place(data, nil, &workspace)
    }

    /// As ``load(_:_:)``, for data that are checked.
    ///
    /// - Parameter orders: those of the data, with which few events are looked at; nil for none.
    func place(_ data: [EventTable], _ orders: [DeclinationOrder]?, _ workspace: inout TrialWorkspace) {
        for (j, events) in data.enumerated() {
            workspace.events[j].removeAll(total: events.count)
            workspace.injected[j].removeAll()
            if let stack {
                stack.add(events, dataset: j, to: workspace.events[j])
                continue
            }
            for i in orders?[j].indices(in: box, of: events) ?? box.indices(of: events) {
                let event = SignalEvent(
                    events, i, rightAscensionDifference: box.difference(rightAscension: events.rightAscension[i]))
                add(event, index: i, dataset: j, to: workspace.events[j])
            }
        }
    }

    /// The number of events of each dataset inside the box around the source, or any of a stack's boxes; `data` may differ from the data of the
    /// analysis.
    public func selectedCounts(of data: [EventTable]) -> [Int] { data.map { selected($0).count } }

    /// The indices of the events inside the box, or any of a stack's boxes.
    func selected(_ events: EventTable) -> [Int] {
        guard let stack else { return box.indices(of: events) }
        return Set(stack.members.flatMap { $0.box.indices(of: events) }).sorted()
    }
}

extension SignalEvent {
    /// A data event, as if it were injected.
    ///
    /// - Parameter rightAscensionDifference: right ascension minus the source's, in radians.
    init(_ data: EventTable, _ index: Int, rightAscensionDifference: Double) {
        let declination = data.declination[index]
        self.init(
            log10Energy: data.log10Energy[index], angularError: data.angularError[index], declination: declination,
            sinDeclination: Portable.sin(declination), rightAscensionDifference: rightAscensionDifference)
    }
}
