/// The page's only style sheet: embedded in the page, without fonts that would have to be fetched.
enum Stylesheet {
    static let text: HTML = """
        :root { color-scheme: light dark; --ground: #fff; --text: #1a1a1a; --faint: #5f5f5f; --rule: #c9c9c9; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #16181b; --text: #e3e3e0; --faint: #a5a5a0; --rule: #45484d; }
        }
        html { background: var(--ground); color: var(--text); font: 100%/1.5 Georgia, "Times New Roman", serif; }
        body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
        h1, h2 { font-weight: normal; line-height: 1.2; text-wrap: balance; }
        h1 { font-size: 1.9rem; margin: 0 0 .3rem; }
        h2 { font-size: 1.35rem; margin: 2.8rem 0 .8rem; padding-top: .6rem; border-top: 1px solid var(--rule);
          break-after: avoid; }
        p, figcaption, caption, li { max-width: 44rem; }
        .subtitle, figcaption, caption, footer { color: var(--faint); }
        figcaption, caption, footer { font-size: .9rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; }
        figure { margin: 0; break-inside: avoid; }
        figure svg { display: block; width: 100%; max-width: 34rem; height: auto; background: #fff; color: #000; }
        figcaption { margin-top: .4rem; }
        .table { overflow-x: auto; margin: 1.2rem 0; break-inside: avoid; }
        table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: lining-nums tabular-nums; }
        caption { text-align: left; padding-bottom: .4rem; }
        th, td { padding: .2rem 1.1rem .2rem 0; text-align: left; vertical-align: baseline; font-weight: normal;
          white-space: nowrap; }
        thead th { border-bottom: 1px solid var(--rule); color: var(--faint); }
        tbody tr:last-child > * { border-bottom: 1px solid var(--rule); }
        .number { text-align: right; }
        .note { border-left: 3px solid #d55e00; padding-left: .8rem; }
        code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        code { overflow-wrap: anywhere; }
        pre { overflow-x: auto; border: 1px solid var(--rule); padding: .8rem; }
        summary { cursor: pointer; }
        @media print {
          :root { --ground: #fff; --text: #000; --faint: #333; --rule: #999; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .figures { grid-template-columns: 1fr 1fr; }
          .table { overflow: visible; }
          th:not(.number), td:not(.number) { white-space: normal; overflow-wrap: anywhere; }
          details > pre { white-space: pre-wrap; }
        }
        """
}
