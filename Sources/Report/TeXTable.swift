import Console
import Foundation
import Results

/// The summary of a report as LaTeX: a table, and the BibTeX entries of what it rests on. Both need no package.
struct TeXTable {
    let report: CampaignReport

    var table: String {
        let summary = report.summary
        let groups = [summary.origin, summary.data, summary.detectable].filter { !$0.isEmpty }
        let rows = groups.map { quantities in
            quantities.map { quantity in
                let unit = [quantity.unit, quantity.note].filter { !$0.isEmpty }.joined(separator: " ")
                return [quantity.name, quantity.value, unit].map(Self.typeset).joined(separator: " & ") + " \\\\"
            }.joined(separator: "\n")
        }.joined(separator: "\n\\hline\n")
        let warnings = report.warnings.map { "% warning: \($0)\n" }.joined()
        return """
            % \(FigureFormat.mark) report \(report.softwareVersion)
            % \(report.campaign.line)
            \(warnings)\\begin{tabular}{lll}
            \\hline
            \(rows)
            \\hline
            \\end{tabular}

            """
    }

    var bibliography: String {
        let sample = report.campaign.configuration.sample
        let identifier = sample.doi.replacing("doi:", with: "")
        return """
            % \(FigureFormat.mark) report \(report.softwareVersion)
            @misc{\(sample.name),
              author = {{IceCube Collaboration}},
              title = {\(sample.name), version \(sample.version)},
              publisher = {Harvard Dataverse},
              doi = {\(identifier)},
            }

            @software{trialgen,
              author = {{The trialgen authors}},
              title = {trialgen: pseudo-experiments for neutrino point-source searches with {IceCube}'s public track data},
              version = {\(report.softwareVersion)},
              note = {campaign \(report.campaign.fingerprint)},
            }

            @software{skyllh,
              author = {{IceCube Collaboration}},
              title = {{SkyLLH}},
              version = {26.1.0},
              url = {https://github.com/icecube/skyllh},
              note = {its analysis is reproduced},
            }

            """
    }

    /// Words that are symbols in print.
    private static let symbols = [
        "n_s": "$n_\\mathrm{s}$", "gamma": "$\\gamma$", "flux": "$\\Phi_0$", "ra, dec": "$\\alpha$, $\\delta$",
        "l, b": "$l$, $b$", "local p-value": "local $p$-value", "post-trial p-value": "post-trial $p$-value",
        "binomial p-value": "binomial $p$-value",
    ]

    private static let characters: [Character: String] = [
        "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", "#": "\\#", "$": "\\$", "{": "\\{", "}": "\\}", "_": "\\_",
        "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "°": "$^\\circ$", "′": "$'$",
        "″": "$''$", "−": "$-$", "σ": "$\\sigma$", "γ": "$\\gamma$", "μ": "$\\mu$", "–": "--", "≥": "$\\ge$",
    ]

    /// A name, a number with errors or a unit: "24.8 +6.1 -5.3", "(1.23 +0.45 -0.38)e-15", "3.1e-8 [2.9e-8, 3.3e-8]",
    /// "GeV^-1".
    static func typeset(_ plain: String) -> String {
        if let symbol = symbols[plain] { return symbol }
        var (text, formulas) = (plain, [String]())
        /// Replaces a match by a mark that the escaping leaves alone.
        func keep(_ formula: String) -> String {
            formulas.append(formula)
            return "\u{E000}\(formulas.count - 1)\u{E001}"
        }
        text = text.replacing(/\((?<v>[-0-9.]+) \+(?<u>[0-9.]+) -(?<d>[0-9.]+)\)e(?<e>-?[0-9]+)/) { match in
            keep("$(\(match.v)^{+\(match.u)}_{-\(match.d)}) \\times 10^{\(match.e)}$")
        }
        text = text.replacing(/(?<v>-?[0-9][0-9.]*) \+(?<u>[0-9.]+) -(?<d>[0-9.]+)/) { match in
            keep("$\(match.v)^{+\(match.u)}_{-\(match.d)}$")
        }
        text = text.replacing(/(?<v>-?[0-9][0-9.]*)e(?<e>-?[0-9]+)/) { match in
            keep("$\(match.v) \\times 10^{\(match.e)}$")
        }
        text = text.replacing(/\^(?<e>-?[0-9]+)/) { match in keep("$^{\(match.e)}$") }
        text = text.replacing(/(?<before>^|[ (\[])-(?<d>[0-9])/) { match in match.before + keep("$-$") + match.d }
        text = String(text.map { Self.characters[$0] ?? String($0) }.joined())
        for (index, formula) in formulas.enumerated() {
            text = text.replacing("\u{E000}\(index)\u{E001}", with: formula)
        }
        return text
    }
}
