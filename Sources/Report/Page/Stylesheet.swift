/// The page's only style sheet: embedded in the page, without fonts that would have to be fetched.
///
/// Text wraps at the width of the page; a table that is wider than the page scrolls in its own box. In print every section
/// begins a page, and tables wrap.
enum Stylesheet {
    static let text: HTML = """
        :root { color-scheme: light dark; --ground: #fff; --text: #1a1a1a; --faint: #5f5f5f; --rule: #c9c9c9;
          --warning: #d55e00; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #16181b; --text: #e3e3e0; --faint: #a5a5a0; --rule: #45484d; --warning: #f08a3c; }
        }
        * { box-sizing: border-box; }
        html { background: var(--ground); color: var(--text); font: 100%/1.5 Georgia, "Times New Roman", serif; }
        body { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: break-word; }
        h1, h2 { font-weight: normal; line-height: 1.2; text-wrap: balance; }
        h1 { font-size: 1.9rem; margin: 0 0 .3rem; }
        h2 { font-size: 1.35rem; margin: 2.8rem 0 .8rem; padding-top: .6rem; border-top: 1px solid var(--rule);
          break-after: avoid; }
        p, figcaption, caption, li { max-width: 44rem; }
        .subtitle, .key, figcaption, caption, footer { color: var(--faint); }
        .key, figcaption, caption, footer { font-size: .9rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; }
        section > .figures.single { flex: 0 1 36rem; }
        figure { margin: 0; min-width: 0; break-inside: avoid; }
        figure svg { display: block; width: 100%; max-width: 36rem; height: auto; background: #fff; color: #000; }
        figcaption { margin-top: .4rem; }
        section { display: flex; flex-wrap: wrap; column-gap: 2.5rem; align-items: flex-start; }
        section > * { flex: 0 1 100%; min-width: 0; max-width: 100%; }
        section > .table, section > .result { flex: 0 1 auto; }
        .result { min-width: min(100%, 17rem); max-width: 44rem; }
        .table { overflow-x: auto; max-width: 100%; margin: 1.2rem 0; }
        table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: lining-nums tabular-nums; }
        caption { text-align: left; padding-bottom: .4rem; }
        .table caption { position: sticky; left: 0; max-width: min(44rem, calc(100vw - 3rem)); }
        th, td { padding: .2rem 1.1rem .2rem 0; text-align: left; vertical-align: baseline; font-weight: normal; }
        th.number, td.number { text-align: right; white-space: nowrap; }
        .table th:not(.number), .table td:not(.number) { min-width: 4.5rem; max-width: 24rem; }
        .table td:last-child, .table th:last-child { padding-right: 0; }
        thead th { border-bottom: 1px solid var(--rule); color: var(--faint); }
        tbody tr:last-child > * { border-bottom: 1px solid var(--rule); }
        .summaries { columns: 2 31rem; column-gap: 2.5rem; margin-top: 1.2rem; }
        .summary { width: 100%; break-inside: avoid; margin-bottom: 1.2rem; }
        .summary caption { color: var(--text); font-size: 1.05rem; border-bottom: 1px solid var(--rule);
          padding-bottom: .2rem; max-width: none; }
        .summary th { color: var(--faint); width: 9rem; }
        .summary .value { white-space: nowrap; }
        .summary .unit { color: var(--faint); font-size: .85rem; padding-right: 0; }
        .note { border-left: 3px solid var(--warning); padding-left: .8rem; color: var(--text); }
        .summary .warnings td { padding: 0 0 .3rem; font-size: .85rem; }
        .summary .note { padding-left: .5rem; margin: .1rem 0; }
        code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        code, .hash { overflow-wrap: anywhere; }
        pre { overflow-x: auto; border: 1px solid var(--rule); padding: .8rem; }
        summary { cursor: pointer; }
        @media (max-width: 40rem) {
          .summary tr { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); border-bottom: 1px solid var(--rule); }
          .summary tbody tr:last-child > * { border-bottom: none; }
          .summary th { width: auto; }
          .summary .value { white-space: normal; padding-right: 0; }
          .summary .unit { grid-column: 2; padding-top: 0; }
          .summary .warnings td:first-child { display: none; }
          .summary .warnings td { grid-column: 1 / -1; }
        }
        @page { margin: 12mm 11mm; }
        @media print {
          :root { color-scheme: light; --ground: #fff; --text: #000; --faint: #333; --rule: #999; --warning: #000; }
          html { font-size: 7.4pt; line-height: 1.28; }
          body { max-width: none; padding: 0; }
          section { break-before: page; column-gap: 1.5rem; }
          .result:has(.table) { display: table; min-width: 15rem; max-width: none; }
          .result:has(.table) > p { display: table-caption; caption-side: bottom; padding-top: .3rem; }
          #summary, #detection, #bias, #curves, #provenance { break-before: auto; }
          h2 { margin: 0 0 .4rem; border-top: none; padding-top: 0; }
          #detection h2, #bias h2, #provenance h2 { margin-top: 1rem; }
          .figures { grid-template-columns: 1fr 1fr; gap: 1rem; }
          figure svg { max-width: 7.4cm; }
          section > .figures.single { flex: 0 1 8.4cm; grid-template-columns: 1fr; }
          p, figcaption, caption, li { max-width: none; }
          .table { overflow: visible; margin: .6rem 0; }
          .table table { width: auto; max-width: 100%; font-size: .88rem; }
          .table caption { position: static; max-width: none; }
          .table th, .table td { padding: .02rem .6rem .02rem 0; }
          .table th:not(.number), .table td:not(.number) { min-width: 0; }
          tr { break-inside: avoid; }
          thead { display: table-header-group; }
          .summaries { columns: 1; }
          details { display: none; }
        }
        """
}
