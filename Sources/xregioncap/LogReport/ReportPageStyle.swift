/// How the page looks: in light, in dark, and printed.
enum ReportPageStyle {
  private static let light = """
    --page: #ffffff; --card: #f6f7f9; --ink: #1c2127; --soft: #5b6470; --line: #d9dde3;
    --new: #2f6fde; --again: #f0a93b; --mute: #b4474e; --version: #7b3fb8; --change: #0b8468;
    """

  private static let dark = """
    --page: #14171b; --card: #1c2026; --ink: #e7eaee; --soft: #9aa4b1; --line: #343b45;
    --new: #6ea4ff; --again: #d99a3a; --mute: #e5848a; --version: #c39bf0; --change: #4fc7a8;
    """

  static let text = """
    :root { color-scheme: light dark; \(light) }
    @media (prefers-color-scheme: dark) { :root { \(dark) } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 64rem; background: var(--page);
      color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.1rem; margin: 0 0 0.15rem; }
    header p { color: var(--soft); margin: 0.2rem 0 0; }
    .note { border-left: 4px solid var(--again); background: var(--card); padding: 0.5rem 0.9rem;
      margin: 1rem 0 0; border-radius: 0 6px 6px 0; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
      gap: 0.75rem; margin: 1.25rem 0 0; }
    .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
      padding: 0.6rem 0.85rem; }
    .tiles dt { color: var(--soft); font-size: 0.85rem; }
    .tiles dd { margin: 0; font-size: 1.3rem; font-weight: 600; line-height: 1.35;
      font-variant-numeric: tabular-nums; }
    .tiles small { display: block; color: var(--soft); font-size: 0.8rem; font-weight: 400; }
    section { margin: 2rem 0 0; }
    section p { color: var(--soft); margin: 0 0 0.6rem; font-size: 0.88rem; }
    .sides { display: grid; gap: 0 2rem; } .sides section { display: flex; flex-direction: column; }
    .sides svg { max-width: 32rem; margin-top: auto; }
    @media (min-width: 56rem) { .sides { grid-template-columns: 1fr 1fr; } }
    svg { display: block; width: 100%; height: auto; }
    @media screen and (max-width: 40rem) { .wide { overflow-x: auto; }
      .wide svg { min-width: 40rem; } }
    .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; list-style: none; padding: 0;
      margin: 0.4rem 0 0; color: var(--soft); font-size: 0.85rem; }
    .legend svg { display: inline-block; width: 1.1em; height: 0.85em; margin-right: 0.4em;
      vertical-align: -0.05em; }
    table { border-collapse: collapse; width: 100%; font-size: 0.88rem;
      font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.9rem 0.3rem 0;
      border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    tbody th { font-weight: 400; color: var(--soft); width: 11rem; }
    .count { text-align: right; padding-right: 1.6rem; white-space: nowrap; width: 1%; }
    .kind { white-space: nowrap; width: 1%; }
    .kind::before { content: ""; display: inline-block; width: 0.6em; height: 0.6em;
      border-radius: 50%; margin-right: 0.5em; background: var(--dot, var(--line)); }
    .is-mute { --dot: var(--mute); } .is-version { --dot: var(--version); }
    .is-change { --dot: var(--change); } .is-stream { --dot: var(--new); }
    .is-end { --dot: var(--ink); }
    .gap td { color: var(--soft); font-style: italic; }
    text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--soft); }
    text.middle { text-anchor: middle; } text.right { text-anchor: end; }
    text.strong { fill: var(--ink); font-weight: 600; }
    text.halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px;
      stroke-linejoin: round; }
    .axis { stroke: var(--soft); } .grid { stroke: var(--line); }
    .new { fill: var(--new); } .again { fill: var(--again); }
    .most { fill: var(--new); opacity: 0.28; }
    .mute { fill: var(--mute); fill-opacity: 0.16; stroke: var(--mute); stroke-opacity: 0.45; }
    text.muted { fill: var(--mute); }
    .version { stroke: var(--version); stroke-width: 1.5; } text.version { stroke: none;
      fill: var(--version); font-weight: 600; }
    .since { stroke: var(--ink); stroke-dasharray: 2 3; opacity: 0.6; }
    .change { fill: var(--change); }
    .wanted { stroke: var(--ink); stroke-dasharray: 5 4; opacity: 0.65; }
    .mark { stroke: var(--ink); stroke-dasharray: 3 3; }
    .surface { fill: var(--card); stroke: var(--soft); }
    .place { fill: none; stroke: var(--c); stroke-opacity: 0.4; }
    .ends { fill: var(--c); fill-opacity: 0.12; stroke: var(--c); stroke-width: 2.5; }
    .way { stroke: var(--c); stroke-width: 1.5; stroke-linecap: round; stroke-opacity: 0.8; }
    .spot { fill: var(--c); } .ramp { fill: var(--c); }
    footer { margin: 2.5rem 0 0; color: var(--soft); font-size: 0.85rem; }
    @page { size: A4; margin: 14mm; }
    @media print {
      :root { color-scheme: light; \(light) }
      body { padding: 0; max-width: none; font-size: 10pt; }
      .tiles { grid-template-columns: repeat(3, 1fr); }
      .tiles div, rect, polygon, .kind::before { print-color-adjust: exact;
        -webkit-print-color-adjust: exact; }
      section, .tiles div, tr { break-inside: avoid; } .events { break-inside: auto; }
      h2 { break-after: avoid; }
      thead { display: table-header-group; }
      .sides { grid-template-columns: 1fr 1fr; }
    }
    """
}
