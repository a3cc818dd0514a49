import Diagnostics
import Foundation
import FoundationXML
import Results
import TestSupport
import Testing

@testable import Report

/// What gnuplot makes of it.
@Suite struct DrawingTests {
    /// ln Λ = 10 − ½ ((n_s − 20)/6)² − ½ ((gamma − 2.5)/0.4)².
    private static func scan() throws -> LikelihoodScan {
        let points = stride(from: 0.0, through: 40, by: 2).flatMap { ns in
            stride(from: 1.0, through: 4, by: 0.1).map { gamma in
                "[\(ns), \(gamma), \(10 - 0.5 * (pow((ns - 20) / 6, 2) + pow((gamma - 2.5) / 0.4, 2)))]"
            }
        }
        return try withScratchFile("{\"points\": [\(points.joined(separator: ", "))]}") {
            try LikelihoodScan(ScanResult(contentsOf: $0), file: $0)
        }
    }

    private static func report() throws -> CampaignReport {
        let event =
            #"{"dataset": "IC40", "index": 3, "ra": 77.5, "dec": 6, "log10_energy": 4.2, "sigma": 0.6, "#
            + #""psi": 0.35, "ratio": 900, "weight": 0.8}"#
        let result = #"{"ts": 20, "ns": 20, "gamma": 2.5, "log_lambda": 10, "flux_norm": 1e-17, "events": [\#(event)]}"#
        let fit = try withScratchFile(result) { try UnblindResult(contentsOf: $0) }
        return try SyntheticReport.make(fit: fit, scan: scan())
    }

    @Test func everyFigureInEveryFormatTwiceTheSame() throws {
        let gnuplot = Gnuplot()
        let beginnings: [FigureFormat: [UInt8]] = [
            .svg: Array("<?xml".utf8), .png: [0x89, 0x50, 0x4E, 0x47], .pdf: Array("%PDF".utf8),
            .gnuplot: Array("set ".utf8),
        ]
        let figures = try Self.report().figures
        #expect(figures.count == 9)
        for figure in figures {
            for format in FigureFormat.allCases {
                let drawn = try gnuplot.draw(figure, as: format)
                #expect(drawn.starts(with: try #require(beginnings[format])), "\(figure.name) as \(format)")
                #expect(try gnuplot.draw(figure, as: format) == drawn, "\(figure.name) as \(format)")
            }
        }
    }

    @Test("a page is well-formed, needs nothing from elsewhere, and is the same for the same report")
    func page() throws {
        let page = ReportPage(try Self.report(), drawnBy: Gnuplot())
        let html = try page.html()
        #expect(try page.html() == html)
        let parser = XMLParser(data: Data(html.utf8))
        let identifiers = Identifiers()
        parser.delegate = identifiers
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        #expect(identifiers.repeated.isEmpty, "\(identifiers.repeated)")
        #expect(identifiers.elements["svg"] == 9 && identifiers.elements["h1"] == 1)
        #expect((identifiers.elements["table"] ?? 0) >= 5)
        let outside = html.replacing("http://www.w3.org/2000/svg", with: "").replacing(
            "http://www.w3.org/1999/xlink", with: "")
        for reference in ["http:", "https:", "src=", "@import", "<script>", "<script src", "<link"] {
            #expect(!outside.contains(reference), "\(reference)")
        }
        #expect(html.contains("<h1>A &amp; &lt;B&gt;</h1>"))
    }

    @Test func pageOfLittle() throws {
        var report = try SyntheticReport.make(background: 3, hasSignal: false)
        #expect(XMLParser(data: Data(try ReportPage(report, drawnBy: Gnuplot()).html().utf8)).parse())
        report.background = nil
        let html = try ReportPage(report, drawnBy: Gnuplot()).html()
        #expect(html.contains("There are no background trials"))
    }

    @Test func contoursLieWhereTheLikelihoodFalls() throws {
        let figure = Figure.contour(try Self.scan(), fit: nil)
        #expect(!figure.caption.contains("ends within"))
        // On the ellipse of 68.27 % n_s reaches 20 ± 6 √2.2957: gnuplot's own words for what it draws.
        let ask = "set print '-'\nstats $contour1 using 1 nooutput\nprint STATS_min, STATS_max"
        let extremes = Figure(
            name: "x", title: "", caption: "", blocks: figure.blocks,
            commands: figure.commands.filter { !$0.hasPrefix("plot ") && !$0.contains("range [") } + [ask])
        let output = String(decoding: try Gnuplot().draw(extremes, as: .svg), as: UTF8.self)
        let numbers = output.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }.suffix(2)
        #expect(numbers.count == 2)
        for (found, expected) in zip(numbers, [20 - 6 * 1.5152, 20 + 6 * 1.5152]) {
            #expect(abs(found - expected) < 0.15, "\(output.suffix(200))")
        }
    }

    @Test("The profile of a parabola is that parabola, its peaks between the grid's points included")
    func profiles() throws {
        let figures = Figure.profiles(try Self.scan(), fit: nil)
        #expect(figures.map(\.name) == ["profile-ns", "profile-gamma"])
        for row in try #require(figures[0]["profile"]).rows {
            #expect(abs(row[1] - pow((row[0] - 20) / 6, 2)) < 1e-6, "\(row)")
        }
        for row in try #require(figures[1]["profile"]).rows {
            #expect(abs(row[1] - pow((row[0] - 2.5) / 0.4, 2)) < 1e-6, "\(row)")
        }
    }

    @Test("An event lies in the sky plot where it lies on the sky, and others beyond 3 degrees do not")
    func sky() throws {
        func event(_ ra: Double, _ dec: Double, weight: Double) -> String {
            """
            {"dataset": "IC40", "index": 3, "ra": \(ra), "dec": \(dec), "log10_energy": 4.2, "sigma": 0.6, "psi": 0.35,
             "ratio": 900, "weight": \(weight)}
            """
        }
        // The source is at ra 77.25, dec 5.75.
        let events = [
            event(77.25, 6.75, weight: 0.8), event(78.25, 5.75, weight: 0.2), event(77.25, 5.75, weight: 0.05),
            event(77.25, 9, weight: 0.9), event(257.25, -5.75, weight: 0.9),
        ]
        let result =
            #"{"ts": 20, "ns": 20, "gamma": 2.5, "log_lambda": 10, "flux_norm": 1e-17, "events": ["#
            + events.joined(separator: ",") + "]}"
        let fit = try withScratchFile(result) { try UnblindResult(contentsOf: $0) }
        let near = try #require(fit.events)
        let figure = try #require(
            Figure.sky(near, of: try SyntheticReport.campaign().configuration))
        let north = try #require(figure["weight0"]?.rows)
        #expect(north.count == 1 && abs(north[0][0]) < 1e-9 && abs(north[0][1] - 1) < 2e-3 && north[0][2] == 0.6)
        let east = try #require(figure["weight1"]?.rows)
        #expect(east.count == 1 && abs(east[0][0] - cos(5.75 * .pi / 180)) < 2e-3 && abs(east[0][1]) < 2e-3)
        #expect(figure["background"]?.rows.map { [$0[0], $0[1]] } == [[0, 0]])
        #expect(Figure.sky([], of: try SyntheticReport.campaign().configuration) == nil)
    }

    @Test("The page has its numbers as JSON")
    func numbers() throws {
        let html = try ReportPage(try Self.report(), drawnBy: Gnuplot(environment: [:], programs: "/nowhere/bin"))
            .html()
        let start = try #require(html.range(of: "id=\"results\">"))
        let end = try #require(html.range(of: "</script>"))
        let json = try JSONSerialization.jsonObject(with: Data(html[start.upperBound..<end.lowerBound].utf8))
        let object = try #require(json as? [String: Any])
        #expect(object["title"] as? String == "A & <B>")
        let fit = try #require(object["unblind"] as? [String: Any])
        #expect(fit["ns"] as? Double == 20 && (fit["events"] as? [Any])?.count == 1)
        for key in ["summary", "background", "detections", "bias", "scan", "files"] {
            #expect(object[key] != nil, "\(key)")
        }
    }

    @Test func faults() throws {
        let absent = #expect(throws: Fault.self) { try Gnuplot(environment: ["PATH": "/nowhere"]).path(for: .svg) }
        #expect(absent?.kind == .missingInput && absent?.remedy?.contains("gnuplot-nox") == true)
        let figure = Figure(name: "wrong", title: "", caption: "", blocks: [], commands: ["plot nothing at all"])
        let failed = #expect(throws: Fault.self) { try Gnuplot().draw(figure, as: .svg) }
        #expect(
            failed?.kind == .inputOutput && failed?.problem.contains("wrong") == true, "\(String(describing: failed))")
    }

    @Test("The gnuplot that came with the program draws SVG, and the installed one the rest")
    func ownGnuplot() throws {
        let folder = try ScratchFolder()
        for place in ["bundle/libexec", "bundle/bin", "installed"] {
            try FileManager.default.createDirectory(atPath: folder.file(place), withIntermediateDirectories: true)
        }
        for place in ["bundle/libexec", "installed"] {
            FileManager.default.createFile(
                atPath: folder.file("\(place)/gnuplot"), contents: nil, attributes: [.posixPermissions: 0o755])
        }
        let programs = folder.file("bundle/bin")
        let both = Gnuplot(environment: ["PATH": folder.file("installed")], programs: programs)
        #expect(try both.path(for: .svg) == folder.file("bundle/libexec/gnuplot"))
        #expect(try both.path(for: .pdf) == folder.file("installed/gnuplot"))
        let own = Gnuplot(environment: [:], programs: programs)
        let fault = #expect(throws: Fault.self) { try own.path(for: .pdf) }
        #expect(own.isAvailable && fault?.remedy?.contains("--format svg") == true)
    }

    @Test("A page without gnuplot has all tables, and names the figures that are missing")
    func pageWithoutGnuplot() throws {
        let report = try Self.report()
        let (with, without) = (
            try ReportPage(report, drawnBy: Gnuplot()).html(),
            try ReportPage(report, drawnBy: Gnuplot(environment: [:], programs: "/nowhere/bin")).html()
        )
        #expect(XMLParser(data: Data(without.utf8)).parse())
        #expect(without.split(separator: "<table").count == with.split(separator: "<table").count)
        #expect(without.split(separator: "Figure not drawn, because gnuplot is not installed").count == 10)
    }

    @Test func datesOfPDFAreBlanked() {
        let dated = Data("<< /Producer (x)\n/CreationDate (D:20261122222954Z)\n>>".utf8)
        let text = String(decoding: Gnuplot.undated(dated), as: UTF8.self)
        #expect(text == "<< /Producer (x)\n\(String(repeating: " ", count: 33))\n>>")
    }
}

/// The elements and identifiers of a page.
private final class Identifiers: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var repeated: [String] = []
    private var seen: Set<String> = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements[name, default: 0] += 1
        if let id = attributes["id"], !seen.insert(id).inserted { repeated.append(id) }
    }
}
