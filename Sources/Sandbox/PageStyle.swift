// SPDX-License-Identifier: Apache-2.0

/// The looks of the page. It follows the reader's choice of light or dark.
enum PageStyle {
    static let css = """
        :root{color-scheme:light dark;--bg:#f5f3ef;--card:#fff;--ink:#23201c;--soft:#857d72;
        --line:#e6e1d8;--accent:#0f766e;--good:#15803d;--sms:#1d4ed8;--bad:#b91c1c;
        --amber:#b45309;--bubble:#e8f0fe}
        @media(prefers-color-scheme:dark){:root{--bg:#191714;--card:#23201c;--ink:#f1ece4;
        --soft:#a1988b;--line:#39342d;--accent:#2dd4bf;--good:#4ade80;--sms:#93b4ff;
        --bad:#f87171;--amber:#fbbf24;--bubble:#26324d}}
        *{box-sizing:border-box;margin:0}
        body{background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,
        "Noto Sans",sans-serif}
        i{font-style:normal;color:var(--soft);font-size:.86em}
        header{display:flex;justify-content:space-between;align-items:center;gap:1rem;
        padding:1.6rem max(1.2rem,calc(50vw - 34.8rem)) 1.2rem}
        h1{font-size:1.7rem;letter-spacing:-.02em;line-height:1.2}
        h1 span{color:var(--accent);font-weight:400}
        header p{color:var(--soft)}header time{color:var(--soft);
        font-variant-numeric:tabular-nums;white-space:nowrap}
        main{max-width:72rem;margin:0 auto;padding:0 1.2rem 3rem}
        h2{font-size:1.05rem;margin:2rem 0 .8rem}
        .counters{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem}
        .counter{background:var(--card);border:1px solid var(--line);border-radius:12px;
        padding:.8rem 1rem;line-height:1.3}
        .counter b{display:block;font-size:1.9rem;line-height:1.2;letter-spacing:-.02em;
        font-variant-numeric:tabular-nums}
        .counter.good b{color:var(--good)}.counter.sms b{color:var(--sms)}
        .counter.bad{border-color:var(--bad)}.counter.bad b{color:var(--bad)}
        .faults{margin-top:1rem}
        .fault{display:inline-block;color:var(--amber);border:1px solid currentColor;
        border-radius:99px;padding:0 .6em;font-size:.8em;margin-left:.4em;white-space:nowrap}
        .cards{columns:20rem;column-gap:1rem}
        article{background:var(--card);border:1px solid var(--line);border-radius:14px;
        padding:1rem 1.1rem;margin-bottom:1rem;break-inside:avoid}
        .who{display:flex;align-items:center;gap:.8rem}.who>div{flex:1;min-width:0}
        .who h3{font-size:1rem;line-height:1.3;overflow-wrap:anywhere}
        .who p{color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
        .face{flex:none;display:grid;place-items:center;width:2.6rem;height:2.6rem;
        border-radius:50%;background:color-mix(in srgb,var(--accent) 16%,transparent);
        color:var(--accent);font-weight:600}
        .badge{align-self:start;font-size:.78rem;border-radius:99px;padding:.1em .7em;
        border:1px solid currentColor;color:var(--amber);white-space:nowrap}
        .badge.approved{color:var(--good)}.badge.declined{color:var(--bad)}
        ol{list-style:none;margin:.9rem 0 0 1.25rem;padding:0;border-left:2px solid var(--line)}
        li{position:relative;padding:.2rem 0 .2rem 1.2rem}
        li>div{display:flex;justify-content:space-between;align-items:baseline;gap:.6rem}
        li::before{content:"";position:absolute;left:-6px;top:.65em;width:10px;height:10px;
        border-radius:50%;background:var(--line)}
        li.deed::before{background:var(--good)}li.sms::before{background:var(--sms)}
        li.refused::before{background:var(--bad)}li.quiet{color:var(--soft);font-size:.9em}
        li time{flex:none;color:var(--soft);font-size:.82rem;line-height:1.5rem;
        font-variant-numeric:tabular-nums}li small{opacity:.7}
        q{display:block;quotes:none;background:var(--bubble);border-radius:4px 14px 14px 14px;
        padding:.5rem .8rem;margin:.3rem 0 .4rem;overflow-wrap:anywhere;white-space:pre-wrap}
        table{width:100%;border-collapse:collapse;background:var(--card);border-radius:12px;
        overflow:hidden;box-shadow:0 0 0 1px var(--line);font-size:.86rem}
        td{padding:.4rem .8rem;border-top:1px solid var(--line);vertical-align:top;
        font-variant-numeric:tabular-nums}
        td:last-child{text-align:right;color:var(--good)}td.off{color:var(--bad)!important}
        code{font:.95em ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        .empty{background:var(--card);border:1px dashed var(--line);border-radius:14px;
        padding:2.5rem;text-align:center}
        """
}
